import { sql } from 'kysely'
import type { TableShape } from '../core/shape.js'
import type { TableName } from '../core/table-name.js'
import { tableOf, typeOf, type Fragment } from './fragments.js'

/** What `setup` runs, and what it prints for someone else to run. Where it is there already, nothing happens. */

/** The columns of the source that the other side is to have. */
export type Columns = TableShape['columns']

export function createSchema(schema: string): Fragment {
  return sql`create schema if not exists ${sql.id(schema)}`
}

/** The cloud table, with the source's exact types; nothing but the key must be there, so that the table can evolve. */
export function cloudTable(table: TableName, columns: Columns, key: readonly string[]): Fragment {
  const definitions = columns.map(
    (c) => sql`${sql.id(c.name)} ${typeOf(c.type)}${key.includes(c.name) ? sql` not null` : sql``}`,
  )
  return sql`create table if not exists ${tableOf(table)} (${sql.join(definitions)}, ${primaryKey(key)})`
}

/** The target list: the key's columns as they are in the source, and a note. */
export function listTable(table: TableName, key: Columns): Fragment {
  const definitions = key.map((c) => sql`${sql.id(c.name)} ${typeOf(c.type)} not null`)
  return sql`create table if not exists ${tableOf(table)} (${sql.join(definitions)}, note text, ${primaryKey(
    key.map((c) => c.name),
  )})`
}

function primaryKey(key: readonly string[]): Fragment {
  return sql`primary key (${sql.join(key.map((name) => sql.id(name)))})`
}

export function addColumns(table: TableName, columns: Columns): Fragment {
  const added = columns.map((c) => sql`add column if not exists ${sql.id(c.name)} ${typeOf(c.type)}`)
  return sql`alter table ${tableOf(table)} ${sql.join(added)}`
}
