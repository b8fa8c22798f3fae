import { cpus } from 'node:os'
import type pg from 'pg'
import { countingProxy } from '../local/wire.js'
import { Cleanup } from './cleanup.js'
import type { Timed } from './contender.js'
import { fillSource } from './dataset.js'
import { measureImports } from './imports.js'
import { measureLists } from './lists.js'
import { connect, startPlace, type Place } from './place.js'
import { CASES, type BenchResult, type Case, type Measured } from './result.js'
import { contend, eachCase } from './round.js'
import { measureSearch } from './search.js'

export interface BenchOptions {
  readonly rows: number
  readonly targets: number
  /** Odd, so that one of them is the median. */
  readonly rounds: number
}

type Say = (line: string) => void

/** Of each search, so that with three rounds one in twenty is known. */
const SEARCHED = 14

/**
 * Measures master-sync beside the alternatives, on servers of its own that it ends.
 * @param givenUp ends the measurement when it rejects
 */
export async function runBench(
  options: BenchOptions,
  say: Say,
  givenUp: Promise<never>,
): Promise<BenchResult> {
  const cleanup = new Cleanup()
  try {
    const measuring = startPlace(cleanup, say).then((place) => measure(place, options, say, cleanup))
    measuring.catch(() => undefined)
    return await Promise.race([measuring, givenUp])
  } finally {
    await cleanup.run()
  }
}

async function measure(
  place: Place,
  options: BenchOptions,
  say: Say,
  cleanup: Cleanup,
): Promise<BenchResult> {
  const admin = await connect(place.source.url('postgres'), cleanup)
  const { rows: version } = await admin.query<{ server_version: string }>('show server_version')
  await admin.query('create database onprem')
  const source = await connect(place.source.url('onprem'), cleanup)
  say(`making ${options.rows} rows, ${options.targets} of them listed`)
  await fillSource(source, options)
  const counted = await within(cleanup, (inner) => countedRound(place, source, say, inner))
  await fillSource(source, options)
  const timed = await within(cleanup, (inner) => timedRounds(place, source, options, say, inner))
  const lists = await within(cleanup, (inner) => measureLists(place, source, options.rounds, say, inner))
  const imports = await within(cleanup, (inner) =>
    measureImports(place, { rows: options.targets, rounds: options.rounds }, say, inner),
  )
  const searches = await within(cleanup, (inner) =>
    measureSearch(place, { rows: options.rows, times: SEARCHED * options.rounds }, say, inner),
  )
  const yardstick = median(timed.samples.get(keyOf('COPY pipe', 'first load')) ?? []).seconds
  const piped = counted.get(keyOf('COPY pipe', 'first load'))?.bytes.source ?? 0
  return {
    at: new Date().toISOString(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, PostgreSQL ${version[0]?.server_version ?? ''} twice, Node ${process.versions.node}`,
    ...options,
    row_bytes: Math.round(piped / options.targets),
    ...timed.memory,
    measured: [...counted].map(([key, figures]): Measured => {
      const { contender, name } = partsOf(key)
      const { seconds, phases = {}, around = null } = median(timed.samples.get(key) ?? [])
      return {
        contender,
        case: name,
        seconds,
        ratio: seconds / yardstick,
        phases,
        around,
        ...figures,
      }
    }),
    lists: [...lists],
    imports: [...imports],
    searches: [...searches],
  }
}

/** A part of the work whose connections and processes end with it, or with the whole. */
async function within<T>(cleanup: Cleanup, work: (inner: Cleanup) => Promise<T>): Promise<T> {
  const inner = new Cleanup()
  cleanup.add(() => inner.run())
  const result = await work(inner)
  await inner.run()
  return result
}

type Counted = Pick<Measured, 'bytes' | 'wal' | 'dead_tuples'>

/** One round through proxies that count bytes, which takes a processor's time: it is not timed. */
async function countedRound(
  place: Place,
  source: pg.Client,
  say: Say,
  cleanup: Cleanup,
): Promise<Map<string, Counted>> {
  const wires = {
    source: await countingProxy(place.source.port),
    cloud: await countingProxy(place.cloud.port),
  }
  cleanup.add(() => wires.source.close())
  cleanup.add(() => wires.cloud.close())
  const contenders = await contend(place, cleanup, (side, url) => wires[side].url(url))
  const counted = new Map<string, Counted>()
  await eachCase(source, contenders, 0, async ({ contender, servers: { cloud } }, name) => {
    const before = { source: wires.source.bytes(), cloud: wires.cloud.bytes(), wal: await walOf(cloud) }
    await contender.run()
    const bytes = {
      source: wires.source.bytes() - before.source,
      cloud: wires.cloud.bytes() - before.cloud,
    }
    const wal = (await walOf(cloud)) - before.wal
    counted.set(keyOf(contender.name, name), { bytes, wal, dead_tuples: await deadTuples(cloud) })
    say(`counted ${contender.name}, ${name}: ${JSON.stringify(bytes)}, WAL ${wal}`)
  })
  return counted
}

async function timedRounds(
  place: Place,
  source: pg.Client,
  { rounds }: BenchOptions,
  say: Say,
  cleanup: Cleanup,
): Promise<{
  readonly samples: Map<string, Timed[]>
  readonly memory: Pick<BenchResult, 'idle_memory' | 'peak_memory'>
}> {
  const contenders = await contend(place, cleanup)
  const own = contenders.find(({ contender }) => contender.name === 'master-sync')
  const memory = async (): Promise<number | null> => (await own?.contender.peakMemory?.()) ?? null
  const idle = await memory()
  const samples = new Map<string, Timed[]>()
  for (let round = 1; round <= rounds; round++) {
    await eachCase(source, contenders, round, async ({ contender }, name) => {
      const result = await contender.run()
      const key = keyOf(contender.name, name)
      samples.set(key, [...(samples.get(key) ?? []), result])
      const phases = JSON.stringify(result.phases ?? {})
      say(`round ${round} ${contender.name}, ${name}: ${result.seconds.toFixed(2)} s ${phases}`)
    })
  }
  return { samples, memory: { idle_memory: idle, peak_memory: await memory() } }
}

async function walOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ wal: string }>(`select pg_current_wal_lsn() - '0/0'::pg_lsn as wal`)
  return Number(rows[0]?.wal)
}

/** In the table and in the ledger, counted there: what the statistics collector says comes up to a second late. */
async function deadTuples(client: pg.Client): Promise<number> {
  await client.query('create extension if not exists pgstattuple')
  const { rows } = await client.query<{ dead: string }>(`
    select coalesce(sum((select dead_tuple_count from pgstattuple(c.oid))), 0) as dead from pg_class c
    where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('public', 'master_sync')`)
  return Number(rows[0]?.dead)
}

/** Of an odd number of samples the one in the middle. */
function median(samples: readonly Timed[]): Timed {
  const sorted = [...samples].sort((a, b) => a.seconds - b.seconds)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('nothing was measured')
  return middle
}

const keyOf = (contender: string, name: Case): string => `${contender}|${name}`

function partsOf(key: string): { readonly contender: string; readonly name: Case } {
  const [contender = '', name = ''] = key.split('|')
  const found = CASES.find((known) => known === name)
  if (found === undefined) throw new Error(`no case ${name}`)
  return { contender, name: found }
}
