import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { LeftColumn } from '../core/replacement.js'
import type { Fragment } from './fragments.js'
import { isMeantAgain, isRetired } from './replacement-state.js'
import type { Replacement } from './replacements.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

/**
 * Asks for it, or asks otherwise. Asked the other way round before, that is dropped. What is done stays done: asked for
 * again, the old id leaves the list if it stands there.
 */
export async function askReplacement(
  session: Session,
  master: string,
  { oldKey, newKey }: Replacement,
  by: string,
): Promise<void> {
  const { db } = session
  await transaction(session, READ_COMMITTED, async () => {
    const done = await sql`
      update master_sync.replacements r set off_list = false, done_at = clock_timestamp(), asked_by = ${by}
      where ${isPair(master, oldKey, newKey)} and r.run is not null and ${isRetired()} returning 1`.execute(
      db,
    )
    if (done.rows.length > 0) return
    await sql`
      with opposite as (
        delete from master_sync.replacements r where ${isPair(master, newKey, oldKey)} and r.run is null
      )
      insert into master_sync.replacements (master, old_key, new_key, asked_by)
      values (${master}, ${[...oldKey]}, ${[...newKey]}, ${by})
      on conflict (master, old_key) do update set new_key = excluded.new_key, asked_by = excluded.asked_by,
        asked_at = excluded.asked_at, run = null, done_at = null, carried = default, left_alone = default,
        written = null, off_list = false`.execute(db)
  })
}

function isPair(master: string, oldKey: Key, newKey: Key): Fragment {
  return sql`r.master = ${master} and r.old_key = ${[...oldKey]}::text[] and r.new_key = ${[...newKey]}::text[]`
}

/** What has become of it. */
export interface ReplacementState {
  /** What is to take the place of the old id, or has taken it: another where somebody asked otherwise since. */
  readonly newKey: Key
  /** The run that carried the row over; null: it waits. */
  readonly run: number | null
  readonly carried: readonly string[]
  readonly left: readonly LeftColumn[]
}

export async function readReplacement(
  { db }: Session,
  master: string,
  oldKey: Key,
): Promise<ReplacementState | undefined> {
  const { rows } = await sql<Omit<ReplacementState, 'newKey'> & { readonly newKey: string[] }>`
    select new_key as "newKey", run::integer as run, carried, left_alone as left from master_sync.replacements
    where master = ${master} and old_key = ${[...oldKey]}::text[]`.execute(db)
  const [row] = rows
  return row === undefined ? undefined : { ...row, newKey: keyFromDatabase(row.newKey) }
}

/** What has taken the place of an id; undefined: nothing, or nobody minds, for the id was listed again since. */
export async function successorOf({ db }: Session, master: string, key: Key): Promise<Key | undefined> {
  const { rows } = await sql<{ readonly next: string[] }>`
    select r.new_key as next from master_sync.replacements r
    where r.master = ${master} and r.old_key = ${[...key]}::text[] and r.run is not null and ${isRetired()}
      and not ${isMeantAgain()}`.execute(db)
  const [row] = rows
  return row === undefined ? undefined : keyFromDatabase(row.next)
}
