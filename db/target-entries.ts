import { sql, type RawBuilder } from 'kysely'
import { LIST_CHANGES, NO_LIST_CHANGES, type ListChange, type ListCounts } from '../core/list-changes.js'
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

/** Where the cloud is to know ids only: notes that it was given before. */
export async function forgetNotes({ db }: Session, master: string): Promise<void> {
  await sql`update master_sync.target_entries set note = null where master = ${master} and note is not null`.execute(
    db,
  )
  await sql`update master_sync.target_changes set note = null where master = ${master} and note is not null`.execute(
    db,
  )
}

export function keptNote(notes: boolean): RawBuilder<unknown> {
  return notes ? sql`w.note` : sql`null`
}

export function ofList(master: string, list: string): RawBuilder<unknown> {
  return sql`e.master = ${master} and e.list = ${list}`
}

/** Whether an entry `e` that stays has another note than what is wanted `w`. */
export function differs(notes: boolean): RawBuilder<unknown> {
  return sql`e.pending is distinct from 'leave'
    and (e.note_hash is distinct from w.note_hash or e.note is distinct from ${keptNote(notes)})`
}

export interface CountRow {
  readonly what: ListChange
  readonly rows: number
}

export const CHANGED_AND_REMOVED = sql`
  union all select 'changed', (select count(*) from changed)::integer
  union all select 'removed', (select count(*) from removed)::integer`

/** That an entry was added it says itself, as long as it stands; the change that removes it says it then. */
export function recorded(
  master: string,
  list: string,
  run: number | null,
  by: string | null,
): RawBuilder<unknown> {
  return sql`recorded as (
    insert into master_sync.target_changes (master, key, list, what, note, run, changed_by, added_at, added_by)
    select ${master}, key, ${list}, 'changed', note, ${run}::bigint, ${by}, null::timestamptz, null from changed
    union all
    select ${master}, key, ${list}, 'removed', note, ${run}::bigint, ${by}, since, added_by from removed)`
}

export function countsOf(rows: readonly CountRow[]): ListCounts {
  const found = Object.fromEntries(rows.map(({ what, rows: count }) => [what, count]))
  return { ...NO_LIST_CHANGES, ...Object.fromEntries(LIST_CHANGES.map((what) => [what, found[what] ?? 0])) }
}
