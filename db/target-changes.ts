import { formatKey, type Key } from '../core/ids.js'
import type { TargetChange } from '../core/results.js'
import type { Session } from './session.js'

export async function targetChanges(
  { db }: Session,
  master: string,
  key: Key | undefined,
  limit: number,
): Promise<readonly TargetChange[]> {
  let query = db
    .selectFrom('master_sync.target_changes')
    .selectAll()
    .where('master', '=', master)
    .orderBy('id', 'desc')
    .limit(limit)
  if (key !== undefined) query = query.where('key', '=', [...key])
  return (await query.execute()).map(({ key: changed, what, list, note, at, run, changed_by: by }) => ({
    id: formatKey(changed),
    what,
    list,
    note,
    at: at.toISOString(),
    run: run === null ? null : Number(run),
    by,
  }))
}
