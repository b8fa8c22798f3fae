import { sql, type RawBuilder } from 'kysely'
import { formatKey } from '../core/ids.js'
import {
  NO_LIST_CHANGES,
  TABLE_LIST,
  type ListChange,
  type ListChanges,
  type ListCounts,
} from '../core/list-changes.js'
import { MOVES, type Moves } from './list-moves.js'
import { stagedOnce, stageOf } from './list-stage.js'
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

/** What has changed, and where to find what the on-prem table is to get. */
export interface Taken {
  readonly changes: ListCounts
  readonly moves: Moves
  /** The list had no entries: nothing of it is to leave, or waits to be placed. */
  readonly isNew: boolean
}

/**
 * Makes the entries of a list what its stage holds, and flags the list: until it is settled, the on-prem table may lack
 * what is new in it. Dropped ones are still to leave the table; where another list names one as well, the table is to
 * get that one's note.
 */
export async function takeStaged(session: Session, kept: KeptList, who: ChangedBy): Promise<Taken> {
  const { isNew, isUnsettled } = await stateOf(session, kept)
  const moves: Moves = isNew || isUnsettled ? 'staged' : 'moved'
  return {
    changes: isNew ? await takeNew(session, kept, who) : await takeAgain(session, kept, who),
    moves,
    isNew,
  }
}

/** @returns whether the list has no entries, and whether a reading before was broken off: then the table may lack anything */
async function stateOf(
  { db }: Session,
  { master, list }: KeptList,
): Promise<{ readonly isNew: boolean; readonly isUnsettled: boolean }> {
  const { rows } = await sql<{ readonly isNew: boolean; readonly isUnsettled: boolean }>`
    select not exists (select from master_sync.target_entries e where ${ofList(master, list)}) as "isNew",
      exists (select from master_sync.target_lists l
        where l.master = ${master} and l.list = ${list} and not l.settled) as "isUnsettled"`.execute(db)
  return rows[0] ?? { isNew: true, isUnsettled: true }
}

async function takeNew(
  { db }: Session,
  { master, list, notes }: KeptList,
  { run, by }: ChangedBy,
): Promise<ListCounts> {
  const added = await sql`
    insert into master_sync.target_entries (master, key, list, note, note_hash, added_by, run)
    select ${master}, key, ${list}, ${keptNote(notes)}, note_hash, ${by}, ${run}
    from (${stagedOnce('list')}) w order by w.key`.execute(db)
  await sql`with ${flagged(master, list)} select`.execute(db)
  return { ...NO_LIST_CHANGES, added: Number(added.numAffectedRows ?? 0n) }
}

async function takeAgain(
  { db }: Session,
  { master, list, notes }: KeptList,
  { run, by }: ChangedBy,
): Promise<ListCounts> {
  const { rows } = await sql<CountRow>`
    with wanted as materialized (${stagedOnce('list')}), back as (
      update master_sync.target_entries e
      set note = ${keptNote(notes)}, note_hash = w.note_hash, pending = null, since = clock_timestamp(), added_by = ${by}
      from wanted w where ${ofList(master, list)} and e.key = w.key and e.pending = 'leave'
      returning e.key
    ), added as (
      insert into master_sync.target_entries (master, key, list, note, note_hash, added_by, run)
      select ${master}, key, ${list}, ${keptNote(notes)}, note_hash, ${by}, ${run} from wanted w
      where not exists (select from master_sync.target_entries e where ${ofList(master, list)} and e.key = w.key)
      order by w.key
      returning key
    ), changed as (
      update master_sync.target_entries e set note = ${keptNote(notes)}, note_hash = w.note_hash
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
      select w.key, w.note from wanted w join (
        select key from added union select key from back union select key from changed
        union select e.key from master_sync.target_entries e where ${ofList(master, list)} and e.pending = 'place'
      ) m using (key)
    ), ${recorded(master, list, run, by)}, ${flagged(master, list)}
    select 'added' as what, (select count(*) from added)::integer + (select count(*) from back)::integer as rows
    ${CHANGED_AND_REMOVED}`.execute(db)
  return countsOf(rows)
}

const SAMPLE = 20

/** What `takeStaged` would change, with the first of each kind. */
export async function wouldTake(session: Session, kept: KeptList): Promise<ListChanges> {
  if ((await stateOf(session, kept)).isNew) return wouldTakeNew(session)
  const { db } = session
  const { master, list, notes } = kept
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

async function wouldTakeNew({ db }: Session): Promise<ListChanges> {
  const { rows } = await sql<{ readonly key: string[]; readonly note: string | null; readonly rows: number }>`
    select key, note, (select count(distinct key) from ${stageOf('list')})::integer as rows
    from (${stagedOnce('list')}) s order by key limit ${SAMPLE}`.execute(db)
  const sample = rows.map(({ key, note }) => ({ id: formatKey(key), note }))
  const none = { rows: 0, sample: [] }
  return { added: { rows: rows[0]?.rows ?? 0, sample }, changed: none, removed: none }
}

function flagged(master: string, list: string): RawBuilder<unknown> {
  return sql`flagged as (
    insert into master_sync.target_lists (master, list, settled) values (${master}, ${list}, false)
    on conflict (master, list) do update set settled = false)`
}

function dropped(master: string, list: string): RawBuilder<unknown> {
  return sql`${ofList(master, list)} and e.pending is distinct from 'leave'
    and not exists (select from wanted w where w.key = e.key)`
}
