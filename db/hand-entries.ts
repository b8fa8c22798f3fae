import { sql } from 'kysely'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import { TABLE_LIST } from '../core/list-changes.js'
import { givenKeys, type Keyed } from './fragments.js'
import { noteHash } from './list-stage.js'
import type { Session } from './session.js'
import type { ChangedBy } from './target-entries.js'

/** An entry that a person put into the on-prem table, or changed there. */
export interface HandEntry {
  readonly key: Key
  readonly what: 'added' | 'changed'
  readonly note: string | null
}

/** Notes what a person has just written into the table. */
export async function noteByHand(
  { db }: Session,
  master: string,
  { key, what, note }: HandEntry,
  notes: boolean,
  { run, by }: ChangedBy,
): Promise<void> {
  const kept = notes ? note : null
  await sql`
    with noted as (
      insert into master_sync.target_entries (master, key, list, note, note_hash, added_by, run)
      values (${master}, ${[...key]}::text[], ${TABLE_LIST}, ${kept}, ${noteHash(sql`${note}::text`)}, ${by}, ${run})
      on conflict (master, key, list) do update set note = excluded.note, note_hash = excluded.note_hash
    )
    insert into master_sync.target_changes (master, key, list, what, note, run, changed_by)
    select ${master}, ${[...key]}::text[], ${TABLE_LIST}, 'changed', ${kept}::text, ${run}::bigint, ${by}::text
    where ${what === 'changed'}`.execute(db)
}

/**
 * Writes an entry by hand into a list that the ledger alone holds. Should a table come to hold it later, it is to be
 * placed there.
 */
export async function writeByHand(
  { db }: Session,
  master: string,
  { key, note }: Omit<HandEntry, 'what'>,
  notes: boolean,
  { run, by }: ChangedBy,
): Promise<'added' | 'changed' | 'listed'> {
  const kept = notes ? note : null
  const { rows } = await sql<{ readonly added: boolean; readonly listed: boolean }>`
    with written as (
      insert into master_sync.target_entries as e (master, key, list, note, note_hash, pending, added_by, run)
      values (${master}, ${[...key]}::text[], ${TABLE_LIST}, ${kept}, ${noteHash(sql`${note}::text`)}, 'place', ${by}, ${run})
      on conflict (master, key, list) do update set note = excluded.note, note_hash = excluded.note_hash
        where excluded.note_hash is not null and e.note_hash is distinct from excluded.note_hash
      returning xmax = 0 as added
    ), recorded as (
      insert into master_sync.target_changes (master, key, list, what, note, run, changed_by)
      select ${master}, ${[...key]}::text[], ${TABLE_LIST}, 'changed', ${kept}::text, ${run}::bigint, ${by}::text
      from written where not added
    )
    select added, exists (select from master_sync.target_entries o where o.master = ${master}
      and o.key = ${[...key]}::text[] and o.list <> ${TABLE_LIST} and o.pending is distinct from 'leave') as listed
    from written`.execute(db)
  const [row] = rows
  if (row === undefined || (row.listed && note === null)) return 'listed'
  return row.added && !row.listed ? 'added' : 'changed'
}

/** Of an id that a list has put into the table: from now on it is there by hand as well, with the note that it has. */
export async function claimByHand(
  { db }: Session,
  master: string,
  key: Key,
  { run, by }: ChangedBy,
): Promise<void> {
  await sql`
    insert into master_sync.target_entries (master, key, list, note, note_hash, added_by, run)
    select master, key, ${TABLE_LIST}, note, note_hash, ${by}, ${run} from master_sync.target_entries
    where master = ${master} and key = ${[...key]}::text[] and list <> ${TABLE_LIST}
      and pending is distinct from 'leave' order by list limit 1
    on conflict (master, key, list) do nothing`.execute(db)
}

/**
 * Notes which entries a person has just taken out of the table, or from what stands there by hand. Where a list names one
 * as well, the table is to get that one's note.
 */
export async function noteRemovedByHand(
  { db }: Session,
  keyed: Keyed,
  master: string,
  keys: readonly Key[],
  { run, by }: ChangedBy,
): Promise<void> {
  if (keys.length === 0) return
  await sql`
    with removed as (
      delete from master_sync.target_entries e using ${givenKeys(keyed, keys)}
      where e.master = ${master} and e.key = g.key and e.list = ${TABLE_LIST}
      returning e.key, e.note, e.since, e.added_by
    ), inherited as (
      update master_sync.target_entries e set pending = 'place' from removed r
      where e.master = ${master} and e.key = r.key and e.list <> ${TABLE_LIST} and e.pending is null
    )
    insert into master_sync.target_changes (master, key, list, what, note, run, changed_by, added_at, added_by)
    select ${master}, key, ${TABLE_LIST}, 'removed', note, ${run}, ${by}, since, added_by from removed`.execute(
    db,
  )
}

/** Which lists name an id: their URIs, or `table`. Of all ids, or of those given. */
export async function namingLists(
  { db }: Session,
  keyed: Keyed,
  master: string,
  keys?: readonly Key[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (keys?.length === 0) return new Map()
  const given = keys === undefined ? sql`true` : sql`e.key in (select key from ${givenKeys(keyed, keys)})`
  const { rows } = await sql<{ readonly key: string[]; readonly lists: readonly string[] }>`
    select e.key, array_agg(e.list order by e.list) as lists
    from master_sync.target_entries e
    where e.master = ${master} and e.pending is distinct from 'leave' and ${given} group by e.key`.execute(db)
  return new Map(rows.map(({ key, lists }) => [formatKey(keyFromDatabase(key)), lists]))
}
