import { sql } from 'kysely'
import { formatKey, type Key } from '../core/ids.js'
import { BATCH_LOCK_TIMEOUT, type ApplyContext } from './apply-context.js'
import { tableOf } from './fragments.js'
import { checkLease } from './lease.js'
import { applyStaged } from './apply-staged.js'
import type { Scope } from './digest.js'
import { parkKeys, stagedKeys } from './rejects.js'
import { applyRemovals, type PlannedRemoval } from './apply-removals.js'
import { withListed } from './listed-ids.js'
import type { PlannedRow } from './plan-rows.js'
import { removalsAmong } from './removals.js'
import { READ_COMMITTED, transaction } from './session.js'
import { readSnapshot } from './snapshot.js'
import { copyToStage, stagedRange } from './stage.js'
import { NONE_WRITTEN, type Written } from './track-rows.js'

export interface Batch {
  readonly writes: Scope | undefined
  /** How many rows the writes are expected to be; fewer means that some moved. */
  readonly expected: number
  /** The cloud should hold none of the rows to write. */
  readonly absent: boolean
  readonly removals: readonly PlannedRow[]
  /** Wait for rows that someone else holds: for one row at a time. */
  readonly patient: boolean
}

export interface BatchResult extends Written {
  readonly removed: number
  readonly marked: number
  /** Not as planned any more at the source: left to the next run. */
  readonly moved: number
  /** Rows to be written that the cloud refused. */
  readonly rejected: number
  /** Rows to be removed that it kept. */
  readonly stuck: number
  /** Held by someone else: to be written last, one at a time. */
  readonly busy: readonly Key[]
}

/**
 * Writes one batch in one transaction of the cloud: stage, decide from locked rows, write, track, checkpoint, fence.
 * @param checkpoint the last write before the fence: notes in the same transaction that the batch is done
 */
export async function applyBatch(
  context: ApplyContext,
  batch: Batch,
  checkpoint: (result: BatchResult) => Promise<void>,
): Promise<BatchResult> {
  const { cloud, master, layout, lease, patienceMs } = context
  return transaction(cloud, READ_COMMITTED, async () => {
    const lockTimeout = batch.patient ? Math.floor(patienceMs) : BATCH_LOCK_TIMEOUT
    await sql`set local lock_timeout = ${sql.lit(lockTimeout)}`.execute(cloud.db)
    await sql`set constraints all immediate`.execute(cloud.db)
    const removals = await readSource(context, batch)
    // Locks the table as the writes will, before any savepoint: someone's lock on all of it (create index, alter
    // table) is waited for by trying the step again, not row by row.
    await sql`delete from ${tableOf(layout.cloud.table)} where false`.execute(cloud.db)
    const range = await stagedRange(cloud)
    const staged =
      range === undefined
        ? NOTHING_STAGED
        : await applyStaged(context, range, {
            patient: batch.patient,
            absent: batch.absent,
          })
    const { written } = staged
    const accounted = Object.values<number>({ ...written }).reduce((sum, count) => sum + count, 0)
    const rows = range === undefined ? 0 : range.last - range.first + 1
    if (accounted + staged.busy.length + staged.refused.length !== rows) {
      throw new Error(`of ${rows} rows staged ${accounted} were written: some are unaccounted for`)
    }
    const removed = await applyRemovals(context, removals, batch.patient)
    const keys = await stagedKeys(cloud, [...staged.busy, ...staged.refused.map((row) => row.n)])
    const refused = staged.refused.flatMap(({ n, ...refusal }) =>
      withKey(keys, n).map((key) => ({ key, ...refusal })),
    )
    await parkKeys(cloud, master.master, lease.run, [...refused, ...removed.refused])
    const result: BatchResult = {
      ...written,
      removed: removed.removed,
      marked: removed.marked,
      moved:
        Math.max(0, batch.expected - rows) +
        (batch.removals.length - removals.length) +
        written.left +
        removed.left,
      rejected: refused.length,
      stuck: removed.refused.length,
      busy: [...staged.busy.flatMap((n) => withKey(keys, n)), ...removed.busy],
    }
    await checkpoint(result)
    await checkLease(cloud, lease)
    return result
  })
}

const NOTHING_STAGED = { written: NONE_WRITTEN, busy: [], refused: [] } as const

function withKey(keys: ReadonlyMap<number, Key>, n: number): readonly Key[] {
  const key = keys.get(n)
  return key === undefined ? [] : [key]
}

/**
 * In one snapshot of the source: copies the rows to write, and looks again which of the rows to remove are still
 * off the list or gone. A row planned for writing that has vanished is not removed instead: a source that is
 * emptied while a run is under way never turns updates into removals.
 */
async function readSource(
  { source, cloud, master, layout, heard }: ApplyContext,
  batch: Batch,
): Promise<readonly PlannedRemoval[]> {
  const kinds = new Map(batch.removals.map(({ key, kind }) => [formatKey(key), kind]))
  const keys = batch.removals.map(({ key }) => key)
  return readSnapshot(source, layout, async () => {
    if (batch.writes !== undefined) await copyToStage(source, cloud, layout, batch.writes, heard)
    const listed = await withListed(cloud, master.master, layout, { kind: 'keys', keys })
    const removals = await removalsAmong(source, listed, keys)
    return removals.map((removal) => ({ ...removal, kind: kinds.get(formatKey(removal.key)) ?? 'keep' }))
  })
}
