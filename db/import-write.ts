import { sql } from 'kysely'
import type { ImportTable } from '../core/import-table.js'
import { tableOf, type Fragment } from './fragments.js'
import { IMPORT_PLAN } from './import-plan.js'
import { isDiffering, isThere, planKey, sameKey, valueOf } from './import-sql.js'
import { IMPORT_SCHEMA } from './import-tables.js'
import type { Session } from './session.js'

/** How rows of the plan are written into the master. Each returns how many were. */

export async function insertAdded({ db }: Session, stage: Fragment, table: ImportTable): Promise<number> {
  const columns = [...table.key, ...table.columns]
  const names = columns.map(({ shape }) => sql.id(shape.name))
  const result = await sql`
    insert into ${tableOf(table.table)} (${sql.join(names)}) overriding system value
    select ${sql.join(columns.map(valueOf))}
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
  const values = table.columns.map((column) => sql`${sql.id(column.shape.name)} = ${valueOf(column)}`)
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
  asOf: readonly string[],
): Promise<number> {
  if (table.closed === undefined) return 0
  const result = await sql`
    update ${tableOf(table.table)} m set ${sql.id(table.closed.name)} = d.as_of
    from ${IMPORT_PLAN} p join ${datesOf(stage, asOf)} d using (scope)
    where p.what = 'absent' and ${planKey(table)}`.execute(db)
  return Number(result.numAffectedRows ?? 0)
}

/** Of each part of the register the date of the newest file that covers it. */
export function datesOf(stage: Fragment, asOf: readonly string[]): Fragment {
  return sql`(
    select scope, max((${[...asOf]}::date[])[file + 1]) as as_of from ${stage} group by scope)`
}

/** What closing a row fills. */
function closingColumns({ closed, successor }: ImportTable): readonly string[] {
  return [
    ...(closed === undefined ? [] : [closed.name]),
    ...(successor === undefined ? [] : [successor.id, successor.reason]),
  ]
}

/** Keeps what is about to be written over, of rows of which it is history. */
export async function keepBefore({ db }: Session, table: ImportTable): Promise<void> {
  const columns = sql`p.columns || ${[...closingColumns(table)]}::text[]`
  await sql`
    create temporary table import_before on commit drop as
    select p.key, p.what, ${columns} as columns, ${cellsOf(columns)} as cells
    from ${IMPORT_PLAN} p join ${tableOf(table.table)} m on ${planKey(table)}
    where p.what <> 'added' and not p.silent`.execute(db)
}

/** Some cells of a row `m`, as texts by column. */
function cellsOf(columns: Fragment): Fragment {
  return sql`(select jsonb_object_agg(key, value) from jsonb_each_text(to_jsonb(m)) where key = any(${columns}))`
}

/**
 * What became of rows, with the cells that changed before and after; of a new row its id only.
 * @param kinds those that were written
 */
export async function recordChanges(
  { db }: Session,
  table: ImportTable,
  place: { readonly name: string; readonly id: string },
  kinds: readonly string[],
  enriches: boolean,
): Promise<void> {
  const changes = sql.id(IMPORT_SCHEMA, 'changes')
  const columns = sql`table_name, key, import, what, before, after`
  await sql`
    insert into ${changes} (${columns})
    select ${place.name}, b.key, ${place.id},
      case b.what when 'absent' then 'closed' when 'changed' then ${enriches ? 'enriched' : 'changed'} else b.what end,
      ${changedOnly(sql`b.cells`, sql`a.cells`)}, ${changedOnly(sql`a.cells`, sql`b.cells`)}
    from pg_temp.import_before b join (
      select p.key, ${cellsOf(sql`p.columns`)} as cells
      from pg_temp.import_before p join ${tableOf(table.table)} m on ${planKey(table)}) a using (key)
    where b.what = any(${[...kinds]}::text[])`.execute(db)
  if (!kinds.includes('added')) return
  await sql`
    insert into ${changes} (${columns})
    select ${place.name}, p.key, ${place.id}, 'added', null, null from ${IMPORT_PLAN} p where p.what = 'added'`.execute(
    db,
  )
}

/** Of cells those that are otherwise beside. */
function changedOnly(cells: Fragment, beside: Fragment): Fragment {
  return sql`(select jsonb_object_agg(key, value) from jsonb_each(${cells}) where value is distinct from ${beside} -> key)`
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
