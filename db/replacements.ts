import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { RowCounts } from '../core/report.js'
import { givenKeys, type Fragment, type Keyed } from './fragments.js'
import type { Session } from './session.js'

/** An id that was issued anew as another: as the source writes both. */
export interface Replacement {
  readonly oldKey: Key
  readonly newKey: Key
}

/** Asks for it, or asks otherwise. Asked the other way round before, that is dropped. */
export async function askReplacement(
  { db }: Session,
  master: string,
  { oldKey, newKey }: Replacement,
  by: string,
): Promise<void> {
  await sql`
    with opposite as (
      delete from master_sync.replacements
      where master = ${master} and old_key = ${[...newKey]}::text[] and new_key = ${[...oldKey]}::text[] and run is null
    )
    insert into master_sync.replacements (master, old_key, new_key, asked_by)
    values (${master}, ${[...oldKey]}, ${[...newKey]}, ${by})
    on conflict (master, old_key) do update set new_key = excluded.new_key, asked_by = excluded.asked_by,
      asked_at = excluded.asked_at, run = null, carried = default, left_alone = default, written = null, off_list = false`.execute(
    db,
  )
}

/** What has become of it. */
export interface ReplacementState {
  /** The run that carried the row over; null: it waits. */
  readonly run: number | null
  readonly carried: readonly string[]
  readonly left: readonly string[]
}

export async function readReplacement(
  { db }: Session,
  master: string,
  oldKey: Key,
): Promise<ReplacementState | undefined> {
  const { rows } = await sql<ReplacementState>`
    select run::integer as run, carried, left_alone as left from master_sync.replacements
    where master = ${master} and old_key = ${[...oldKey]}::text[]`.execute(db)
  return rows[0]
}

/** Whether a run has anything to carry over, or to take off the list. */
export async function hasReplacements({ db }: Session, master: string): Promise<boolean> {
  const { rows } = await sql`
    select from master_sync.replacements r where ${isOpen(master)} limit 1`.execute(db)
  return rows.length > 0
}

/** Those that wait for their new row, in the order in which they were asked for. */
export async function pendingReplacements({ db }: Session, master: string): Promise<readonly Replacement[]> {
  const { rows } = await sql<Row>`
    select old_key, new_key from master_sync.replacements where master = ${master} and run is null
    order by asked_at, old_key`.execute(db)
  return rows.map(toReplacement)
}

interface LeavingId {
  readonly key: Key
  /** Who asked for it. */
  readonly by: string | null
}

/**
 * Old ids that are to leave the list. Of one whose row is compared again, for that was taken back, whoever takes it off
 * or leaves it there means it.
 */
export async function leavingIds({ db }: Session, master: string): Promise<readonly LeavingId[]> {
  const { rows } = await sql<{ readonly key: string[]; readonly by: string | null }>`
    select r.old_key as key, r.asked_by as by from master_sync.replacements r
    where ${isOpen(master)} and r.run is not null and not ${isCompared()} order by r.old_key`.execute(db)
  return rows.map(({ key, by }) => ({ key: keyFromDatabase(key), by }))
}

export async function noteOffList({ db }: Session, master: string, key: Key): Promise<void> {
  await sql`
    update master_sync.replacements set off_list = true
    where master = ${master} and old_key = ${[...key]}::text[]`.execute(db)
}

/** Of ids those that are being replaced: `awaited`, as long as the new id is listed or tracked; or whose list still names them. */
export async function replacedAmong(
  { db }: Session,
  keyed: Keyed,
  master: string,
  keys: readonly Key[],
): Promise<readonly { readonly key: Key; readonly awaited: boolean }[]> {
  if (keys.length === 0) return []
  const wanted = (table: Fragment): Fragment => sql`
    exists (select from ${table} e where e.master = r.master and e.key = r.new_key)`
  const { rows } = await sql<{ readonly key: string[]; readonly awaited: boolean }>`
    select r.old_key as key, r.run is null as awaited
    from master_sync.replacements r join ${givenKeys(keyed, keys)} on r.old_key = g.key
    where ${isOpen(master)} and (r.run is not null
      or ${wanted(sql`master_sync.target_entries`)} or ${wanted(sql`master_sync.tracked_rows`)})`.execute(db)
  return rows.map((row) => ({ ...row, key: keyFromDatabase(row.key) }))
}

/** Ids that another has taken the place of, or is to take it; not those whose rows are compared again. */
export async function superseded({ db }: Session, master: string): Promise<readonly Replacement[]> {
  const { rows } = await sql<Row>`
    select r.old_key, r.new_key from master_sync.replacements r
    where r.master = ${master} and (r.run is null or not ${isCompared()})`.execute(db)
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

function isOpen(master: string): Fragment {
  return sql`(r.master = ${master} and (r.run is null or not r.off_list))`
}

/** Whether the old row of a replacement `r` takes part in the comparison. */
function isCompared(): Fragment {
  return sql`exists (select from master_sync.tracked_rows t
    where t.master = r.master and t.key = r.old_key and t.outside is null)`
}

interface Row {
  readonly old_key: string[]
  readonly new_key: string[]
}

function toReplacement({ old_key, new_key }: Row): Replacement {
  return { oldKey: keyFromDatabase(old_key), newKey: keyFromDatabase(new_key) }
}
