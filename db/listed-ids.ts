import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { TABLE_LIST } from '../core/list-changes.js'
import type { Scope } from './digest.js'
import { givenKeys, type Fragment } from './fragments.js'
import type { Session } from './session.js'

/** The layout with the ids of the scope, where the ledger alone holds the list: as they are now. */
export async function withListed(
  { db }: Session,
  master: string,
  layout: Layout,
  scope: Scope,
): Promise<Layout> {
  if (layout.list !== undefined) return layout
  const { rows } = await sql<{ readonly key: string[] }>`
    select e.key from master_sync.target_entries e
    where ${isListed(master)} and ${inScope(layout, scope)} group by e.key order by e.key`.execute(db)
  return { ...layout, listed: rows.map(({ key }) => keyFromDatabase(key)) }
}

function isListed(master: string): Fragment {
  return sql`e.master = ${master} and e.pending is distinct from 'leave'`
}

function inScope(layout: Layout, scope: Scope): Fragment {
  if (scope.kind === 'keys') return sql`e.key in (select key from ${givenKeys(layout, scope.keys)})`
  const { from, below } = scope.interval
  return sql`${from === undefined ? sql`true` : sql`e.key >= ${[...from]}::text[]`}
    and ${below === undefined ? sql`true` : sql`e.key < ${[...below]}::text[]`}`
}

/** Each id of such a list with its number in order. */
export function numberedIds(master: string): Fragment {
  return sql`
    select key, row_number() over (order by key) as n
    from (select distinct e.key from master_sync.target_entries e where ${isListed(master)}) e`
}

/** The entries of such a list behind one, in order; of the notes the one by hand before a list's. */
export async function listedBehind(
  { db }: Session,
  master: string,
  behind: Key | undefined,
  limit: number,
): Promise<readonly { readonly key: Key; readonly note: string | null }[]> {
  const { rows } = await sql<{ readonly key: string[]; readonly note: string | null }>`
    select distinct on (e.key) e.key, e.note from master_sync.target_entries e
    where ${isListed(master)} and e.key > ${behind === undefined ? [] : [...behind]}::text[]
    order by e.key, e.list <> ${TABLE_LIST}, e.list limit ${limit}`.execute(db)
  return rows.map(({ key, note }) => ({ key: keyFromDatabase(key), note }))
}
