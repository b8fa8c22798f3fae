import { sql } from 'kysely'
import type { ImportFile, OutsideParts } from '../core/import-plan.js'
import type { Fragment } from './fragments.js'
import { IMPORT_SCHEMA } from './import-tables.js'
import { datesOf } from './import-write.js'
import type { Session } from './session.js'

const SCOPES = sql.id(IMPORT_SCHEMA, 'scopes')

/** Of a part of the register the date of its data. */
export interface ScopeDate {
  readonly publication: string
  readonly scope: string
  /** `2026-06-01` */
  readonly as_of: string
}

/** Parts of the register of which the table has newer data than the staged files, with what they would bring. */
export async function findNewer(
  { db }: Session,
  table: string,
  publication: string,
  stage: Fragment,
  asOf: readonly string[],
): Promise<readonly (ScopeDate & { readonly staged: string })[]> {
  const { rows } = await sql<ScopeDate & { readonly staged: string }>`
    with d as materialized (select * from ${datesOf(stage, asOf)} d)
    select publication, scope, s.as_of::text as as_of, d.as_of::text as staged
    from ${SCOPES} s join d using (scope)
    where s.table_name = ${table} and s.publication = ${publication} and s.as_of > d.as_of order by scope`.execute(
    db,
  )
  return rows
}

/** A part of the register that files of different dates cover. */
export async function findMixed(
  { db }: Session,
  stage: Fragment,
  asOf: readonly string[],
): Promise<{ readonly scope: string; readonly dates: readonly string[] } | undefined> {
  if (new Set(asOf).size < 2) return undefined
  const { rows } = await sql<{ readonly scope: string; readonly dates: readonly string[] }>`
    select scope, array_agg(as_of::text order by as_of) as dates
    from (select distinct scope, (${[...asOf]}::date[])[file + 1] as as_of from ${stage} where not left_out) d
    group by scope having count(*) > 1 order by scope limit 1`.execute(db)
  return rows[0]
}

/** How many are told. */
const TOLD = 20

/**
 * Parts of the register that the table has of the publication and that no file covers, of the same kinds: of a file of
 * hospitals no clinics are missed. In a CSV of one's own all parts are of one kind.
 */
export async function findOutside(
  { db }: Session,
  stage: Fragment,
  table: string,
  { publication, files }: { readonly publication: string; readonly files: readonly ImportFile[] },
): Promise<OutsideParts> {
  const kind = publication === 'csv' ? sql`''` : sql`split_part(scope, '-', 2)`
  const asOf = files.map((file) => (file.covers === false ? null : file.as_of))
  const { rows } = await sql<OutsideParts & { readonly sample: string[] | null }>`
    with covered as materialized (
      select scope, ${kind} as kind from ${datesOf(stage, asOf)} d where as_of is not null and scope is not null)
    select count(*)::integer as parts, min(as_of)::text as oldest,
      (array_agg(scope order by scope))[1:${sql.lit(TOLD)}] as sample
    from ${SCOPES} s
    where table_name = ${table} and publication = ${publication} and ${kind} in (select kind from covered)
      and scope not in (select scope from covered)`.execute(db)
  const [{ parts, oldest, sample } = { parts: 0, oldest: null, sample: null }] = rows
  return { parts, oldest, sample: sample ?? [] }
}

/**
 * Notes as of when the table has the parts of the register that the staged files cover.
 * @param asOf null: of a file that covers none
 */
export async function storeScopes(
  { db }: Session,
  place: { readonly name: string; readonly id: string; readonly publication: string },
  stage: Fragment,
  asOf: readonly (string | null)[],
): Promise<void> {
  await sql`
    insert into ${SCOPES} (table_name, publication, scope, as_of, import)
    select ${place.name}, ${place.publication}, scope, as_of, ${place.id} from ${datesOf(stage, asOf)} d
    where as_of is not null
    on conflict (table_name, publication, scope) do update set as_of = excluded.as_of, import = excluded.import`.execute(
    db,
  )
}

/** As of when a table has what was imported into it. */
export async function readScopes({ db }: Session, table: string): Promise<readonly ScopeDate[]> {
  const { rows } = await sql<ScopeDate>`
    select publication, scope, as_of::text as as_of from ${SCOPES}
    where table_name = ${table} order by publication, scope`.execute(db)
  return rows
}
