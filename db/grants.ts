import { sql } from 'kysely'
import { formatTableName, quoteName, type TableName } from '../core/table-name.js'
import { LEDGER_SCHEMA } from './ledger.js'
import type { Privilege } from './privileges.js'
import { sqlText } from './recorded-sql.js'
import { block, when } from './script.js'
import { tableOf, type Fragment } from './fragments.js'

/** A role that cannot log in: what users of a database are granted, whoever they are and however they prove it. */
export function createRole(role: string): string {
  const known = sqlText(sql`select from pg_roles where rolname = ${role}`)
  return block([when(`not exists (${known})`, [sqlText(sql`create role ${sql.id(role)} nologin`)])])
}

/** What everybody has by default, and a careful server has taken away. */
export function grantDatabase(role: string, privileges: 'connect' | 'connect, temporary'): string {
  const name = sqlText(
    sql`format(${`grant ${privileges} on database %I to %I`}, current_database(), ${role}::text)`,
  )
  return block([`execute ${name}`])
}

export function grantUsage(schema: string, role: string): string {
  return sqlText(sql`grant usage on schema ${sql.id(schema)} to ${sql.id(role)}`)
}

/** To make tables there, and to work with them. */
export function grantCreate(schema: string, role: string): string {
  return sqlText(sql`grant usage, create on schema ${sql.id(schema)} to ${sql.id(role)}`)
}

/** To name the types and collations that the columns of a table have, which only its own database knows. */
export function grantUsageFor(table: TableName, role: string): string {
  const columns = sql`pg_attribute a where a.attrelid = to_regclass(${formatTableName(table)})`
  const grants = sqlText(sql`
    select string_agg(format('grant usage on schema %I to %I', n.nspname, ${role}::text), '; ')
    from pg_namespace n
    where n.nspname <> 'pg_catalog' and (
      n.oid in (select t.typnamespace from pg_type t where t.oid in (select a.atttypid from ${columns}))
      or n.oid in (select l.collnamespace from pg_collation l where l.oid in (select a.attcollation from ${columns})))
  `)
  return block([`execute coalesce((${grants}), '')`])
}

/** On the whole table. */
export function grantTable(
  privileges: readonly Privilege['privilege'][],
  table: TableName,
  role: string,
): string {
  return grant(sql.raw(privileges.join(', ')), table, role)
}

/** On the columns named; where there are none, on the table. */
export function grantColumns({ privilege, table, columns }: Privilege, role: string): string {
  if (columns.length === 0) return grantTable([privilege], table, role)
  const names = sql.join(columns.map((column) => sql.id(column)))
  return grant(sql`${sql.raw(privilege)} (${names})`, table, role)
}

function grant(what: Fragment, table: TableName, role: string): string {
  return sqlText(sql`grant ${what} on ${tableOf(table)} to ${sql.id(role)}`)
}

/** Of the table and of all its columns. */
export function revokeTable(table: TableName, role: string): string {
  return sqlText(sql`revoke all on ${tableOf(table)} from ${sql.id(role)}`)
}

/** What says which migrations have run: only who migrates writes there. */
export const BOOKKEEPING = ['kysely_migration', 'kysely_migration_lock'] as const

/** Nobody who writes there changes what stands there. */
export const APPEND_ONLY = ['console_audit'] as const

/** To work in the ledger: all but to change its form. */
export function ledgerGrants(role: string): readonly string[] {
  const who = quoteName(role)
  return [
    `grant usage on schema ${LEDGER_SCHEMA} to ${who}`,
    `grant select, insert, update, delete on all tables in schema ${LEDGER_SCHEMA} to ${who}`,
  ]
}

/** The same and nothing beyond it, whatever was granted before. */
export function exactLedgerGrants(role: string): readonly string[] {
  const who = quoteName(role)
  const listed = (names: readonly string[]): string =>
    names.map((name) => `${LEDGER_SCHEMA}.${name}`).join(', ')
  return [
    `revoke all on all tables in schema ${LEDGER_SCHEMA} from ${who}`,
    ...ledgerGrants(role),
    `revoke insert, update, delete on ${listed(BOOKKEEPING)} from ${who}`,
    `revoke update, delete on ${listed(APPEND_ONLY)} from ${who}`,
  ]
}
