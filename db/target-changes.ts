import { sql } from 'kysely'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import type { TargetChange, TargetHistory } from '../core/results.js'
import type { Session } from './session.js'

/**
 * The last changes of the list, newest first; that an entry was added it says itself, or the change that removed it.
 * With which note is known where that was not changed since.
 */
export async function targetChanges(
  { db }: Session,
  master: string,
  key: Key | undefined,
  limit: number,
): Promise<TargetHistory> {
  const chosen = sql`master = ${master} and ${key === undefined ? sql`true` : sql`key = ${[...key]}::text[]`}`
  const { rows } = await sql<Row>`
    select key, what, list, at, run, by, total, case when what <> 'added' or not exists (
      select from master_sync.target_changes o
      where o.master = ${master} and o.key = c.key and o.list = c.list and o.what = 'changed'
        and o.at > c.at and (c.until is null or o.at < c.until)
    ) then note end as note
    from (
      select *, (count(*) over ())::integer as total from (
        select key, 'added' as what, list, note, since as at, run, added_by as by, null::timestamptz as until
        from master_sync.target_entries where ${chosen}
        union all
        select key, 'added', list, note, added_at, null, added_by, at
        from master_sync.target_changes where ${chosen} and what = 'removed' and added_at is not null
        union all
        select key, what, list, note, at, run, changed_by, null from master_sync.target_changes where ${chosen}
      ) all_changes order by at desc, key limit ${limit}
    ) c order by at desc, key`.execute(db)
  return {
    changes: rows.map(({ key: changed, at, run, total: _, ...change }) => ({
      ...change,
      id: formatKey(keyFromDatabase(changed)),
      at: at.toISOString(),
      run: run === null ? null : Number(run),
    })),
    more: (rows[0]?.total ?? 0) - rows.length,
  }
}

interface Row extends Omit<TargetChange, 'id' | 'at' | 'run'> {
  readonly key: string[]
  readonly at: Date
  readonly run: string | null
  readonly total: number
}
