import { sql } from 'kysely'
import type { ScopeDate } from './import-scopes.js'
import type { Session } from './session.js'

/** As of when the cloud has what was published, by part of the register. */
export async function readPublications({ db }: Session, master: string): Promise<readonly ScopeDate[]> {
  const { rows } = await sql<ScopeDate>`
    select publication, scope, as_of::text as as_of from master_sync.publications
    where master = ${master} order by publication, scope`.execute(db)
  return rows
}

/** What must be said wherever the data of a part is shown; null: nothing. */
export interface AttributedDate extends ScopeDate {
  readonly attribution: string | null
}

/** Makes the ledger say these dates and no others. Where it does already, nothing is written, nor locked. */
export async function storePublications(
  { db }: Session,
  master: string,
  run: number,
  dates: readonly AttributedDate[],
): Promise<void> {
  const given = sql`unnest(
    ${dates.map(({ publication }) => publication)}::text[], ${dates.map(({ scope }) => scope)}::text[],
    ${dates.map(({ as_of }) => as_of)}::date[], ${dates.map(({ attribution }) => attribution)}::text[]
  ) as d(publication, scope, as_of, attribution)`
  await sql`
    delete from master_sync.publications p
    where master = ${master}
      and not exists (select from ${given} where d.publication = p.publication and d.scope = p.scope)`.execute(
    db,
  )
  await sql`
    insert into master_sync.publications (master, publication, scope, as_of, attribution, run)
    select ${master}, d.publication, d.scope, d.as_of, d.attribution, ${run}
    from ${given} left join master_sync.publications p
      on p.master = ${master} and p.publication = d.publication and p.scope = d.scope
    where (p.as_of, p.attribution) is distinct from (d.as_of, d.attribution)
    on conflict (master, publication, scope) do update
      set as_of = excluded.as_of, attribution = excluded.attribution, run = excluded.run`.execute(db)
}
