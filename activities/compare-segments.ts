import type { PlanCounts } from '../core/plan.js'
import { holderOf, spanOf, type Interval } from '../core/segments.js'
import { checkLease } from '../db/lease.js'
import { isHashedAlike, isSeasoned, type RunContext } from '../db/runs.js'
import { compareSides } from '../db/compare-sides.js'
import { countListed, sourceHashes, type Scope } from '../db/digest.js'
import { readHold } from '../db/holds.js'
import { parkKeys } from '../db/rejects.js'
import { storePlan } from '../db/plan-rows.js'
import type { PlannedStep } from '../db/planned-step.js'
import { readSegments, storeComparison, type FoundSegment, type Segment } from '../db/segments.js'
import { READ_COMMITTED, transaction } from '../db/session.js'
import { readSnapshot } from '../db/snapshot.js'
import { isUntouched, refreshEqual } from '../db/tracked.js'
import { skippingUnconvertible } from '../db/unconvertible.js'
import type { ActivityDeps, RunRef } from './deps.js'
import { planSteps } from './plan-steps.js'
import { runStep, withListOf, type StepTools } from './step.js'

export interface CompareInput {
  readonly ref: RunRef
  /** Consecutive segments, compared together: each look at the source reads the whole of it. */
  readonly first: number
  readonly last: number
}

/** What a comparison found, without the rows. */
export interface ComparedSegments {
  readonly listed: number
  /** The segments in which an apply would see to rows, and to how many. */
  readonly work: readonly (readonly [segment: number, rows: number])[]
}

/** Compares segments and stores what an apply would do, row by row, or as wholes where nothing is there yet. */
export function compareSegments(deps: ActivityDeps) {
  return runStep(deps, async (unlisted, { ref, first, last }: CompareInput): Promise<ComparedSegments> => {
    const segments = await readSegments(unlisted.cloud, ref.run, first, last)
    const tools = await withListOf(unlisted, scopeOf(unlisted.context, spanOf(segments)))
    const { cloud, context, lease, heard } = tools
    const { layout } = context
    const found: FoundSegment[] = []
    for (const { whole, members } of await parts(tools, segments))
      found.push(...(whole ? await wholes(tools, members) : await planned(deps, tools, members)))
    heard()
    const stored = await storeComparison(cloud, lease, found, (segment, steps) =>
      storePlan(cloud, ref.run, segment, layout, steps, heard),
    )
    return {
      listed: stored.reduce((sum, { listed }) => sum + (listed ?? 0), 0),
      work: stored.flatMap(({ segment, planned: counts }) => {
        const rows = total(counts)
        return rows === 0 ? [] : [[segment, rows] as const]
      }),
    }
  })
}

/** Neighbours in which the cloud holds nothing, and neighbours in which it does. */
async function parts(
  { cloud, context }: StepTools,
  segments: readonly Segment[],
): Promise<readonly { readonly whole: boolean; readonly members: Segment[] }[]> {
  const { layout, master, only } = context
  const untouched = (interval: Interval): Promise<boolean> =>
    isUntouched(cloud, layout, master.master, interval)
  // Rows that a guard may hold are planned one by one.
  const free =
    context.approved ||
    !((await isSeasoned(cloud, master.master)) || (await readHold(cloud, master.master)) !== undefined)
  if (only !== undefined || !free) return [{ whole: false, members: [...segments] }]
  if (await untouched(spanOf(segments))) return [{ whole: true, members: [...segments] }]
  const found: { readonly whole: boolean; readonly members: Segment[] }[] = []
  for (const segment of segments) {
    const whole = await untouched(segment.interval)
    const last = found.at(-1)
    if (last?.whole === whole) last.members.push(segment)
    else found.push({ whole, members: [segment] })
  }
  return found
}

async function wholes(
  { source, context: { layout } }: StepTools,
  segments: readonly Segment[],
): Promise<readonly FoundSegment[]> {
  const counts = await readSnapshot(source, layout, () =>
    countListed(
      source,
      layout,
      segments.map(({ interval }) => interval),
    ),
  )
  return segments.map(({ number }, index) => ({
    segment: number,
    whole: true,
    listed: counts[index]?.listed ?? 0,
    present: counts[index]?.present ?? 0,
    steps: [],
  }))
}

async function planned(
  deps: ActivityDeps,
  tools: StepTools,
  segments: readonly Segment[],
): Promise<readonly FoundSegment[]> {
  const { context } = tools
  const span = spanOf(segments)
  const { listed, present, differences } = await compareScope(
    tools,
    scopeOf(context, span),
    deps.segmentRows * segments.length,
  )
  tools.heard()
  if (context.mode === 'apply' && context.only === undefined) await refreshApplied(tools, span)
  const bySegment = new Map<number, PlannedStep[]>(segments.map(({ number }) => [number, []]))
  for (const step of await planSteps(tools, scopeOf(context, span), differences))
    bySegment.get(holderOf(segments, step.key).number)?.push(step)
  return segments.map(({ number }, index) => ({
    segment: number,
    whole: false,
    listed: index === 0 ? listed : null,
    present: index === 0 ? present : null,
    steps: bySegment.get(number) ?? [],
  }))
}

/**
 * Rows found equal keep the hash of what was applied to them. Where other columns are compared than when it was
 * computed, it says nothing any more: then it becomes the hash that they were found equal by.
 */
async function refreshApplied(
  { source, cloud, context, lease }: StepTools,
  interval: Interval,
): Promise<void> {
  const { layout, master, run } = context
  if (await isHashedAlike(cloud, master.master, run, layout)) return
  const scope: Scope = { kind: 'interval', interval, except: [] }
  const park = (refusals: Parameters<typeof parkKeys>[3]): Promise<void> =>
    parkKeys(cloud, master.master, run, refusals)
  const rows = await skippingUnconvertible(source, layout, scope, park, (readable) =>
    readSnapshot(source, layout, () => sourceHashes(source, layout, readable)),
  )
  await transaction(cloud, READ_COMMITTED, async () => {
    await refreshEqual(
      cloud,
      layout,
      master.master,
      rows.filter(({ hash }) => hash !== null),
    )
    await checkLease(cloud, lease)
  })
}

export function scopeOf(context: RunContext, interval: Interval): Scope {
  return context.only === undefined
    ? { kind: 'interval', interval, except: [] }
    : { kind: 'keys', keys: context.only }
}

/**
 * Compares a scope, without the rows that a source in another encoding cannot send.
 * @param rows about how many rows it holds
 */
export function compareScope(tools: StepTools, scope: Scope, rows: number) {
  const { source, cloud, context } = tools
  const { layout, run } = context
  const master = context.master.master
  return skippingUnconvertible(
    source,
    layout,
    scope,
    (refusals) => parkKeys(cloud, master, run, refusals),
    (readable) => compareSides({ ...tools, layout, master }, readable, rows),
  )
}

function total(counts: PlanCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
