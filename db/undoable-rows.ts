import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { HistoryKind } from '../core/history.js'
import type { Session } from './session.js'

type Values = Readonly<Record<string, string | null>>

/** A row that a run has changed and that was not taken back, with its values before and after that. */
export interface UndoableRow {
  readonly key: Key
  readonly kind: HistoryKind
  /** null: there was no such row. */
  readonly before: Values | null
  readonly after: Values | null
}

/** The first rows of each kind. */
export async function undoableRows(
  { db }: Session,
  master: string,
  run: number,
  limit: number,
): Promise<readonly UndoableRow[]> {
  const { rows } = await sql<Omit<UndoableRow, 'key'> & { readonly key: readonly string[] }>`
    select key, kind, before, after from (
      select key, kind, before, after, row_number() over (partition by kind order by key) as place
      from master_sync.row_history
      where master = ${master} and run = ${run} and undone_by is null and kind not in ('left', 'noted')
    ) changed where place <= ${limit}
    union all
    (select t.key, 'inserted', null, null from master_sync.tracked_rows t
      where t.master = ${master} and t.since = ${run} and t.origin = 'synced'
        and not exists (select from master_sync.row_history h
          where h.master = ${master} and h.key = t.key and h.run = ${run})
      order by t.key limit ${limit})
    order by kind, key`.execute(db)
  return rows.map(({ key, ...row }) => ({ key: keyFromDatabase(key), ...row }))
}
