import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { TABLE_LIST } from '../core/list-changes.js'
import type { Session } from './session.js'

/** The layout with the ids of a list that the ledger alone holds, as they are now. */
export async function withListedIds({ db }: Session, master: string, layout: Layout): Promise<Layout> {
  if (layout.list !== undefined) return layout
  const { rows } = await sql<{ readonly key: string[] }>`
    select key from master_sync.target_entries
    where master = ${master} and pending is distinct from 'leave' group by key order by key`.execute(db)
  return { ...layout, listed: rows.map(({ key }) => keyFromDatabase(key)) }
}

/** The entries of such a list behind one, in order; of the notes the one by hand before a list's. */
export async function listedBehind(
  { db }: Session,
  master: string,
  behind: Key | undefined,
  limit: number,
): Promise<readonly { readonly key: Key; readonly note: string | null }[]> {
  const { rows } = await sql<{ readonly key: string[]; readonly note: string | null }>`
    select distinct on (key) key, note from master_sync.target_entries
    where master = ${master} and pending is distinct from 'leave'
      and key > ${behind === undefined ? [] : [...behind]}::text[]
    order by key, list <> ${TABLE_LIST}, list limit ${limit}`.execute(db)
  return rows.map(({ key, note }) => ({ key: keyFromDatabase(key), note }))
}
