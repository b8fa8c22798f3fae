import { parseKey } from '../../core/ids.js'
import type { RunReport } from '../../core/report.js'
import { followRun } from '../../operations/follow.js'
import { startUndo } from '../../operations/undo.js'
import { directRun } from './direct-run.js'
import { texts, type World } from './world.js'

/** Takes a run back, from the start of the undo to its report. */
export async function undo(world: World, run: number): Promise<RunReport> {
  await world.work()
  return followRun(world.app, world.master, await startUndo(world.app, world.master, run), () => undefined)
}

/** A run that no limit and no hold keeps from anything. */
export function approved(world: World, ...only: readonly string[]): Promise<RunReport> {
  const keys = only.map((id) => parseKey(id, world.master.source.key))
  return directRun(world)({ approve: true, ...(keys.length > 0 ? { only: keys } : {}) })
}

/** Everything that an undo is to bring back: the cloud table, and what is tracked of it. */
export async function standing(world: World): Promise<unknown> {
  return [
    await texts(world.cloud, 'select to_jsonb(o) from orgs o order by id'),
    await texts(world.cloud, `select to_jsonb(t) from master_sync.tracked_rows t order by key`),
  ]
}

/** What an undo let be: id, why, and the columns. */
export function left(world: World, run: number): Promise<readonly (string | null)[][]> {
  return texts(
    world.cloud,
    `select key[1], left_alone ->> 'why',
      (select string_agg(k, ',' order by k) from jsonb_object_keys(left_alone -> 'cells') k)
     from master_sync.row_history where run = ${run} and left_alone is not null order by key`,
  )
}
