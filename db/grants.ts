import { sql } from 'kysely'
import { quoteName, type TableName } from '../core/table-name.js'
import { LEDGER_SCHEMA } from './ledger.js'
import type { Privilege } from './privileges.js'
import { sqlText } from './recorded-sql.js'
import { block } from './script.js'
import { tableOf, type Fragment } from './fragments.js'

/** A role that cannot log in: what users of a database are granted, whoever they are and however they prove it. */
export function createRole(role: string): string {
  const known = sqlText(sql`select from pg_roles where rolname = ${role}`)
  return block([sqlText(sql`create role ${sql.id(role)} nologin`)], `not exists (${known})`)
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

/** To work in the ledger: all but to change its form. */
export function ledgerGrants(role: string): readonly string[] {
  const who = quoteName(role)
  return [
    `grant usage on schema ${LEDGER_SCHEMA} to ${who}`,
    `grant select, insert, update, delete on all tables in schema ${LEDGER_SCHEMA} to ${who}`,
  ]
}
