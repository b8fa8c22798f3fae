import { sql } from 'kysely'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import type { TargetChange } from '../core/results.js'
import type { Session } from './session.js'

/** The last changes of the list, newest first; that an entry was added it says itself, or the change that removed it. */
export async function targetChanges(
  { db }: Session,
  master: string,
  key: Key | undefined,
  limit: number,
): Promise<readonly TargetChange[]> {
  const chosen = sql`master = ${master} and ${key === undefined ? sql`true` : sql`key = ${[...key]}::text[]`}`
  const { rows } = await sql<Row>`
    select * from (
      select key, 'added' as what, list, note, since as at, run, added_by as by
      from master_sync.target_entries where ${chosen}
      union all
      select key, 'added', list, note, added_at, null, added_by
      from master_sync.target_changes where ${chosen} and what = 'removed' and added_at is not null
      union all
      select key, what, list, note, at, run, changed_by from master_sync.target_changes where ${chosen}
    ) c order by at desc, key limit ${limit}`.execute(db)
  return rows.map(({ key: changed, at, run, ...change }) => ({
    ...change,
    id: formatKey(keyFromDatabase(changed)),
    at: at.toISOString(),
    run: run === null ? null : Number(run),
  }))
}

interface Row extends Omit<TargetChange, 'id' | 'at' | 'run'> {
  readonly key: string[]
  readonly at: Date
  readonly run: string | null
}
