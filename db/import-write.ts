import { sql } from 'kysely'
import type { ImportTable } from '../core/import-table.js'
import { tableOf, type Fragment } from './fragments.js'
import { IMPORT_PLAN } from './import-plan.js'
import { assigned, isDiffering, isThere, planKey, sameKey } from './import-sql.js'
import type { Session } from './session.js'

/** How rows of the plan are written into the master. Each returns how many were. */

export async function insertAdded({ db }: Session, stage: Fragment, table: ImportTable): Promise<number> {
  const columns = [...table.key, ...table.columns]
  const names = columns.map(({ shape }) => sql.id(shape.name))
  const result = await sql`
    insert into ${tableOf(table.table)} (${sql.join(names)}) overriding system value
    select ${sql.join(columns.map(assigned))}
    from ${stage} s join ${IMPORT_PLAN} p using (n) where p.what = 'added'`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

/** Changed rows, and such as had been closed and are in the files again. */
export async function updateChanged(
  { db }: Session,
  stage: Fragment,
  table: ImportTable,
  kinds: readonly string[],
): Promise<number> {
  const values = table.columns.map((column) => sql`${sql.id(column.shape.name)} = ${assigned(column)}`)
  const reopened = closingColumns(table).map((name) => sql`${sql.id(name)} = null`)
  if (values.length + reopened.length === 0) return 0
  const result = await sql`
    update ${tableOf(table.table)} m set ${sql.join([...values, ...reopened])}
    from ${stage} s join ${IMPORT_PLAN} p using (n)
    where p.what in ('changed', 'reopened') and p.what = any(${[...kinds]}::text[]) and ${sameKey(table)}`.execute(
    db,
  )
  return Number(result.numAffectedRows ?? 0)
}

/** @param asOf the dates of the files, in their order */
export async function closeAbsent(
  { db }: Session,
  stage: Fragment,
  table: ImportTable,
  asOf: readonly (string | null)[],
): Promise<number> {
  if (table.closed === undefined) return 0
  const result = await sql`
    update ${tableOf(table.table)} m set ${sql.id(table.closed.name)} = d.as_of
    from ${IMPORT_PLAN} p join ${datesOf(stage, asOf)} d using (scope)
    where p.what = 'absent' and ${planKey(table)}`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

/** Of each part of the register the date of the newest file that covers it. */
export function datesOf(stage: Fragment, asOf: readonly (string | null)[]): Fragment {
  return sql`(
    select scope, max((${[...asOf]}::date[])[file + 1]) as as_of from ${stage} where not left_out group by scope)`
}

/** What closing a row fills. */
export function closingColumns({ closed, successor }: ImportTable): readonly string[] {
  return [
    ...(closed === undefined ? [] : [closed.name]),
    ...(successor === undefined ? [] : [successor.id, successor.reason]),
  ]
}

/** Rows that were to be written, and are not as the files have them: the table's own triggers may have made them otherwise. */
export async function countUnwritten(
  { db }: Session,
  stage: Fragment,
  table: ImportTable,
  kinds: readonly string[],
): Promise<number> {
  if (!table.triggers) return 0
  const { rows } = await sql<{ readonly rows: number }>`
    select count(*)::integer as rows
    from ${stage} s join ${IMPORT_PLAN} p using (n) left join ${tableOf(table.table)} m on ${sameKey(table)}
    where p.what = any(${[...kinds]}::text[]) and (not (${isThere(table)}) or ${isDiffering(table)})`.execute(
    db,
  )
  return rows[0]?.rows ?? 0
}
