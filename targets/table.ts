import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import { hasUniqueKey, type ColumnShape, type TableShape } from '../core/shape.js'
import { formatTableName, quoteName } from '../core/table-name.js'
import { equalsText, isValueOf, tableOf, typeOf } from '../db/fragments.js'
import type { ListTable } from '../db/list-table.js'
import type { Session } from '../db/session.js'

/** An entry of the target list. */
export interface TargetEntry {
  readonly key: Key
  readonly note: string | null
}

/** @throws SyncError COLUMN_MISSING */
export function listTable(shape: TableShape, key: readonly string[], utf8: boolean): ListTable {
  const note = shape.columns.find((column) => column.name === 'note')
  const columns = keyColumns(shape, key)
  return {
    table: shape.table,
    key: columns,
    unique: hasUniqueKey(
      shape,
      columns.map((column) => column.name),
    ),
    hasNote: note !== undefined,
    notNullNote: note?.notNull === true,
    utf8,
  }
}

/**
 * The columns of a table that hold the key, by name; of a key of one column also `id`, as lists often call it.
 * @throws SyncError COLUMN_MISSING
 */
export function keyColumns(shape: TableShape, key: readonly string[]): readonly ColumnShape[] {
  const find = (name: string): ColumnShape | undefined => shape.columns.find((column) => column.name === name)
  return key.map((name) => {
    const column = find(name) ?? (key.length === 1 ? find('id') : undefined)
    if (column !== undefined) return column
    throw new SyncError('COLUMN_MISSING', `${formatTableName(shape.table)} has no column ${quoteName(name)}`)
  })
}

/** The entries behind one, in the order of their texts. */
export async function listTargetsBehind(
  { db }: Session,
  { table, key, hasNote }: ListTable,
  behind: Key | undefined,
  limit: number,
): Promise<readonly TargetEntry[]> {
  const texts = key.map((column) => sql`l.${sql.id(column.name)}::text collate "C"`)
  const row = sql`row(${sql.join(texts)})`
  const present = key.map((column) => sql`l.${sql.id(column.name)} is not null`)
  const { rows } = await sql<{ readonly key: string[]; readonly note: string | null }>`
    select array[${sql.join(texts)}] as key, ${hasNote ? sql`nullif(l.note::text, '')` : sql`null`} as note
    from ${tableOf(table)} l
    where ${sql.join(present, sql` and `)}
      and ${behind === undefined ? sql`true` : sql`${row} > row(${sql.join(behind.map((text) => sql`${text}::text`))})`}
    order by ${sql.join(texts)} limit ${limit}`.execute(db)
  return rows.map((row) => ({ key: keyFromDatabase(row.key), note: row.note }))
}

/**
 * Adds an id; of one that is listed already a given note is changed.
 * @throws SyncError ID_INVALID when the id is not a value of the list's key type
 */
export async function addTarget(
  session: Session,
  table: ListTable,
  { key, note }: TargetEntry,
): Promise<'added' | 'changed' | 'listed'> {
  const { db } = session
  if (note !== null && !table.hasNote) {
    throw new SyncError(
      'COLUMN_MISSING',
      `the target list ${formatTableName(table.table)} has no column note`,
    )
  }
  const columns = table.key.map((column) => sql.id(column.name))
  const values = table.key.map((column, index) => sql`${key[index] ?? ''}::text::${typeOf(column.type)}`)
  const noted = note !== null || table.notNullNote
  const inserted = await sql`
    insert into ${tableOf(table.table)} (${sql.join([...columns, ...(noted ? [sql.id('note')] : [])])})
    select ${sql.join([...values, ...(noted ? [sql`${note ?? ''}::text`] : [])])}
    where not exists (select from ${tableOf(table.table)} l where ${isKey(table, key)})
    on conflict do nothing`.execute(db)
  if ((inserted.numAffectedRows ?? 0n) > 0n) return 'added'
  if (note === null) return 'listed'
  const updated = await sql`
    update ${tableOf(table.table)} l set note = ${note}
    where ${isKey(table, key)} and l.note is distinct from ${note}`.execute(db)
  return (updated.numAffectedRows ?? 0n) > 0n ? 'changed' : 'listed'
}

export async function removeTarget(
  { db }: Session,
  table: ListTable,
  key: Key,
): Promise<'removed' | 'not_listed'> {
  const result = await sql`delete from ${tableOf(table.table)} l where ${isKey(table, key)}`.execute(db)
  return (result.numAffectedRows ?? 0n) > 0n ? 'removed' : 'not_listed'
}

function isKey(table: ListTable, key: Key) {
  return sql.join(
    table.key.map((column, index) => {
      const text = key[index] ?? ''
      if (!isValueOf(column, text)) {
        throw new SyncError(
          'ID_INVALID',
          `${formatKey(key)} cannot be a value of ${quoteName(column.name)} (${column.type})`,
        )
      }
      return equalsText(column, sql`l.${sql.id(column.name)}`, sql`${text}::text`, true)
    }),
    sql` and `,
  )
}
