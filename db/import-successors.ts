import { sql } from 'kysely'
import { formatKey } from '../core/ids.js'
import type { ImportWritten } from '../core/import-plan.js'
import type { ImportTable } from '../core/import-table.js'
import { tableOf, type Fragment } from './fragments.js'
import type { ChangePlace } from './import-changes.js'
import { IMPORT_PLAN } from './import-plan.js'
import { masterKey, planKey, sameKey, scopeOf } from './import-sql.js'
import { IMPORT_SCHEMA } from './import-tables.js'
import type { Session } from './session.js'

const CHANGES = sql.id(IMPORT_SCHEMA, 'changes')

/** How many are told. */
const SAMPLE = 20

/**
 * Suggests for rows that an import has closed, in this run or before, and that have none yet, the open row of the same part of the register that they may have been issued
 * anew as: the only one with the same address and name, else with the same address, else with the same name. Rows that
 * are new with its files go before others; where such a row of the part was left out of the files, it may be that one.
 * @param closes whether the rows that the files lack were just closed, which is yet to be recorded
 */
export async function suggestSuccessors(
  { db }: Session,
  stage: Fragment,
  table: ImportTable,
  { name: tableName, id, run }: ChangePlace,
  closes: boolean,
): Promise<ImportWritten['successors']> {
  const { successor, closed } = table
  const name = searched(table, 'name_search', 'name')
  const address = searched(table, 'address_search', 'address')
  if (successor === undefined || closed === undefined || (name ?? address) === undefined)
    return { rows: 0, sample: [] }
  const text = (column: string | undefined, alias: string): Fragment =>
    column === undefined ? sql`null::text` : sql`nullif(${sql.id(alias, column)}::text collate "C", '')`
  const because = sql`case p.tier when 1 then 'same address and name' when 2 then 'same address'
    else 'same name in the prefecture' end`
  const { rows } = await sql<{ readonly rows: number; readonly sample: readonly Sampled[] | null }>`
    with fresh as materialized (
      select key from ${IMPORT_PLAN} where what = 'absent' and ${closes}
    ), gone as materialized (
      select p.key, ${scopeOf(table)} as scope, ${text(name, 'm')} as name, ${text(address, 'm')} as address
      from (select key from fresh union select key from ${CHANGES} where import = ${id} and what = 'closed') p
        join ${tableOf(table.table)} m on ${planKey(table)}
      where ${sql.id('m', closed.name)} is not null and ${sql.id('m', successor.id)} is null and ${scopeOf(table)} not in (
        select s.scope from ${stage} s
        where s.left_out and s.scope is not null and not exists (select from ${tableOf(table.table)} m where ${sameKey(table)}))
    ), open as materialized (
      select ${masterKey(table)} as key, ${scopeOf(table)} as scope, ${text(name, 'm')} as name,
        ${text(address, 'm')} as address,
        ${masterKey(table)} in (select key from ${CHANGES} where import = ${id} and what = 'added') as new
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
      set ${sql.id(successor.id)} = p.other, ${sql.id(successor.reason)} = ${because}
      from (select key, other, tier from best) as p where ${planKey(table)} returning p.key, p.other, ${because} as because
    ), noted as (
      insert into ${CHANGES} (table_name, key, import, run, what, before, after)
      select ${tableName}, key, ${id}, ${run}, 'changed',
        jsonb_build_object(${sql.lit(successor.id)}, null, ${sql.lit(successor.reason)}, null),
        jsonb_build_object(${sql.lit(successor.id)}, other, ${sql.lit(successor.reason)}, because)
      from written where key not in (select key from fresh)
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
