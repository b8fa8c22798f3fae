import { sql } from 'kysely'
import { formatKey, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { MARKS, REPLACED } from '../core/own-columns.js'
import { cloudEquals, givenKeys, isLocked, tableOf } from './fragments.js'
import { isInCloud } from './digest.js'
import { checkLease, type Lease } from './lease.js'
import { dropRejects } from './rejects.js'
import { carryCells, type CarriedCells, type Texts } from './replace-cells.js'
import { rememberReplaced } from './replace-history.js'
import type { Replacement } from './replacements.js'
import { cloudHash, imageHash, seenHash } from './row-hash.js'
import { inSavepoint } from './savepoint.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

export interface ReplaceContext {
  readonly cloud: Session
  readonly master: string
  readonly layout: Layout
  readonly lease: Lease
  /** How long rows that someone else holds are waited for. */
  readonly patienceMs: number
}

/**
 * Lets one row take the place of another, in one transaction. Waits for another run where the new row is not there, is
 * not compared, or is locked, or where someone holds either of them.
 */
export async function replaceRow(context: ReplaceContext, keys: Replacement): Promise<void> {
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
    select from master_sync.replacements
    where master = ${master} and old_key = ${[...oldKey]}::text[] and new_key = ${[...newKey]}::text[] and run is null
    for update`.execute(db)
  return rows.length > 0
}

async function lockRows({ db }: Session, layout: Layout, keys: readonly Key[]): Promise<void> {
  await sql`
    select from ${givenKeys(layout, keys)} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
    order by g.key for no key update of c`.execute(db)
}

interface RowState {
  readonly key: Key
  readonly inCloud: boolean
  readonly locked: boolean
  /** Why it stands outside the comparison. */
  readonly outside: string | null
  /** It is as the sync left it, but for what people may edit. */
  readonly untouched: boolean
  /** This run has written it before, and says so. */
  readonly counted: boolean
  /** The tracked row as JSON: a text, for its hashes are no JavaScript numbers. */
  readonly tracked: string
}

/** undefined: it is not tracked */
async function stateOf(
  { cloud: { db }, layout, master, lease: { run } }: ReplaceContext,
  key: Key,
): Promise<RowState | undefined> {
  const { rows } = await sql<Omit<RowState, 'key'>>`
    select ${isInCloud(layout)} as "inCloud", ${isLocked(layout)} as locked, t.outside, to_jsonb(t)::text as tracked,
      t.since is not distinct from ${run}::bigint or exists (select from master_sync.row_history h
        where h.master = t.master and h.key = t.key and h.run = ${run}) as counted,
      ${isInCloud(layout)} and ${cloudHash(layout).row} = ${seenHash(layout)} as untouched
    from master_sync.tracked_rows t left join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`t.key`)}
    where t.master = ${master} and t.key = ${[...key]}::text[]`.execute(db)
  const [row] = rows
  return row === undefined ? undefined : { key, ...row }
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

/** @returns whether the old row was marked */
async function retire(
  { cloud, layout, master, lease }: ReplaceContext,
  { key, inCloud, locked, tracked }: RowState,
  newKey: Key,
): Promise<boolean> {
  const marks =
    layout.cloud.marks && inCloud && !locked ? await markReplaced(cloud, layout, key, newKey) : undefined
  await rememberReplaced(cloud, layout, master, lease.run, {
    key,
    kind: marks === undefined ? 'noted' : 'marked',
    before: marks?.before ?? {},
    after: marks?.after ?? {},
    tracked,
  })
  await sql`
    update master_sync.tracked_rows set outside = 'replaced'
    where master = ${master} and key = ${[...key]}::text[]`.execute(cloud.db)
  await dropRejects(cloud, master, [key])
  return marks !== undefined
}

interface Marks {
  readonly before: Texts
  readonly after: Texts
}

/** Since when a row was marked before stays. A row that the table will not have marked stands without. */
async function markReplaced(
  session: Session,
  layout: Layout,
  key: Key,
  newKey: Key,
): Promise<Marks | undefined> {
  const [at, reason] = [sql.id(MARKS.at.name), sql.id(MARKS.reason.name)]
  const cells = (row: string) => sql`
    jsonb_build_object(${sql.lit(MARKS.at.name)}, ${sql.id(row)}.${at}::text, ${sql.lit(MARKS.reason.name)}, ${sql.id(row)}.${reason}::text)`
  const attempt = await inSavepoint(
    session,
    async () => {
      const { rows } = await sql<Marks>`
        with was as (
          select g.key, ${cells('c')} as before
          from ${givenKeys(layout, [key])} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
        )
        update ${tableOf(layout.cloud.table)} c set ${at} = coalesce(c.${at}, clock_timestamp()),
          ${reason} = ${REPLACED + formatKey(newKey)}
        from was where ${cloudEquals(layout, sql`was.key`)}
        returning was.before, ${cells('c')} as after`.execute(session.db)
      return rows
    },
    (rows) => rows.length === 1,
  )
  return attempt.ok ? attempt.value[0] : undefined
}

async function noteReplaced(
  { cloud: { db }, master, lease }: ReplaceContext,
  { oldKey }: Replacement,
  { carried, left }: CarriedCells,
  written: { readonly updated: number; readonly marked: number },
): Promise<void> {
  await sql`
    update master_sync.replacements set run = ${lease.run}, carried = ${[...carried]}::text[],
      left_alone = ${[...left]}::text[], written = ${JSON.stringify(written)}::jsonb
    where master = ${master} and old_key = ${[...oldKey]}::text[]`.execute(db)
}
