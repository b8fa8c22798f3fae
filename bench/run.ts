import { mkdtemp, rm, chmod } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres, type PostgresServer } from '../local/postgres.js'
import { findTemporal, startTemporalServer } from '../local/temporal-server.js'
import { countingProxy } from '../local/wire.js'
import { copyPipe, foreignUpsert, stagedUpsert } from './by-hand.js'
import type { Contender, Servers, Timed } from './contender.js'
import { changeRows, fillSource, listOneMore } from './dataset.js'
import { CASES, type BenchResult, type Case, type Measured } from './result.js'
import { throughTemporal } from './through-temporal.js'

export interface BenchOptions {
  readonly rows: number
  readonly targets: number
  readonly rounds: number
}

/** As a server of this size would be set; what autovacuum would do in its own time is done between the runs. */
const SETTINGS = { shared_buffers: '256MB', max_wal_size: '4GB', autovacuum: 'off' }

interface Place {
  readonly source: PostgresServer
  readonly cloud: PostgresServer
  readonly temporal: string
  readonly folder: string
}

/** Measures master-sync beside the alternatives, on servers of its own that it ends. */
export async function runBench(options: BenchOptions, say: (line: string) => void): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'master-sync-bench-'))
  const stops: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })]
  try {
    await chmod(folder, 0o755)
    const start = async (side: string): Promise<PostgresServer> => {
      const server = await startPostgres({ dir: join(folder, side), settings: SETTINGS })
      stops.push(() => server.stop())
      return server
    }
    const source = await start('source')
    const cloud = await start('cloud')
    const temporal = await startTemporalServer({
      cli: await findTemporal(process.env, say),
      headless: true,
      dbFile: join(folder, 'temporal.db'),
    })
    stops.push(() => temporal.stop())
    return await measure({ source, cloud, temporal: temporal.address, folder }, options, say)
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

async function measure(
  place: Place,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<BenchResult> {
  const admin = await connected(place.source.url('postgres'))
  const { rows: version } = await admin.query<{ server_version: string }>('show server_version')
  await admin.query('create database onprem')
  await admin.end()
  const source = await connected(place.source.url('onprem'))
  try {
    say(`making ${options.rows} rows, ${options.targets} of them listed`)
    await fillSource(source, options)
    const counted = await countedRound(place, source, say)
    await fillSource(source, options)
    const timed = await timedRounds(place, source, options, say)
    const yardstick = median(timed.samples.get(keyOf('COPY pipe', 'first load')) ?? []).seconds
    return {
      at: new Date().toISOString(),
      machine: `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, PostgreSQL ${version[0]?.server_version ?? ''} twice, Node ${process.versions.node}`,
      ...options,
      row_bytes: await rowBytes(source),
      ...timed.memory,
      measured: [...timed.samples].map(([key, samples]): Measured => {
        const { contender, name } = partsOf(key)
        const { seconds, phases = {}, around = null } = median(samples)
        return {
          contender,
          case: name,
          seconds,
          ratio: seconds / yardstick,
          phases,
          around,
          ...(counted.get(key) ?? { bytes: { source: 0, cloud: 0 }, wal: 0, dead_tuples: 0 }),
        }
      }),
    }
  } finally {
    await source.end()
  }
}

type Counted = Pick<Measured, 'bytes' | 'wal' | 'dead_tuples'>

/** One round through proxies that count bytes, which takes a processor's time: it is not timed. */
async function countedRound(
  place: Place,
  source: pg.Client,
  say: (line: string) => void,
): Promise<Map<string, Counted>> {
  const wires = {
    source: await countingProxy(place.source.port),
    cloud: await countingProxy(place.cloud.port),
  }
  const contenders = await contend(place, wires)
  const counted = new Map<string, Counted>()
  await closing(contenders, () =>
    eachCase(source, contenders, 0, async ({ contender, servers }, name) => {
      const before = {
        source: wires.source.bytes(),
        cloud: wires.cloud.bytes(),
        wal: await walOf(servers.cloud),
      }
      await contender.run()
      const bytes = {
        source: wires.source.bytes() - before.source,
        cloud: wires.cloud.bytes() - before.cloud,
      }
      const wal = (await walOf(servers.cloud)) - before.wal
      counted.set(keyOf(contender.name, name), { bytes, wal, dead_tuples: await deadTuples(servers.cloud) })
      say(`counted ${contender.name}, ${name}: ${JSON.stringify(bytes)}, WAL ${wal}`)
    }),
  )
  await wires.source.close()
  await wires.cloud.close()
  return counted
}

async function timedRounds(
  place: Place,
  source: pg.Client,
  { rounds }: BenchOptions,
  say: (line: string) => void,
): Promise<{
  readonly samples: Map<string, Timed[]>
  readonly memory: Pick<BenchResult, 'idle_memory' | 'peak_memory'>
}> {
  const contenders = await contend(place)
  const memory = async (): Promise<number | null> =>
    (await contenders.find(({ contender }) => contender.name === 'master-sync')?.contender.peakMemory?.()) ??
    null
  const samples = new Map<string, Timed[]>()
  return closing(contenders, async () => {
    const idle = await memory()
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
  })
}

interface Entered {
  readonly contender: Contender
  readonly servers: Servers
}

async function contend(
  place: Place,
  wires?: Readonly<Record<'source' | 'cloud', { url(url: string): string }>>,
): Promise<readonly Entered[]> {
  const ways = [
    copyPipe,
    stagedUpsert,
    foreignUpsert,
    (servers: Servers) => throughTemporal(servers, place),
  ] as const
  const entered: Entered[] = []
  for (const [index, way] of ways.entries()) {
    const database = `cloud${index}`
    const admin = await connected(place.cloud.url('postgres'))
    await admin.query(`drop database if exists ${database} with (force)`)
    await admin.query(`create database ${database}`)
    await admin.end()
    const through = (side: 'source' | 'cloud', url: string): string => wires?.[side].url(url) ?? url
    const sourceUrl = through('source', place.source.url('onprem'))
    const cloudUrl = through('cloud', place.cloud.url(database))
    const servers = {
      source: await connected(sourceUrl),
      cloud: await connected(cloudUrl),
      sourceUrl,
      cloudUrl,
    }
    entered.push({ contender: await way(servers), servers })
  }
  return entered
}

async function closing<T>(contenders: readonly Entered[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    for (const { contender, servers } of contenders) {
      await contender.close?.()
      await servers.source.end()
      await servers.cloud.end()
    }
  }
}

/** All cases in their order, and in each all contenders one after the other: what disturbs the machine disturbs all. */
async function eachCase(
  source: pg.Client,
  contenders: readonly Entered[],
  round: number,
  work: (entered: Entered, name: Case) => Promise<void>,
): Promise<void> {
  for (const { contender } of contenders) await contender.reset()
  const before = {
    'first load': () => Promise.resolve(),
    'no change': () => Promise.resolve(),
    '0.1 % changed': () => changeRows(source, 1_000, round),
    '5 % changed': () => changeRows(source, 20, round),
    'one id added': () => listOneMore(source),
  } satisfies Readonly<Record<Case, () => Promise<void>>>
  for (const name of CASES) {
    await before[name]()
    for (const entered of contenders) {
      await source.query('checkpoint')
      await entered.servers.cloud.query('checkpoint')
      await work(entered, name)
      await entered.servers.cloud.query('vacuum analyze')
    }
  }
  await compareAll(source, contenders)
}

/** A measurement counts only where everyone has done the same work. */
async function compareAll(source: pg.Client, contenders: readonly Entered[]): Promise<void> {
  const sum = (rows: string): string =>
    `select count(*) || ':' || sum(hashtextextended(o::text, 0)) as sum from (${rows}) o`
  const expected = await source.query<{ sum: string }>(sum('select orgs.* from orgs join targets using (id)'))
  for (const { contender, servers } of contenders) {
    const found = await servers.cloud.query<{ sum: string }>(sum('select * from orgs'))
    if (found.rows[0]?.sum !== expected.rows[0]?.sum)
      throw new Error(`${contender.name} did not end equal to the source`)
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  // When a measurement fails the servers end before their sessions do.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function walOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ wal: string }>(`select pg_current_wal_lsn() - '0/0'::pg_lsn as wal`)
  return Number(rows[0]?.wal)
}

/** Counted in the table itself: what the statistics collector says comes up to a second late. */
async function deadTuples(client: pg.Client): Promise<number> {
  await client.query('create extension if not exists pgstattuple')
  const { rows } = await client.query<{ dead: string }>(
    `select dead_tuple_count as dead from pgstattuple('public.orgs')`,
  )
  return Number(rows[0]?.dead)
}

async function rowBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    `select avg(length(convert_to(o::text, 'UTF8')))::float8 as bytes from orgs o`,
  )
  return Math.round(rows[0]?.bytes ?? 0)
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
