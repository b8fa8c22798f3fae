import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import type { RemovalCause } from '../core/master.js'
import { MARKS } from '../core/own-columns.js'
import type { ApplyContext } from './apply-context.js'
import { cloudEquals, type Fragment, givenKeys, isLocked, tableOf, textOf } from './fragments.js'
import { hasEdits } from './removal-facts.js'
import { isAwaited } from './replacement-state.js'
import { valuesHash } from './row-hash.js'
import type { Session } from './session.js'

/** All that an insert would have to give to make a cloud row `c` again, as texts by column. */
export function rowTexts(layout: Layout): Fragment {
  const names = layout.cloud.row.map(({ name }) => sql.lit(name))
  const values = layout.cloud.row.map((column) => textOf('c', column))
  return sql`jsonb_object(array[${sql.join(names)}], array[${sql.join(values)}])`
}

/** Locks the cloud rows of the keys, in key order; rows held by someone else are passed over unless `patient`. */
export async function lockForRemoval(
  { db }: Session,
  layout: Layout,
  keys: readonly Key[],
  patient: boolean,
): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: Key }>`
    select g.key from ${givenKeys(layout, keys)} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
    order by g.key for update of c ${patient ? sql`` : sql`skip locked`}`.execute(db)
  return rows.map((row) => row.key)
}

/** Of the keys, those that have a row in the cloud. */
export async function existingKeys(
  { db }: Session,
  layout: Layout,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ readonly key: Key }>`
    select g.key from ${givenKeys(layout, keys)} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
  `.execute(db)
  return rows.map((row) => row.key)
}

/**
 * Of locked rows those that are not to go after all: not ours any more, locked by their lock column by now, holding what
 * people wrote and nobody saw, not any more what was approved, or to give what they hold to another row by now.
 */
export async function unfitForRemoval(
  { cloud, layout, master, lease, segment, approved, free }: ApplyContext,
  keys: readonly Key[],
  deleted: boolean,
): Promise<readonly Key[]> {
  if (keys.length === 0) return []
  const edited = deleted && !free && !approved ? hasEdits(layout) : sql`false`
  const awaited = deleted ? isAwaited(master.master, sql`g.key`) : sql`false`
  const other = approved
    ? sql`(select p.image from master_sync.plan_rows p
        where p.run = ${lease.run} and p.segment = ${segment} and p.key = g.key) is distinct from ${valuesHash(layout)}`
    : sql`false`
  const { rows } = await sql<{ readonly key: Key }>`
    select g.key from ${givenKeys(layout, keys)} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
      left join master_sync.tracked_rows t on t.master = ${master.master} and t.key = g.key
    where t.key is null or ${isLocked(layout)} or ${edited} or ${awaited} or ${other}`.execute(cloud.db)
  return rows.map((row) => row.key)
}

/**
 * Deletes rows and stops tracking them; the history keeps all that they held.
 * @returns the keys of the rows deleted: fewer than given where a trigger kept one
 */
export async function deleteRows(
  { db }: Session,
  layout: Layout,
  master: string,
  run: number,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: Key }>`
    with deleted as (
      delete from ${tableOf(layout.cloud.table)} c using ${givenKeys(layout, keys)}
      where ${cloudEquals(layout, sql`g.key`)} returning g.key, ${rowTexts(layout)} as held
    ), untracked as (
      delete from master_sync.tracked_rows t using deleted where t.master = ${master} and t.key = deleted.key
    ), remembered as (
      insert into master_sync.row_history (master, key, run, kind, before, tracked)
      select ${master}, d.key, ${run}, 'removed', d.held, to_jsonb(t)
      from deleted d left join master_sync.tracked_rows t on t.master = ${master} and t.key = d.key
    )
    select key from deleted`.execute(db)
  return rows.map((row) => row.key)
}

/**
 * Marks rows as removed, and leaves them out of the comparison.
 * @returns the keys of the rows marked: fewer than given where a trigger dropped an update
 */
export async function markRows(
  { db }: Session,
  layout: Layout,
  master: string,
  run: number,
  cause: RemovalCause,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  const [at, reason] = [sql.id(MARKS.at.name), sql.id(MARKS.reason.name)]
  const cells = (row: string): Fragment => sql`
    jsonb_build_object(${sql.lit(MARKS.at.name)}, ${sql.id(row)}.${at}::text, ${sql.lit(MARKS.reason.name)}, ${sql.id(row)}.${reason}::text)`
  const { rows } = await sql<{ readonly key: Key }>`
    with was as (
      select g.key, ${cells('c')} as before, to_jsonb(t) as tracked
      from ${givenKeys(layout, keys)} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
        join master_sync.tracked_rows t on t.master = ${master} and t.key = g.key
    ), marked as (
      update ${tableOf(layout.cloud.table)} c set ${at} = clock_timestamp(), ${reason} = ${cause}
      from was where ${cloudEquals(layout, sql`was.key`)}
      returning was.key, was.before, was.tracked, ${cells('c')} as after
    ), noted as (
      update master_sync.tracked_rows t set outside = ${`marked_${cause}`} from marked m
      where t.master = ${master} and t.key = m.key
    ), remembered as (
      insert into master_sync.row_history (master, key, run, kind, before, after, tracked)
      select ${master}, key, ${run}, 'marked', before, after, tracked from marked
    )
    select key from marked`.execute(db)
  return rows.map((row) => row.key)
}

/** Stops tracking the keys; their cloud rows, if any, are from then on the cloud's own. */
export async function untrack(
  { db }: Session,
  layout: Layout,
  master: string,
  run: number,
  keys: readonly Key[],
): Promise<void> {
  if (keys.length === 0) return
  await sql`
    with untracked as (
      delete from master_sync.tracked_rows t using ${givenKeys(layout, keys)} where t.master = ${master} and t.key = g.key
      returning t.*
    )
    insert into master_sync.row_history (master, key, run, kind, tracked)
    select master, key, ${run}, 'noted', to_jsonb(u) from untracked u`.execute(db)
}

/** Leaves the rows in the cloud, outside the comparison. */
export async function keepRows(
  { db }: Session,
  layout: Layout,
  master: string,
  run: number,
  keys: readonly Key[],
): Promise<void> {
  if (keys.length === 0) return
  await sql`
    with was as (
      select t.* from master_sync.tracked_rows t join ${givenKeys(layout, keys)} on t.key = g.key
      where t.master = ${master} and t.outside is null
    ), kept as (
      update master_sync.tracked_rows t set outside = 'kept' from was where t.master = was.master and t.key = was.key
    )
    insert into master_sync.row_history (master, key, run, kind, tracked)
    select master, key, ${run}, 'noted', to_jsonb(was) from was`.execute(db)
}
