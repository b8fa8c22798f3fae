import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import { TABLE_LIST } from '../core/list-changes.js'
import { stagedOnce } from './list-stage.js'
import type { Placement } from './list-table.js'
import type { Session } from './session.js'
import type { KeptList } from './target-entries.js'

/** Entries of the list at hand that the on-prem table is to get, or to get a note of. */
export const MOVES = sql.id('pg_temp', 'list_moves')

/** Where they are: in a table of their own; or they are all that the stage holds. */
export type Moves = 'moved' | 'staged'

export async function clearMoves({ db }: Session): Promise<void> {
  await sql`
    create temporary table if not exists list_moves (key text[] collate "C" primary key, note text)`.execute(
    db,
  )
  await sql`truncate ${MOVES}`.execute(db)
}

/** The next of them, and whether the note in the table is this list's to say. */
export async function nextMoves(
  { db }: Session,
  { master, list }: Pick<KeptList, 'master' | 'list'>,
  moves: Moves,
  behind: Key | undefined,
  limit: number,
): Promise<readonly Placement[]> {
  const from = moves === 'moved' ? sql`select key, note from ${MOVES}` : stagedOnce('list')
  const { rows } = await sql<Omit<Placement, 'key'> & { readonly key: string[] }>`
    select m.key, m.note, not exists (select from master_sync.target_entries o
      where o.master = ${master} and o.key = m.key and o.pending is distinct from 'leave'
        and (o.list = ${TABLE_LIST} or o.list < ${list})) as owns
    from (${from}) m where m.key > ${behind === undefined ? [] : [...behind]}::text[]
    order by m.key limit ${limit}`.execute(db)
  return rows.map((row) => ({ ...row, key: keyFromDatabase(row.key) }))
}

/** Ids that a list has dropped and no other names, behind one. */
export async function nextDropped(
  { db }: Session,
  master: string,
  list: string,
  behind: Key | undefined,
  limit: number,
): Promise<readonly { readonly key: Key }[]> {
  const { rows } = await sql<{ readonly key: string[] }>`
    select e.key from master_sync.target_entries e
    where e.master = ${master} and e.list = ${list} and e.pending = 'leave'
      and e.key > ${behind === undefined ? [] : [...behind]}::text[]
      and not exists (select from master_sync.target_entries o
        where o.master = e.master and o.key = e.key and o.pending is distinct from 'leave')
    order by e.key limit ${limit}`.execute(db)
  return rows.map(({ key }) => ({ key: keyFromDatabase(key) }))
}

/** What was to be placed for a list stands in the table, and what was to leave has left. */
export async function noteSettled({ db }: Session, master: string, list: string): Promise<void> {
  await sql`
    update master_sync.target_entries set pending = null
    where master = ${master} and list = ${list} and pending = 'place'`.execute(db)
  await sql`
    delete from master_sync.target_entries where master = ${master} and list = ${list} and pending = 'leave'`.execute(
    db,
  )
}

/** Without a table nothing is to be placed but, should there be one some day, what stands there by hand. */
export async function placeLater({ db }: Session, master: string): Promise<void> {
  await sql`
    update master_sync.target_entries set pending = null
    where master = ${master} and list <> ${TABLE_LIST} and pending = 'place'`.execute(db)
  await sql`
    update master_sync.target_entries set pending = 'place'
    where master = ${master} and list = ${TABLE_LIST} and pending is null`.execute(db)
}

/** Whether what people added while there was no table waits to be placed in it. */
export async function isToBePlaced({ db }: Session, master: string): Promise<boolean> {
  const { rows } = await sql`
    select from master_sync.target_entries
    where master = ${master} and list = ${TABLE_LIST} and pending = 'place' limit 1`.execute(db)
  return rows.length > 0
}

/**
 * Moves what lists are known to name and the table has lost. Notes that are not kept come with the next reading of their
 * list, which is no more the same as the last one.
 * @returns how many there are
 */
export async function moveLost(session: Session, master: string, notes: boolean): Promise<number> {
  await clearMoves(session)
  const moved = await sql`
    insert into ${MOVES} (key, note)
    select distinct on (key) key, ${notes ? sql`note` : sql`null`} from master_sync.target_entries
    where master = ${master} and pending = 'place' order by key, list`.execute(session.db)
  return Number(moved.numAffectedRows ?? 0n)
}

/**
 * @param read the lists that every run reads: to their readings it is left to bring notes that are not kept. What other
 * lists name is there without its note from now on.
 */
export async function noteLostPlaced(
  { db }: Session,
  master: string,
  notes: boolean,
  read: readonly string[],
): Promise<void> {
  await sql`
    update master_sync.target_entries set pending = null, note_hash = case when ${notes} then note_hash end
    where master = ${master} and pending = 'place'
      and (${notes} or note_hash is null or list <> all(${[...read]}::text[]))`.execute(db)
}
