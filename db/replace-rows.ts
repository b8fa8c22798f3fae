import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { cloudEquals, givenKeys, tableOf } from './fragments.js'
import { checkLease } from './lease.js'
import { carryCells, CellHeld, type CarriedCells } from './replace-cells.js'
import { rememberReplaced } from './replace-history.js'
import { stateOf, type ReplaceContext, type RowState } from './replace-state.js'
import { isWaiting } from './replacement-state.js'
import type { Replacement } from './replacements.js'
import { retire } from './retire-row.js'
import { imageHash } from './row-hash.js'
import { inSavepoint } from './savepoint.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

/**
 * Lets one row take the place of another, in one transaction. Waits for another run where the new row is not there, is
 * not compared, or is locked, or where someone holds either of them, or what a cell refers to.
 */
export async function replaceRow(context: ReplaceContext, keys: Replacement): Promise<void> {
  try {
    await attempt(context, keys)
  } catch (error) {
    if (!(error instanceof CellHeld)) throw error
  }
}

async function attempt(context: ReplaceContext, keys: Replacement): Promise<void> {
  const { cloud, master, layout, lease, patienceMs } = context
  const { oldKey, newKey } = keys
  await transaction(cloud, READ_COMMITTED, async () => {
    await sql`set local lock_timeout = ${sql.lit(Math.floor(patienceMs))}`.execute(cloud.db)
    await sql`set constraints all immediate`.execute(cloud.db)
    // As a batch does: whoever has locked all of the table is waited for by trying the step again.
    await sql`delete from ${tableOf(layout.cloud.table)} where false`.execute(cloud.db)
    if (!(await isPending(cloud, master, keys))) return
    const locked = await inSavepoint(cloud, () => lockRows(cloud, layout, [oldKey, newKey]))
    if (!locked.ok) return
    const next = await stateOf(context, newKey)
    if (next?.inCloud !== true || next.outside !== null || next.locked) return
    const old = await stateOf(context, oldKey)
    const cells =
      old?.inCloud === true ? await carryCells(cloud, layout, master, lease.run, keys) : NOTHING_CARRIED
    const updated = cells.carried.length > 0
    if (updated) await takeIn(context, next, cells)
    const marked = old !== undefined && (await retire(context, old, newKey))
    await noteReplaced(context, keys, cells, {
      updated: updated && !next.counted ? 1 : 0,
      marked: marked ? 1 : 0,
    })
    await checkLease(cloud, lease)
  })
}

const NOTHING_CARRIED: CarriedCells = { carried: [], left: [], before: {}, after: {} }

/** Locks what was asked for against being asked otherwise. */
async function isPending({ db }: Session, master: string, { oldKey, newKey }: Replacement): Promise<boolean> {
  const { rows } = await sql`
    select from master_sync.replacements r
    where r.master = ${master} and r.old_key = ${[...oldKey]}::text[] and r.new_key = ${[...newKey]}::text[]
      and ${isWaiting()}
    for update of r`.execute(db)
  return rows.length > 0
}

async function lockRows({ db }: Session, layout: Layout, keys: readonly Key[]): Promise<void> {
  await sql`
    select from ${givenKeys(layout, keys)} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
    order by g.key for no key update of c`.execute(db)
}

/** The new row has got cells. What triggers of the table made of it then is no difference, where there was none before. */
async function takeIn(
  { cloud, layout, master, lease }: ReplaceContext,
  { key, tracked, untouched }: RowState,
  { before, after }: CarriedCells,
): Promise<void> {
  await rememberReplaced(cloud, layout, master, lease.run, { key, kind: 'updated', before, after, tracked })
  if (!layout.cloud.triggers || !untouched) return
  const image = imageHash(layout)
  await sql`
    update master_sync.tracked_rows t set altered = nullif(${image}, t.applied)
    from ${tableOf(layout.cloud.table)} c
    where t.master = ${master} and t.key = ${[...key]}::text[] and ${cloudEquals(layout, sql`t.key`)}
      and t.altered is distinct from nullif(${image}, t.applied)`.execute(cloud.db)
}

/** What waits for the old id waits for the new one from now on; the other way round it has nothing more to wait for. */
async function noteReplaced(
  { cloud: { db }, master, lease }: ReplaceContext,
  { oldKey, newKey }: Replacement,
  { carried, left }: CarriedCells,
  written: { readonly updated: number; readonly marked: number },
): Promise<void> {
  await sql`
    with opposite as (
      delete from master_sync.replacements
      where master = ${master} and old_key = ${[...newKey]}::text[] and new_key = ${[...oldKey]}::text[] and run is null
    ), done as (
      update master_sync.replacements set run = ${lease.run}, done_at = clock_timestamp(),
        carried = ${[...carried]}::text[], left_alone = ${JSON.stringify(left)}::jsonb,
        written = ${JSON.stringify(written)}::jsonb
      where master = ${master} and old_key = ${[...oldKey]}::text[] returning asked_at
    )
    update master_sync.replacements r set new_key = ${[...newKey]}::text[],
      asked_at = greatest(r.asked_at, done.asked_at)
    from done where r.master = ${master} and r.new_key = ${[...oldKey]}::text[]
      and r.old_key <> ${[...newKey]}::text[] and ${isWaiting()}`.execute(db)
}
