import assert from 'node:assert/strict'
import type { RunReport } from '../../core/report.js'
import { setUp } from '../../operations/setup.js'
import { directRun } from '../support/direct-run.js'
import { texts, type MasterPatch, type World } from '../support/world.js'

export interface OtherMaster {
  /** Of the master in commands, and of the schema on either side that `source` and `cloud` run in. */
  readonly name: string
  readonly source: string
  readonly cloud?: string
  readonly key?: readonly string[]
  /** In place of `orgs` and `targets` in that schema. */
  readonly tables?: Readonly<Partial<Record<'source' | 'targets' | 'cloud', string>>>
  /** Further parts of the master's file. */
  readonly also?: MasterPatch
}

/** Limits are not what these tests test. */
const FREE = { updates: { percent: 100 }, removals: { rows: 100_000, percent: 100 } }

/** Puts another master into the world's folder in place of the one before, with tables of its own. */
export async function useMaster(world: World, master: OtherMaster): Promise<void> {
  const { name, tables = {} } = master
  for (const [pool, sql] of [
    [world.source, master.source],
    [world.cloud, master.cloud ?? ''],
  ] as const) {
    await pool.query(`create schema ${name}; set search_path = ${name}, public; ${sql}; reset search_path`)
  }
  await world.rewrite({
    source: { table: tables.source ?? `${name}.orgs`, key: master.key ?? ['id'] },
    targets: { table: tables.targets ?? `${name}.targets` },
    cloud: { table: tables.cloud ?? `${name}.orgs` },
    guards: FREE,
    ...master.also,
    master: name,
  })
  await setUp(world.app, world.master, { withTargets: false })
}

/** A run that must end completed and equal. */
export async function syncEqual(world: World, only: readonly string[] = []): Promise<RunReport> {
  const report = only.length > 0 ? await world.sync({ only }) : await directRun(world)()
  assert.deepEqual([report.failure, report.outcome, report.equal], [null, 'completed', true])
  assert.equal(report.rows.moved, 0)
  return report
}

/** A run that must find nothing to do. */
export async function syncIdle(world: World): Promise<RunReport> {
  const report = await directRun(world)()
  assert.deepEqual([report.failure, report.outcome, report.equal], [null, 'nothing_to_do', true])
  return report
}

/** That the query of the cloud gives the rows that the query of the source does. */
export async function assertSame(world: World, cloud: string, source: string): Promise<void> {
  assert.deepEqual(await texts(world.cloud, cloud), await texts(world.source, source))
}
