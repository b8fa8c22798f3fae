import { sql } from 'kysely'
import { formatKey } from '../core/ids.js'
import type { ImportWritten } from '../core/import-plan.js'
import type { ImportTable } from '../core/import-table.js'
import { tableOf, type Fragment } from './fragments.js'
import { IMPORT_PLAN } from './import-plan.js'
import { masterKey, planKey, sameKey, scopeOf } from './import-sql.js'
import type { Session } from './session.js'

/** How many are told. */
const SAMPLE = 20

/**
 * Suggests for rows that were just closed the open row of the same part of the register that they may have been issued
 * anew as: the only one with the same address and name, else with the same address, else with the same name. Rows that
 * are new with these files go before others; where such a row of the part was left out of the files, it may be that one.
 */
export async function suggestSuccessors(
  { db }: Session,
  stage: Fragment,
  table: ImportTable,
): Promise<ImportWritten['successors']> {
  const { successor, closed } = table
  const name = searched(table, 'name_search', 'name')
  const address = searched(table, 'address_search', 'address')
  if (successor === undefined || closed === undefined || (name ?? address) === undefined)
    return { rows: 0, sample: [] }
  const text = (column: string | undefined, alias: string): Fragment =>
    column === undefined ? sql`null::text` : sql`nullif(${sql.id(alias, column)}::text collate "C", '')`
  const { rows } = await sql<{ readonly rows: number; readonly sample: readonly Sampled[] | null }>`
    with gone as materialized (
      select p.key, p.scope, ${text(name, 'm')} as name, ${text(address, 'm')} as address
      from ${IMPORT_PLAN} p join ${tableOf(table.table)} m on ${planKey(table)}
      where p.what = 'absent' and p.scope not in (
        select s.scope from ${stage} s
        where s.left_out and s.scope is not null and not exists (select from ${tableOf(table.table)} m where ${sameKey(table)}))
    ), open as materialized (
      select ${masterKey(table)} as key, ${scopeOf(table)} as scope, ${text(name, 'm')} as name,
        ${text(address, 'm')} as address, exists (
          select from ${IMPORT_PLAN} p where p.what = 'added' and p.key = ${masterKey(table)}) as new
      from ${tableOf(table.table)} m
      where ${sql.id('m', closed.name)} is null and ${scopeOf(table)} in (select scope from gone)
    ), hits as (
      select g.key, o.key as other, o.new,
        case when o.name = g.name and o.address = g.address then 1 when o.address = g.address then 2 else 3 end as tier
      from gone g join open o on o.scope = g.scope and o.address = g.address
      union
      select g.key, o.key, o.new, case when o.address = g.address then 1 else 3 end
      from gone g join open o on o.scope = g.scope and o.name = g.name
    ), tiers as (
      select key, tier, new, count(*) as hits, min(other[1] collate "C") as other from hits group by key, tier, new
    ), best as materialized (
      select distinct on (key) key, other, tier from tiers t
      where hits = 1 and (new or not exists (
        select from tiers e where e.key = t.key and e.tier = t.tier and e.new))
      order by key, new desc, tier
    ), written as (
      update ${tableOf(table.table)} m
      set ${sql.id(successor.id)} = p.other, ${sql.id(successor.reason)} = case p.tier
        when 1 then 'same address and name' when 2 then 'same address' else 'same name in the prefecture' end
      from (select key, other, tier from best) as p where ${planKey(table)} returning p.key, p.other
    )
    select count(*)::integer as rows, (
      select jsonb_agg(jsonb_build_object('key', key, 'other', other)) from (
        select * from written order by key limit ${SAMPLE}) w) as sample
    from written`.execute(db)
  const [row] = rows
  return {
    rows: row?.rows ?? 0,
    sample: (row?.sample ?? []).map(({ key, other }) => ({ id: formatKey(key), successor: other })),
  }
}

interface Sampled {
  readonly key: string[]
  readonly other: string
}

/** The search form where the table has it, else the text as published. */
function searched({ names }: ImportTable, form: string, published: string): string | undefined {
  return [form, published].find((name) => names.includes(name))
}
