import { sql, type RawBuilder } from 'kysely'
import { formatKey } from '../core/ids.js'
import {
  LIST_CHANGES,
  NO_LIST_CHANGES,
  TABLE_LIST,
  type ListChange,
  type ListChanges,
  type ListCounts,
} from '../core/list-changes.js'
import { MOVES } from './list-moves.js'
import { stagedOnce } from './list-stage.js'
import type { Session } from './session.js'

/** Whose change it is, for the record. */
export interface ChangedBy {
  readonly run: number | null
  /** null: whoever edited the list itself. */
  readonly by: string | null
}

/** A list of a master, and whether its notes are kept in the cloud. */
export interface KeptList {
  readonly master: string
  readonly list: string
  readonly notes: boolean
}

/**
 * Makes the entries of a list what its stage holds, and flags the list: until it is settled, the on-prem table may lack
 * what is new in it. Dropped ones are still to leave the table; where another list names one as well, the table is to
 * get that one's note. The moves get what the table is to get.
 */
export async function takeStaged(
  { db }: Session,
  { master, list, notes }: KeptList,
  { run, by }: ChangedBy,
): Promise<ListCounts> {
  const { rows } = await sql<CountRow>`
    with wanted as materialized (${stagedOnce('list')}), back as (
      update master_sync.target_entries e
      set note = ${kept(notes)}, note_hash = w.note_hash, pending = null, since = clock_timestamp(), added_by = ${by}
      from wanted w where ${ofList(master, list)} and e.key = w.key and e.pending = 'leave'
      returning e.key
    ), added as (
      insert into master_sync.target_entries (master, key, list, note, note_hash, added_by, run)
      select ${master}, key, ${list}, ${kept(notes)}, note_hash, ${by}, ${run} from wanted w
      where not exists (select from master_sync.target_entries e where ${ofList(master, list)} and e.key = w.key)
      order by w.key
      returning key
    ), changed as (
      update master_sync.target_entries e set note = ${kept(notes)}, note_hash = w.note_hash
      from wanted w where ${ofList(master, list)} and e.key = w.key and ${differs(notes)}
      returning e.key, e.note
    ), removed as (
      update master_sync.target_entries e set pending = 'leave' where ${dropped(master, list)}
      returning e.key, e.note, e.since, e.added_by
    ), inherited as (
      update master_sync.target_entries e set pending = 'place' from removed r
      where e.master = ${master} and e.key = r.key and e.list <> all(array[${list}, ${TABLE_LIST}])
        and e.pending is null
    ), moved as (
      insert into ${MOVES} (key, note)
      select w.key, w.note from wanted w
      where w.key in (select key from added) or w.key in (select key from back) or w.key in (select key from changed)
        or w.key in (select e.key from master_sync.target_entries e
          where ${ofList(master, list)} and e.pending = 'place')
        or ${isUnsettled(master, list)}
    ), ${recorded(master, list, run, by)}, flagged as (
      insert into master_sync.target_lists (master, list, settled) values (${master}, ${list}, false)
      on conflict (master, list) do update set settled = false
    )
    select 'added' as what, (select count(*) from added)::integer + (select count(*) from back)::integer as rows
    ${CHANGED_AND_REMOVED}`.execute(db)
  return countsOf(rows)
}

const SAMPLE = 20

/** What `takeStaged` would change, with the first of each kind. */
export async function wouldTake({ db }: Session, { master, list, notes }: KeptList): Promise<ListChanges> {
  const { rows } = await sql<CountRow & { readonly key: string[]; readonly note: string | null }>`
    with wanted as materialized (${stagedOnce('list')}), changes as materialized (
      select case when e.key is null then 'added' else 'changed' end as what, w.key, w.note
      from wanted w left join master_sync.target_entries e
        on ${ofList(master, list)} and e.key = w.key and e.pending is distinct from 'leave'
      where e.key is null or ${differs(notes)}
      union all
      select 'removed', e.key, e.note from master_sync.target_entries e where ${dropped(master, list)}
    )
    select counted.what, counted.rows, first.key, first.note
    from (select what, count(*)::integer as rows from changes group by what) counted cross join lateral (
      select key, note from changes where changes.what = counted.what order by key limit ${SAMPLE}) first
    order by counted.what, first.key`.execute(db)
  const of = (what: ListChange): ListChanges[ListChange] => {
    const some = rows.filter((row) => row.what === what)
    return { rows: some[0]?.rows ?? 0, sample: some.map(({ key, note }) => ({ id: formatKey(key), note })) }
  }
  return { added: of('added'), changed: of('changed'), removed: of('removed') }
}

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
      select ${master}, w.key, ${list}, ${kept(notes)}, w.note_hash, ${by}, ${run}
      from wanted w left join known k using (key)
      where k.key is null
        or (${hasNote} and not k.by_hand and not k.pending and w.note_hash is distinct from k.note_hash)
      order by w.key
      returning key
    ), changed as (
      update master_sync.target_entries e set note = ${kept(notes)}, note_hash = w.note_hash
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

/** Where the cloud is to know ids only: notes that it was given before. */
export async function forgetNotes({ db }: Session, master: string): Promise<void> {
  await sql`update master_sync.target_entries set note = null where master = ${master} and note is not null`.execute(
    db,
  )
  await sql`update master_sync.target_changes set note = null where master = ${master} and note is not null`.execute(
    db,
  )
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

/** Whether a reading before was broken off: the table may lack anything. */
function isUnsettled(master: string, list: string): RawBuilder<unknown> {
  return sql`exists (select from master_sync.target_lists l
    where l.master = ${master} and l.list = ${list} and not l.settled)`
}

function kept(notes: boolean): RawBuilder<unknown> {
  return notes ? sql`w.note` : sql`null`
}

function ofList(master: string, list: string): RawBuilder<unknown> {
  return sql`e.master = ${master} and e.list = ${list}`
}

/** Whether an entry `e` that stays has another note than what is wanted `w`. */
function differs(notes: boolean): RawBuilder<unknown> {
  return sql`e.pending is distinct from 'leave'
    and (e.note_hash is distinct from w.note_hash or e.note is distinct from ${kept(notes)})`
}

function dropped(master: string, list: string): RawBuilder<unknown> {
  return sql`${ofList(master, list)} and e.pending is distinct from 'leave'
    and not exists (select from wanted w where w.key = e.key)`
}

interface CountRow {
  readonly what: ListChange
  readonly rows: number
}

const CHANGED_AND_REMOVED = sql`
  union all select 'changed', (select count(*) from changed)::integer
  union all select 'removed', (select count(*) from removed)::integer`

/** That an entry was added it says itself, as long as it stands; the change that removes it says it then. */
function recorded(master: string, list: string, run: number | null, by: string | null): RawBuilder<unknown> {
  return sql`recorded as (
    insert into master_sync.target_changes (master, key, list, what, note, run, changed_by, added_at, added_by)
    select ${master}, key, ${list}, 'changed', note, ${run}::bigint, ${by}, null::timestamptz, null from changed
    union all
    select ${master}, key, ${list}, 'removed', note, ${run}::bigint, ${by}, since, added_by from removed)`
}

function countsOf(rows: readonly CountRow[]): ListCounts {
  const found = Object.fromEntries(rows.map(({ what, rows: count }) => [what, count]))
  return { ...NO_LIST_CHANGES, ...Object.fromEntries(LIST_CHANGES.map((what) => [what, found[what] ?? 0])) }
}
