import { sql, type RawBuilder } from 'kysely'
import { TABLE_LIST, type ListCounts } from '../core/list-changes.js'
import { stagedOnce } from './list-stage.js'
import type { Session } from './session.js'
import {
  CHANGED_AND_REMOVED,
  countsOf,
  differs,
  keptNote,
  ofList,
  recorded,
  type ChangedBy,
  type CountRow,
  type KeptList,
} from './target-entries.js'

/**
 * Brings the entries by hand up to date with the on-prem table, which its stage holds: what stands there and no list
 * names, someone wrote there. So did who changed a note that a list had placed: the entry is theirs as well from then
 * on. What a list names and the table lacks is to be placed.
 */
export async function takeTable(
  { db }: Session,
  { master, notes }: Omit<KeptList, 'list'>,
  hasNote: boolean,
  { run, by }: ChangedBy,
): Promise<ListCounts> {
  const list = TABLE_LIST
  const { rows } = await sql<CountRow>`
    with wanted as materialized (${stagedOnce('table')}), known as materialized (${entriesOnce(master)}), added as (
      insert into master_sync.target_entries (master, key, list, note, note_hash, added_by, run)
      select ${master}, w.key, ${list}, ${keptNote(notes)}, w.note_hash, ${by}, ${run}
      from wanted w left join known k using (key)
      where k.key is null
        or (${hasNote} and not k.by_hand and not k.pending and w.note_hash is distinct from k.note_hash)
      order by w.key
      returning key
    ), changed as (
      update master_sync.target_entries e set note = ${keptNote(notes)}, note_hash = w.note_hash
      from wanted w where ${ofList(master, list)} and e.key = w.key and ${differs(notes)}
      returning e.key, e.note
    ), removed as (
      delete from master_sync.target_entries e
      where ${ofList(master, list)} and e.pending is null and not exists (select from wanted w where w.key = e.key)
      returning e.key, e.note, e.since, e.added_by
    ), lost as (
      update master_sync.target_entries e set pending = 'place'
      where e.master = ${master} and e.list <> ${list} and e.pending is null
        and not exists (select from wanted w where w.key = e.key)
    ), ${recorded(master, list, run, by)}
    select 'added' as what, (select count(*) from added)::integer as rows
    ${CHANGED_AND_REMOVED}`.execute(db)
  return countsOf(rows)
}

/** Count of ids, and sum over ids and notes, which the on-prem table has as well where nothing has changed. */
export async function entriesDigest({ db }: Session, master: string, hasNote: boolean): Promise<string> {
  const seed = hasNote ? sql`coalesce(note_hash, 0)` : sql`0`
  const { rows } = await sql<{ readonly digest: string }>`
    select format('%s:%s', count(*), sum(hash_array_extended(key, ${seed}))) as digest
    from (${entriesOnce(master)}) e`.execute(db)
  return rows[0]?.digest ?? ''
}

/**
 * The ids that are listed, whatever names them; of the notes the table's before a list's. What is not settled is
 * pending: what the table has of it may be of before.
 */
function entriesOnce(master: string): RawBuilder<unknown> {
  return sql`
    select e.key, bool_or(e.list = ${TABLE_LIST}) as by_hand,
      bool_or(e.pending is not null or l.settled is false) as pending,
      (array_agg(e.note_hash order by e.list <> ${TABLE_LIST}, e.list))[1] as note_hash
    from master_sync.target_entries e
      left join master_sync.target_lists l on l.master = e.master and l.list = e.list
    where e.master = ${master} group by e.key`
}
