import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import { TABLE_LIST } from '../core/list-changes.js'
import { equalsText, isValueOf, tableOf } from './fragments.js'
import type { ListTable } from './list-table.js'
import type { Session } from './session.js'

/** The note of an id of the on-prem table; undefined: it is not listed. */
export async function noteInTable(
  { db }: Session,
  { table, key: columns, hasNote }: ListTable,
  key: Key,
): Promise<string | null | undefined> {
  if (!columns.every((column, index) => isValueOf(column, key[index] ?? ''))) return undefined
  const equal = columns.map((column, index) =>
    equalsText(column, sql`l.${sql.id(column.name)}`, sql`${key[index] ?? ''}::text`, true),
  )
  const { rows } = await sql<{ readonly note: string | null }>`
    select ${hasNote ? sql`nullif(l.note::text, '')` : sql`null::text`} as note
    from ${tableOf(table)} l where ${sql.join(equal, sql` and `)} limit 1`.execute(db)
  return rows[0]?.note
}

/** The same of a list that the ledger alone holds. */
export async function noteInLedger(
  { db }: Session,
  master: string,
  key: Key,
): Promise<string | null | undefined> {
  const { rows } = await sql<{ readonly note: string | null }>`
    select note from master_sync.target_entries
    where master = ${master} and key = ${[...key]}::text[] and pending is distinct from 'leave'
    order by list <> ${TABLE_LIST}, list limit 1`.execute(db)
  return rows[0]?.note
}
