import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import { TABLE_LIST } from '../core/list-changes.js'
import { stageOf } from './list-stage.js'
import type { Placement } from './list-table.js'
import type { Session } from './session.js'

/** Entries of a list that the stage holds and that are still to be placed in the table, behind a key. */
export async function nextPlacements(
  { db }: Session,
  master: string,
  list: string,
  behind: Key | undefined,
  limit: number,
): Promise<readonly Placement[]> {
  const { rows } = await sql<Omit<Placement, 'key'> & { readonly key: string[] }>`
    select e.key, (select s.note from ${stageOf('list')} s where s.key = e.key order by s.n limit 1) as note,
      not exists (select from master_sync.target_entries o
        where o.master = e.master and o.key = e.key and o.pending is distinct from 'leave'
          and (o.list = ${TABLE_LIST} or o.list < e.list)) as owns
    from master_sync.target_entries e
    where e.master = ${master} and e.list = ${list} and e.pending = 'place'
      and e.key > ${behind === undefined ? [] : [...behind]}::text[]
    order by e.key limit ${limit}`.execute(db)
  return rows.map((row) => ({ ...row, key: keyFromDatabase(row.key) }))
}

/** Ids that no list names any more, behind a key. */
export async function nextDropped(
  { db }: Session,
  master: string,
  behind: Key | undefined,
  limit: number,
): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: string[] }>`
    select key from master_sync.target_entries
    where master = ${master} and key > ${behind === undefined ? [] : [...behind]}::text[]
    group by key having bool_and(pending is not distinct from 'leave')
    order by key limit ${limit}`.execute(db)
  return rows.map((row) => keyFromDatabase(row.key))
}

/** What was to be placed for a list stands in the table. */
export async function notePlaced({ db }: Session, master: string, list: string): Promise<void> {
  await sql`
    update master_sync.target_entries set pending = null
    where master = ${master} and list = ${list} and pending = 'place'`.execute(db)
}

/** What was to leave has left. */
export async function forgetDropped({ db }: Session, master: string): Promise<void> {
  await sql`delete from master_sync.target_entries where master = ${master} and pending = 'leave'`.execute(db)
}
