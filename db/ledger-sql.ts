import { sql, type Migration } from 'kysely'
import { broken } from './broken.js'
import { LEDGER_SCHEMA } from './ledger.js'
import { MIGRATIONS, migrator } from './migrate.js'
import { record, sqlText } from './recorded-sql.js'
import { block, when } from './script.js'
import { createSchema } from './table-ddl.js'

/** Like the timestamps that Kysely writes, which tell the order in which migrations ran. */
const NOW = sql`to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/**
 * The ledger as SQL that brings it from any state to the current one: the very statements of the migrations, each
 * migration once. `setup` and the worker find it as if `setup` had made it.
 */
export async function ledgerSql(
  all: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<readonly string[]> {
  const bookkeeping = await record((db) => migrator(db, {}).migrateToLatest())
  const migrations = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1))
  const blocks: string[] = []
  for (const [name, migration] of migrations) {
    const statements = await record((db) => migration.up(db))
    const done = sqlText(sql`select from ${sql.id(LEDGER_SCHEMA, 'kysely_migration')} where name = ${name}`)
    const note = sqlText(
      sql`insert into ${sql.id(LEDGER_SCHEMA, 'kysely_migration')} (name, timestamp) values (${name}, ${NOW})`,
    )
    const texts = statements.map((text) => broken(text, '    '))
    blocks.push(block([when(`not exists (${done})`, [...texts, note])]))
  }
  return [
    sqlText(createSchema(LEDGER_SCHEMA)),
    ...bookkeeping.map((text) => broken(onceOnly(text), '')),
    ...blocks,
  ]
}

/** The migrator looks whether its lock row is there before it inserts it. */
function onceOnly(statement: string): string {
  return statement.startsWith('insert') ? `${statement} on conflict do nothing` : statement
}
