import { sql } from 'kysely'
import {
  MEDICAL_ORGS_COLUMNS,
  MEDICAL_ORGS_COMMENT,
  MEDICAL_ORGS_KEY,
  MEDICAL_ORGS_SEARCHED,
  type NamedColumn,
} from '../core/medical-orgs-table.js'
import type { OwnColumn } from '../core/own-columns.js'
import type { TableShape } from '../core/shape.js'
import { formatTableName, type TableName } from '../core/table-name.js'
import { tableOf, typeOf, type Fragment } from './fragments.js'
import { sqlText } from './recorded-sql.js'
import { block, when } from './script.js'

/** What `setup` runs, and what it prints for someone else to run. Where it is there already, nothing happens. */

/** The columns of the source that the other side is to have. */
export type Columns = TableShape['columns']

/** A column to be created: one of the source, or one of the sync's own. */
export type NewColumns = readonly OwnColumn[]

export function createSchema(schema: string): Fragment {
  return sql`create schema if not exists ${sql.id(schema)}`
}

/** The cloud table, with the source's exact types; nothing but the key must be there, so that the table can evolve. */
export function cloudTable(table: TableName, columns: NewColumns, key: readonly string[]): Fragment {
  const definitions = columns.map(
    (column) => sql`${definition(column)}${key.includes(column.name) ? sql` not null` : sql``}`,
  )
  return createTable(table, [...definitions, primaryKey(key)])
}

function definition({ name, type, default: fallback }: NewColumns[number]): Fragment {
  const filled = fallback === undefined ? sql`` : sql` not null default ${sql.raw(fallback)}`
  return sql`${sql.id(name)} ${typeOf(type)}${filled}`
}

/** The target list: the key's columns as they are in the source, and a note. */
export function listTable(table: TableName, key: Columns): Fragment {
  const definitions = key.map((c) => sql`${sql.id(c.name)} ${typeOf(c.type)} not null`)
  return createTable(table, [...definitions, sql`note text`, primaryKey(key.map((c) => c.name))])
}

/** The on-prem table of medical institutions, with what each column is. */
export function medicalOrgsTable(table: TableName): readonly Fragment[] {
  const definitions = MEDICAL_ORGS_COLUMNS.map(
    ({ name, type, notNull }) => sql`${sql.id(name)} ${typeOf(type)}${notNull ? sql` not null` : sql``}`,
  )
  return [
    createTable(table, [...definitions, primaryKey(MEDICAL_ORGS_KEY)]),
    sql`comment on table ${tableOf(table)} is ${sql.lit(MEDICAL_ORGS_COMMENT)}`,
    ...MEDICAL_ORGS_COLUMNS.map((column) => comment(table, column)),
    searchIndex(table),
  ]
}

/** All that the console searches by, in the order in which it shows rows: read alone, it spares reading the table. */
function searchIndex(table: TableName): Fragment {
  const columns = (names: readonly string[]): Fragment => sql.join(names.map((name) => sql.id(name)))
  const name = sql.id(`${table.name.slice(0, 50)}_search`)
  return sql`create index if not exists ${name} on ${tableOf(table)} (${columns(MEDICAL_ORGS_KEY)}) include (${columns(MEDICAL_ORGS_SEARCHED)})`
}

function comment(table: TableName, { name, ja, en }: NamedColumn): Fragment {
  return sql`comment on column ${sql.id(table.schema, table.name, name)} is ${sql.lit(`${ja} / ${en}`)}`
}

/** With each column on a line of its own, for someone to look over. */
function createTable(table: TableName, definitions: readonly Fragment[]): Fragment {
  return sql`create table if not exists ${tableOf(table)} (\n  ${sql.join(definitions, sql`,\n  `)}\n)`
}

function primaryKey(key: readonly string[]): Fragment {
  return sql`primary key (${sql.join(key.map((name) => sql.id(name)))})`
}

export function addColumns(table: TableName, columns: NewColumns): Fragment {
  const added = columns.map((column) => sql`add column if not exists ${definition(column)}`)
  return sql`alter table ${tableOf(table)} ${sql.join(added)}`
}

/** The same for a table in use: where nothing is missing it is not even locked. */
export function addMissingColumns(table: TableName, columns: NewColumns): string {
  const present = ({ name }: NewColumns[number]): string =>
    sqlText(
      sql`select from pg_attribute where attrelid = to_regclass(${formatTableName(table)}) and attname = ${name} and not attisdropped`,
    )
  return block(
    columns.map((column) => when(`not exists (${present(column)})`, [sqlText(addColumns(table, [column]))])),
  )
}

/** A query with a row where the table, or a view of that name, is there. */
export function findTable({ schema, name }: TableName): Fragment {
  return sql`select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = ${schema} and c.relname = ${name}`
}
