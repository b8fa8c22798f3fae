import { SyncError } from '../core/errors.js'
import type { Key } from '../core/ids.js'
import { isWrite } from '../core/plan.js'
import { applyBatch, type Batch, type BatchResult } from '../db/apply-batch.js'
import type { ApplyContext } from '../db/apply-context.js'
import { clearBusy, noteBusy, readBusy, readPlan, type PlannedRow } from '../db/plan-rows.js'
import { withListed } from '../db/listed-ids.js'
import { countRejects, parkKeys } from '../db/rejects.js'
import {
  addCounts,
  advance,
  noteWritten,
  readSegment,
  type Segment,
  type SegmentCounts,
} from '../db/segments.js'
import { createStage } from '../db/stage.js'
import { skippingUnconvertible } from '../db/unconvertible.js'
import { patienceOf, type ActivityDeps, type SegmentInput } from './deps.js'
import { runStep, type StepTools } from './step.js'

export interface ApplyInput extends SegmentInput {
  /** Ids on the list, all segments together: what the limit on refusals is a share of. */
  readonly listed: number
}

/**
 * Writes the plan of one segment, batch by batch, from where the last attempt got to. Each batch is one transaction
 * of the cloud that also moves the checkpoint; killed anywhere, the next attempt goes on behind the last commit.
 */
export function applySegment(deps: ActivityDeps) {
  return runStep(deps, async (tools, { ref, segment: number, listed }: ApplyInput) => {
    const { source, cloud, context, lease, heard } = tools
    await createStage(cloud, context.layout)
    const apply: ApplyContext = {
      source,
      cloud,
      master: context.master,
      layout: context.layout,
      lease,
      segment: number,
      approved: context.answers !== undefined,
      free: context.approved,
      patienceMs: patienceOf(deps),
      heard,
    }
    let segment = await readSegment(cloud, ref.run, number)
    while (!segment.applied) {
      segment = segment.whole ? await applyWhole(apply, segment) : await applyPlanned(deps, apply, segment)
      heard()
      await checkRejects(tools, segment, listed)
    }
    return { rows: await applyBusy(apply, segment) }
  })
}

async function applyWhole(apply: ApplyContext, segment: Segment): Promise<Segment> {
  const scope = { kind: 'interval', interval: segment.interval, except: [] } as const
  return applyOne(
    apply,
    segment,
    { writes: scope, expected: segment.present, absent: true, removals: [], patient: false },
    { cursor: segment.cursor, applied: true },
  )
}

async function applyPlanned(deps: ActivityDeps, apply: ApplyContext, segment: Segment): Promise<Segment> {
  const plan = await readPlan(apply.cloud, apply.lease.run, segment, deps.batchRows)
  const last = plan.at(-1)
  return applyOne(apply, segment, toBatch(plan, false), {
    cursor: last?.key ?? segment.cursor,
    applied: plan.length < deps.batchRows,
  })
}

function toBatch(plan: readonly PlannedRow[], patient: boolean): Batch {
  const writes = plan.filter(({ kind }) => isWrite(kind)).map(({ key }) => key)
  return {
    writes: writes.length === 0 ? undefined : { kind: 'keys', keys: writes },
    expected: writes.length,
    absent: false,
    removals: plan.filter(({ kind }) => !isWrite(kind)),
    patient,
  }
}

async function applyOne(
  apply: ApplyContext,
  segment: Segment,
  batch: Batch,
  next: { readonly cursor: Key | undefined; readonly applied: boolean },
): Promise<Segment> {
  const { run } = apply.lease
  const note = async (result: BatchResult): Promise<Segment> => {
    await noteBusy(apply.cloud, run, segment.number, result.busy)
    const written = addCounts([segment.written, countsOf(result)])
    await advance(apply.cloud, run, segment, { ...next, written })
    return { ...segment, ...next, written }
  }
  return applyReadable(apply, batch, note)
}

/** Applies a batch without the rows that a source in another encoding cannot send. */
async function applyReadable<T>(
  apply: ApplyContext,
  batch: Batch,
  checkpoint: (result: BatchResult) => Promise<T>,
): Promise<T> {
  let noted: { readonly value: T } | undefined
  const { writes: all } = batch
  const { cloud, master, lease } = apply
  const layout = all === undefined ? apply.layout : await withListed(cloud, master.master, apply.layout, all)
  const run = async (writes: Batch['writes']): Promise<void> => {
    // Those that cannot be read are refused, not moved.
    const expected =
      writes?.kind === 'keys' ? writes.keys.length : batch.expected - (writes?.except.length ?? 0)
    await applyBatch({ ...apply, layout }, { ...batch, writes, expected }, async (result) => {
      noted = { value: await checkpoint(result) }
    })
  }
  if (all === undefined) await run(undefined)
  else {
    await skippingUnconvertible(
      apply.source,
      layout,
      all,
      (refusals) => parkKeys(cloud, master.master, lease.run, refusals),
      run,
    )
  }
  if (noted === undefined) throw new Error('a batch committed without its checkpoint')
  return noted.value
}

/** Rows that someone held, one transaction each: a user of the table never waits for more than the one row. */
async function applyBusy(apply: ApplyContext, segment: Segment): Promise<SegmentCounts> {
  const { cloud, lease, heard } = apply
  let { written } = segment
  for (const row of await readBusy(cloud, lease.run, segment.number)) {
    const before = written
    written = await applyReadable(apply, toBatch([row], true), async (result) => {
      const after = addCounts([before, countsOf(result)])
      await clearBusy(cloud, lease.run, segment.number, row.key)
      await noteWritten(cloud, lease.run, segment.number, { before, after })
      return after
    })
    heard()
  }
  return written
}

function countsOf({ busy: _, ...counts }: BatchResult): SegmentCounts {
  return counts
}

/** Fewer refusals than this never stop a run, whatever their share. */
const REJECTS_ALLOWED = 10

async function checkRejects({ cloud, context }: StepTools, segment: Segment, listed: number): Promise<void> {
  if ((segment.written['rejected'] ?? 0) + (segment.written['stuck'] ?? 0) === 0) return
  const limit = context.master.guards.rejects
  const rejected = await countRejects(cloud, context.master.master, context.run)
  const overRows = limit.rows !== undefined && rejected > limit.rows
  const overPercent =
    limit.percent !== undefined &&
    limit.percent < 100 &&
    rejected > REJECTS_ALLOWED &&
    rejected * 100 > Math.max(listed, context.tracked) * limit.percent
  if (!overRows && !overPercent) return
  throw new SyncError(
    'REJECTS_EXCEEDED',
    `the cloud refused ${rejected} of ${listed} rows; what was written before stays`,
  )
}
