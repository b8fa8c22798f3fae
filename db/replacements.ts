import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { RowCounts } from '../core/report.js'
import { givenKeys, type Fragment, type Keyed } from './fragments.js'
import { isCompared, isLeaving, isWaiting } from './replacement-state.js'
import type { Session } from './session.js'

/** An id that was issued anew: as the source writes both. */
export interface Replacement {
  readonly oldKey: Key
  readonly newKey: Key
}

/** Whether a run has anything to carry over, to give up, or to take off the list. */
export async function hasReplacements({ db }: Session, master: string): Promise<boolean> {
  const { rows } = await sql`
    select from master_sync.replacements r where r.master = ${master} and (r.run is null or ${isLeaving()})
    limit 1`.execute(db)
  return rows.length > 0
}

/** Those that wait for their new row, in the order in which they were asked for. */
export async function pendingReplacements({ db }: Session, master: string): Promise<readonly Replacement[]> {
  const { rows } = await sql<Row>`
    select old_key, new_key from master_sync.replacements r where r.master = ${master} and r.run is null
    order by asked_at, old_key`.execute(db)
  return rows.map(toReplacement)
}

/** Forgets those that were given up. */
export async function dropGivenUp({ db }: Session, master: string): Promise<void> {
  await sql`
    delete from master_sync.replacements r
    where r.master = ${master} and r.run is null and not ${isWaiting()}`.execute(db)
}

interface LeavingId {
  readonly key: Key
  readonly newKey: Key
  /** Who asked for it. */
  readonly by: string | null
}

/**
 * Old ids that are to leave the list. Of one whose row is compared again, for that was taken back, whoever takes it off
 * or leaves it there means it.
 */
export async function leavingIds({ db }: Session, master: string): Promise<readonly LeavingId[]> {
  const { rows } = await sql<Row & { readonly by: string | null }>`
    select r.old_key, r.new_key, r.asked_by as by from master_sync.replacements r
    where r.master = ${master} and ${isLeaving()} and not ${isCompared()} order by r.old_key`.execute(db)
  return rows.map(({ old_key, new_key, by }) => ({
    key: keyFromDatabase(old_key),
    newKey: keyFromDatabase(new_key),
    by,
  }))
}

export async function noteOffList({ db }: Session, master: string, key: Key): Promise<void> {
  await sql`
    update master_sync.replacements set off_list = true
    where master = ${master} and old_key = ${[...key]}::text[]`.execute(db)
}

/** Of ids that were replaced, and that somebody has just put on the list, also where a list names them all along. */
export async function noteMeant(
  { db }: Session,
  keyed: Keyed,
  master: string,
  keys: readonly Key[],
): Promise<void> {
  if (keys.length === 0) return
  await sql`
    update master_sync.replacements r set off_list = true from ${givenKeys(keyed, keys)}
    where r.master = ${master} and r.old_key = g.key and r.run is not null and not r.off_list`.execute(db)
}

/** Of ids that were replaced those that nobody has listed again, or that are being replaced otherwise. */
export async function stillReplacedAmong(
  { db }: Session,
  keyed: Keyed,
  master: string,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ readonly key: string[] }>`
    select r.old_key as key from master_sync.replacements r join ${givenKeys(keyed, keys)} on r.old_key = g.key
    where r.master = ${master} and (${isWaiting()} or ${isLeaving()})`.execute(db)
  return rows.map(({ key }) => keyFromDatabase(key))
}

/** Ids that another has taken the place of, or is to take it; not those whose rows are compared again. */
export async function superseded({ db }: Session, master: string): Promise<readonly Replacement[]> {
  const { rows } = await sql<Row>`
    select r.old_key, r.new_key from master_sync.replacements r
    where r.master = ${master} and (${isWaiting()} or (r.run is not null and not ${isCompared()}))`.execute(
    db,
  )
  return rows.map(toReplacement)
}

/** What a run has done to rows to carry them over. */
export async function countReplaced(
  { db }: Session,
  master: string,
  run: number,
): Promise<{ readonly ids: number; readonly rows: Pick<RowCounts, 'updated' | 'marked'> }> {
  const count = (name: 'updated' | 'marked'): Fragment =>
    sql`coalesce(sum((written ->> ${sql.lit(name)})::integer), 0)::integer`
  const { rows } = await sql<{ readonly ids: number; readonly updated: number; readonly marked: number }>`
    select count(*)::integer as ids, ${count('updated')} as updated, ${count('marked')} as marked
    from master_sync.replacements where master = ${master} and run = ${run}`.execute(db)
  const { ids, updated, marked } = rows[0] ?? { ids: 0, updated: 0, marked: 0 }
  return { ids, rows: { updated, marked } }
}

interface Row {
  readonly old_key: string[]
  readonly new_key: string[]
}

function toReplacement({ old_key, new_key }: Row): Replacement {
  return { oldKey: keyFromDatabase(old_key), newKey: keyFromDatabase(new_key) }
}
