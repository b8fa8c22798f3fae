import { sql } from 'kysely'
import type { ImportTable } from '../core/import-table.js'
import { tableOf, type Fragment } from './fragments.js'
import { IMPORT_PLAN } from './import-plan.js'
import { planKey, sameKey, valueOf } from './import-sql.js'
import { IMPORT_SCHEMA } from './import-tables.js'
import { closingColumns } from './import-write.js'
import type { Session } from './session.js'

/** Which table was changed, by which import, in which run. */
export interface ChangePlace {
  readonly name: string
  readonly id: string
  readonly run: number
}

/** What an import does to rows, with the cells that change before and after; of a new row its id only. */
const CHANGES = sql`${sql.id(IMPORT_SCHEMA, 'changes')} (table_name, key, import, run, what, before, after)`

/** Of rows that are about to be written over, but for such as only their spelling changes. */
export async function recordChanged(
  { db }: Session,
  stage: Fragment,
  table: ImportTable,
  { name, id, run }: ChangePlace,
  kinds: readonly string[],
  enriches: boolean,
): Promise<void> {
  const cells = [
    ...table.columns.map((column) => cellOf(column.shape.name, sql`${valueOf(column)}::text`)),
    ...closingColumns(table).map((column) => cellOf(column, sql`null::text`)),
  ]
  if (cells.length === 0) return
  await sql`
    insert into ${CHANGES}
    select ${name}, p.key, ${id}, ${run}, case p.what when 'changed' then ${enriches ? 'enriched' : 'changed'} else p.what end,
      c.before, c.after
    from ${IMPORT_PLAN} p join ${stage} s using (n) join ${tableOf(table.table)} m on ${sameKey(table)}
      cross join lateral (
        select jsonb_object_agg(name, before) as before, jsonb_object_agg(name, after) as after
        from (values ${sql.join(cells)}) v (name, before, after) where before is distinct from after) c
    where p.what in ('changed', 'reopened') and p.what = any(${[...kinds]}::text[]) and not p.silent`.execute(
    db,
  )
}

function cellOf(column: string, after: Fragment): Fragment {
  return sql`(${sql.lit(column)}, ${sql.id('m', column)}::text collate "C", ${after} collate "C")`
}

/** Of rows that were just closed. */
export async function recordClosed(
  { db }: Session,
  table: ImportTable,
  { name, id, run }: ChangePlace,
): Promise<void> {
  const cells = closingColumns(table).map((column) => cellOf(column, sql`null::text`))
  await sql`
    insert into ${CHANGES}
    select ${name}, p.key, ${id}, ${run}, 'closed', c.before, c.after
    from ${IMPORT_PLAN} p join ${tableOf(table.table)} m on ${planKey(table)}
      cross join lateral (
        select jsonb_object_agg(name, null::text) as before, jsonb_object_agg(name, value) as after
        from (values ${sql.join(cells)}) v (name, value, nothing) where value is not null) c
    where p.what = 'absent'`.execute(db)
}

export async function recordAdded({ db }: Session, { name, id, run }: ChangePlace): Promise<void> {
  await sql`
    insert into ${CHANGES}
    select ${name}, p.key, ${id}, ${run}, 'added', null, null from ${IMPORT_PLAN} p where p.what = 'added'`.execute(
    db,
  )
}
