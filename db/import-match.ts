import { sql } from 'kysely'
import { stagedName, type ImportColumns, type ImportTable } from '../core/import-table.js'
import { tableOf, type Fragment } from './fragments.js'
import { isOpen, sameKey, scopeOf } from './import-sql.js'
import type { Session } from './session.js'

/** How many rows of a publication fit exactly one row of the table, whose ids are another's. */
export interface Matched {
  readonly matched: number
  readonly unmatched: number
}

/** The column of the stage with the id of the table's row. */
export const MATCHED = 'matched'

/**
 * Finds for staged rows the rows of a table whose ids are those of another publication, once: by the id that was matched
 * before, by name and address, else by name, in the same kind and prefecture, where exactly one fits, both ways. Rows
 * that fit none leave the stage.
 * @param theirs the table as its own publication sees it
 */
export async function matchStage(
  session: Session,
  stage: Fragment,
  ours: ImportColumns & Pick<ImportTable, 'key'>,
  theirs: ImportTable,
): Promise<Matched> {
  const { db } = session
  await sql`alter table ${stage} add column if not exists ${sql.id(MATCHED)} text`.execute(db)
  // Nothing is closed by what does not own the ids.
  await sql`delete from ${stage} where left_out`.execute(db)
  await (ours.publication === 'csv'
    ? matchByKey(session, stage, theirs)
    : matchByName(session, stage, ours, theirs))
  const { rows } = await sql<Matched>`
    select count(*) filter (where ${sql.id(MATCHED)} is not null)::integer as matched,
      count(*) filter (where ${sql.id(MATCHED)} is null)::integer as unmatched from ${stage}`.execute(db)
  await sql`delete from ${stage} where ${sql.id(MATCHED)} is null`.execute(db)
  return rows[0] ?? { matched: 0, unmatched: 0 }
}

/** A CSV of one's own names rows by the ids that the table has. */
async function matchByKey({ db }: Session, stage: Fragment, table: ImportTable): Promise<void> {
  const key = sql.id('s', table.key[0]?.staged ?? '')
  await sql`
    update ${stage} s set ${sql.id(MATCHED)} = ${key}
    where exists (select from ${tableOf(table.table)} m where ${sameKey(table)})`.execute(db)
}

async function matchByName(
  { db }: Session,
  stage: Fragment,
  ours: ImportColumns & Pick<ImportTable, 'key'>,
  theirs: ImportTable,
): Promise<void> {
  const staged = (column: string): Fragment =>
    sql`${sql.id('s', stagedName(ours.columns.indexOf(column)))} collate "C"`
  const id = sql.id('m', theirs.key[0]?.shape.name ?? '')
  const known = theirs.names.includes('matched_id') ? sql`m.matched_id::text collate "C"` : sql`null::text`
  await sql`
    with ours as materialized (
      select s.n, ${sql.id('s', ours.key[0]?.staged ?? '')} collate "C" as id, ${partOf(sql`s.scope`)} as part,
        ${staged('name_search')} as name, ${staged('address_search')} as address from ${stage} s
    ), theirs as materialized (
      select ${id}::text collate "C" as key, ${known} as known, ${partOf(scopeOf(theirs))} as part,
        m.name_search::text collate "C" as name, m.address_search::text collate "C" as address from ${tableOf(theirs.table)} m where ${isOpen(theirs)}
    ), hits as (
      select 1 as tier, o.n, t.key from ours o join theirs t on t.known = o.id
      union all
      select 2, o.n, t.key from ours o join theirs t using (part, name, address)
      union all
      select 3, o.n, t.key from ours o join theirs t using (part, name)
    ), counted as (
      select tier, n, key, count(*) over (partition by tier, n) as of_ours, count(*) over (partition by tier, key) as of_theirs
      from hits
    ), best as (
      select distinct on (n) n, key, tier from counted where of_ours = 1 and of_theirs = 1 order by n, tier
    ), sure as (
      select distinct on (key) key, n from best order by key, tier, n
    )
    update ${stage} s set ${sql.id(MATCHED)} = o.key from sure o where o.n = s.n`.execute(db)
}

/** Prefecture and kind: the two publications name kinds otherwise, and of one 医科 is what the other calls 病院 or 診療所. */
function partOf(scope: Fragment): Fragment {
  return sql`split_part(${scope}, '-', 1) || case split_part(${scope}, '-', 2)
    when '1' then 'ika' when '2' then 'ika' when '3' then 'shika' when '5' then 'yakkyoku'
    else split_part(${scope}, '-', 2) end`
}
