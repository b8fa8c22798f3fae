import { sql } from 'kysely'
import { formatKey } from '../core/ids.js'
import { TABLE_LIST, type ListChanges } from '../core/list-changes.js'
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
 * Makes the entries of a list what its stage holds. New and changed ones are still to be placed in the on-prem table,
 * dropped ones still to leave it; where another list names a dropped one as well, the table is to get that one's note.
 */
export async function takeStaged(
  { db }: Session,
  { master, list, notes }: KeptList,
  { run, by }: ChangedBy,
): Promise<ListChanges> {
  const { rows } = await sql<ChangeRow>`
    with wanted as materialized (${stagedOnce('list')}), added as (
      insert into master_sync.target_entries as e (master, key, list, note, note_hash, pending, added_by)
      select ${master}, key, ${list}, ${notes ? sql`note` : sql`null`}, note_hash, 'place', ${by} from wanted
      on conflict (master, key, list) do update
        set note = excluded.note, note_hash = excluded.note_hash, pending = 'place', added_by = excluded.added_by,
          since = clock_timestamp()
        where e.pending = 'leave'
      returning key, note
    ), changed as (
      update master_sync.target_entries e
      set note = ${notes ? sql`w.note` : sql`null`}, note_hash = w.note_hash, pending = 'place'
      from wanted w
      where e.master = ${master} and e.list = ${list} and e.key = w.key and e.pending is distinct from 'leave'
        and (e.note_hash is distinct from w.note_hash or e.note is distinct from ${notes ? sql`w.note` : sql`null`})
      returning e.key, e.note
    ), removed as (
      update master_sync.target_entries e set pending = 'leave'
      where e.master = ${master} and e.list = ${list} and e.pending is distinct from 'leave'
        and not exists (select from wanted w where w.key = e.key)
      returning e.key, e.note
    ), inherited as (
      update master_sync.target_entries e set pending = 'place'
      from removed r
      where e.master = ${master} and e.key = r.key and e.list <> ${list} and e.pending is null
        and e.list <> ${TABLE_LIST}
    ), changes as (
      select 'added' as what, * from added union all select 'changed', * from changed
      union all select 'removed', * from removed
    ), ${record(master, list, run, by)}
    ${COUNTED}`.execute(db)
  return changesOf(rows)
}

/**
 * Brings the entries by hand up to date with the on-prem table, which its stage holds: what stands there and no list
 * placed, someone wrote there. So did who changed a note that a list had placed: the entry is theirs as well from then
 * on. What a list placed and someone took out is placed again.
 */
export async function takeTable(
  { db }: Session,
  { master, notes }: Omit<KeptList, 'list'>,
  hasNote: boolean,
  { run, by }: ChangedBy,
): Promise<ListChanges> {
  const list = TABLE_LIST
  const note = notes ? sql`w.note` : sql`null`
  const { rows } = await sql<ChangeRow>`
    with wanted as materialized (${stagedOnce('table')}), known as materialized (${entriesOnce(master)}), added as (
      insert into master_sync.target_entries (master, key, list, note, note_hash, added_by)
      select ${master}, w.key, ${list}, ${note}, w.note_hash, ${by}
      from wanted w left join known k using (key)
      where k.key is null
        or (${hasNote} and not k.by_hand and not k.pending and w.note_hash is distinct from k.note_hash)
      on conflict do nothing
      returning key, note
    ), changed as (
      update master_sync.target_entries e set note = ${note}, note_hash = w.note_hash
      from wanted w
      where e.master = ${master} and e.list = ${list} and e.key = w.key
        and (e.note_hash is distinct from w.note_hash or e.note is distinct from ${note})
      returning e.key, e.note
    ), removed as (
      delete from master_sync.target_entries e
      where e.master = ${master} and e.list = ${list} and not exists (select from wanted w where w.key = e.key)
      returning e.key, e.note
    ), lost as (
      update master_sync.target_entries e set pending = 'place'
      where e.master = ${master} and e.list <> ${list} and e.pending is null
        and not exists (select from wanted w where w.key = e.key)
    ), changes as (
      select 'added' as what, * from added union all select 'changed', * from changed
      union all select 'removed', * from removed
    ), ${record(master, list, run, by)}
    ${COUNTED}`.execute(db)
  return changesOf(rows)
}

/** The ids that are listed, whatever names them; of the notes the table's before a list's. */
function entriesOnce(master: string) {
  return sql`
    select key, bool_or(list = ${TABLE_LIST}) as by_hand, bool_or(pending is not null) as pending,
      (array_agg(note_hash order by list <> ${TABLE_LIST}, list))[1] as note_hash
    from master_sync.target_entries where master = ${master} group by key`
}

/** Count of ids, and sum over ids and notes, which the on-prem table has as well where nothing has changed. */
export async function entriesDigest({ db }: Session, master: string, hasNote: boolean): Promise<string> {
  const seed = hasNote ? sql`coalesce(note_hash, 0)` : sql`0`
  const { rows } = await sql<{ readonly digest: string }>`
    select format('%s:%s', count(*), sum(hash_array_extended(key, ${seed}))) as digest
    from (${entriesOnce(master)}) e`.execute(db)
  return rows[0]?.digest ?? ''
}

interface ChangeRow {
  readonly what: 'added' | 'changed' | 'removed'
  readonly rows: number
  readonly sample: readonly { readonly key: string[]; readonly note: string | null }[]
}

const SAMPLE = 20

const COUNTED = sql`
  select what, count(*)::integer as rows,
    jsonb_path_query_array(jsonb_agg(jsonb_build_object('key', key, 'note', note) order by key),
      ${sql.lit(`$[0 to ${String(SAMPLE - 1)}]`)}) as sample
  from changes group by what`

function record(master: string, list: string, run: number | null, by: string | null) {
  return sql`recorded as (
    insert into master_sync.target_changes (master, key, list, what, note, run, changed_by)
    select ${master}, key, ${list}, what, note, ${run}, ${by} from changes)`
}

function changesOf(rows: readonly ChangeRow[]): ListChanges {
  const of = (what: ChangeRow['what']) => {
    const row = rows.find((one) => one.what === what)
    return {
      rows: row?.rows ?? 0,
      sample: (row?.sample ?? []).map(({ key, note }) => ({ id: formatKey(key), note })),
    }
  }
  return { added: of('added'), changed: of('changed'), removed: of('removed') }
}
