import { sql } from 'kysely'
import type { ImportReport } from '../core/import-plan.js'
import { IMPORT_SCHEMA } from './import-tables.js'
import type { Session } from './session.js'

const IMPORTS = sql.id(IMPORT_SCHEMA, 'imports')

/** What is looked for among the imports of a table. */
interface Looked {
  readonly table: string
  readonly digest: string
  readonly ledger: string
  /** The run whose question of imports is open. */
  readonly asks: number | undefined
}

/**
 * An import with the same files, read in the same way, that the table still goes by in some part of the register, or of
 * which a person is to say yes or no.
 */
export async function findLoaded(
  { db }: Session,
  { table, digest, ledger, asks }: Looked,
): Promise<string | undefined> {
  const { rows } = await sql<{ readonly id: string }>`
    select import::text as id from ${IMPORTS} i
    where table_name = ${table} and digest = ${digest} and case state
      when 'held' then ledger = ${ledger} and run = ${asks ?? null} when 'applied' then exists (
        select from ${sql.id(IMPORT_SCHEMA, 'scopes')} s where s.table_name = ${table} and s.import = i.import)
      else false end
    order by import desc limit 1`.execute(db)
  return rows[0]?.id
}

/** The same of which a person said no, as long as nothing else was written into the table since. */
export async function findRejected(
  { db }: Session,
  { table, digest }: Pick<Looked, 'table' | 'digest'>,
): Promise<string | undefined> {
  const { rows } = await sql<{ readonly id: string }>`
    select import::text as id from ${IMPORTS} i
    where table_name = ${table} and digest = ${digest} and state = 'rejected' and not exists (
      select from ${IMPORTS} l
      where l.table_name = ${table} and l.written is not null and l.settled_at > i.settled_at)
    order by import desc limit 1`.execute(db)
  return rows[0]?.id
}

/** When a person said no, and to which run: null where that is of another ledger. */
export async function rejectionOf(
  { db }: Session,
  id: string,
  ledger: string,
): Promise<ImportReport['rejected']> {
  const { rows } = await sql<{ readonly at: Date; readonly run: number | null }>`
    select settled_at as at, case when ledger = ${ledger} then run::integer end as run from ${IMPORTS}
    where import = ${id} and state = 'rejected'`.execute(db)
  const [row] = rows
  return row && { at: row.at.toISOString(), run: row.run }
}

/** Of runs that have asked those whose import was dropped since, by an import for another master or ledger. */
export async function droppedAmong(
  { db }: Session,
  ledger: string,
  runs: readonly number[],
): Promise<readonly number[]> {
  if (runs.length === 0) return []
  const { rows } = await sql<{ readonly run: number }>`
    select run::integer as run from ${IMPORTS} where ledger = ${ledger} and run = any(${[...runs]}::bigint[])
    group by run having bool_and(state = 'dropped') order by run`.execute(db)
  return rows.map(({ run }) => run)
}
