import type pg from 'pg'
import { copyPipe, foreignUpsert, stagedUpsert } from './by-hand.js'
import type { Cleanup } from './cleanup.js'
import type { Contender, Servers } from './contender.js'
import { changeRows, listOneMore } from './dataset.js'
import { connect, type Place } from './place.js'
import { CASES, type Case } from './result.js'
import { throughTemporal, type Setting } from './through-temporal.js'

/** With and without columns in which edits are kept. */
const SETTINGS: readonly Setting[] = [
  { name: 'master-sync', master: 'bench', columns: '' },
  {
    name: 'master-sync, edits kept',
    master: 'bench_edits',
    columns: 'phone: keep_edits, address: keep_edits, url: fill_empty',
  },
]

export interface Entered {
  readonly contender: Contender
  readonly servers: Servers
}

/** Everybody, each with a cloud database of its own. */
export async function contend(
  place: Place,
  cleanup: Cleanup,
  reach: (side: 'source' | 'cloud', url: string) => string = (_, url) => url,
): Promise<readonly Entered[]> {
  const ways = [
    copyPipe,
    stagedUpsert,
    foreignUpsert,
    ...SETTINGS.map((setting) => (servers: Servers) => throughTemporal(setting, servers, place, cleanup)),
  ]
  const admin = await connect(place.cloud.url('postgres'), cleanup)
  const entered: Entered[] = []
  for (const [index, way] of ways.entries()) {
    const database = `cloud${index}`
    await admin.query(`drop database if exists ${database} with (force)`)
    await admin.query(`create database ${database}`)
    const sourceUrl = reach('source', place.source.url('onprem'))
    const cloudUrl = reach('cloud', place.cloud.url(database))
    const servers = {
      source: await connect(sourceUrl, cleanup),
      cloud: await connect(cloudUrl, cleanup),
      sourceUrl,
      cloudUrl,
    }
    entered.push({ contender: await way(servers), servers })
  }
  return entered
}

/**
 * All cases in their order, and in each all contenders one after the other: what disturbs the machine disturbs all.
 * Who comes first, and finds the source as the change has left it, is another one in each round.
 */
export async function eachCase(
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
  const first = round % contenders.length
  const order = [...contenders.slice(first), ...contenders.slice(0, first)]
  for (const name of CASES) {
    await before[name]()
    for (const entered of order) {
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
