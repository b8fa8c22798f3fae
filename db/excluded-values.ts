import { sql } from 'kysely'
import type { TableName } from '../core/table-name.js'
import { tableOf, type Fragment } from './fragments.js'
import { sqlText } from './recorded-sql.js'
import type { Session } from './session.js'

/**
 * Statements that erase what was copied of columns before they were excluded: in the cloud table, in what is tracked
 * and remembered of rows, in the samples of plans. Only those that would find something.
 */
export async function erasingStatements(
  { db }: Session,
  master: string,
  table: TableName,
  columns: readonly string[],
): Promise<readonly string[]> {
  const statements: string[] = []
  for (const column of columns) {
    for (const { where, statement } of [
      ...((await hasColumn(db, table, column)) ? [inTable(table, column)] : []),
      ...inLedger(master, column),
    ]) {
      const { rows } = await sql<{ readonly found: boolean }>`select exists (${where}) as found`.execute(db)
      if (rows[0]?.found === true) statements.push(`${sqlText(statement)};`)
    }
  }
  return statements
}

/** Where values are, and what takes them away. */
interface Place {
  readonly where: Fragment
  readonly statement: Fragment
}

async function hasColumn(db: Session['db'], table: TableName, column: string): Promise<boolean> {
  const { rows } = await sql`
    select from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${table.schema} and c.relname = ${table.name} and a.attname = ${column}
      and a.attnum > 0 and not a.attisdropped`.execute(db)
  return rows.length > 0
}

function inTable(table: TableName, column: string): Place {
  const name = sql.id(column)
  return {
    where: sql`select from ${tableOf(table)} where ${name} is not null`,
    statement: sql`update ${tableOf(table)} set ${name} = null where ${name} is not null`,
  }
}

function inLedger(master: string, column: string): readonly Place[] {
  const name = sql.lit(column)
  const of = sql`master = ${sql.lit(master)}`
  const tracked = sql`${of} and (bases ? ${name} or conflicts ? ${name})`
  const history = sql`${of} and (before ? ${name} or after ? ${name}
    or tracked -> 'bases' ? ${name} or tracked -> 'conflicts' ? ${name} or left_alone -> 'cells' ? ${name})`
  const shown = sql.lit(JSON.stringify([{ columns: [{ column }] }]))
  const sampled = sql`${of} and sample @> ${shown}::jsonb`
  return [
    {
      where: sql`select from master_sync.tracked_rows where ${tracked}`,
      statement: sql`update master_sync.tracked_rows
        set bases = bases - ${name}, conflicts = nullif(conflicts - ${name}, '{}') where ${tracked}`,
    },
    {
      where: sql`select from master_sync.row_history where ${history}`,
      statement: sql`update master_sync.row_history
        set before = before - ${name}, after = after - ${name},
          tracked = tracked #- array['bases', ${name}] #- array['conflicts', ${name}],
          left_alone = left_alone #- array['cells', ${name}]
        where ${history}`,
    },
    {
      where: sql`select from master_sync.runs where ${sampled}`,
      statement: sql`update master_sync.runs set sample = null where ${sampled}`,
    },
  ]
}
