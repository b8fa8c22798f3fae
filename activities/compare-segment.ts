import { stepFor, type Difference } from '../core/compare.js'
import { formatKey, type Key } from '../core/ids.js'
import type { RunContext } from '../db/runs.js'
import { compareSides } from '../db/compare-sides.js'
import { countListed, outsideHashes, type Scope } from '../db/digest.js'
import type { PlanCounts } from '../db/ledger.js'
import { removalsAmong } from '../db/removals.js'
import { adoptedKeys } from '../db/remove-rows.js'
import { parkKeys } from '../db/rejects.js'
import { storePlan, type PlannedStep } from '../db/plan-rows.js'
import { readSegment, storeComparison, type Compared, type Segment } from '../db/segments.js'
import type { Session } from '../db/session.js'
import { readSnapshot } from '../db/snapshot.js'
import { isUntouched, outsideKeys, trackedAmong } from '../db/tracked.js'
import { skippingUnconvertible } from '../db/unconvertible.js'
import type { ActivityDeps, SegmentInput } from './deps.js'
import { runStep, type StepTools } from './step.js'

/** What a comparison found, without the rows. */
export interface ComparedSegment {
  readonly listed: number
  readonly present: number
  /** Rows that an apply would see to; 0: nothing to do. */
  readonly work: number
}

/** Compares one segment and stores what an apply would do, row by row, or as a whole where nothing is there yet. */
export function compareSegment(deps: ActivityDeps) {
  return runStep(deps, async (tools, { ref, segment: number }: SegmentInput): Promise<ComparedSegment> => {
    const { source, cloud, context, lease, heard } = tools
    const segment = await readSegment(cloud, ref.run, number)
    const whole =
      context.only === undefined && (await isUntouched(cloud, context.layout, ref.master, segment.interval))
    if (whole) {
      const { listed, present } = await readSnapshot(source, context.layout, () =>
        countListed(source, context.layout, segment.interval),
      )
      const plan = { insert: present }
      return result(
        await storeComparison(cloud, lease, number, { whole, listed, present }, () => Promise.resolve(plan)),
      )
    }
    const compared = await compareScope(deps, tools, scopeOf(context, segment))
    heard()
    const steps = await planSteps(source, cloud, context, segment, compared.differences)
    const { listed, present } = compared
    return result(
      await storeComparison(cloud, lease, number, { whole, listed, present }, () =>
        storePlan(cloud, ref.run, number, context.layout, ref.master, steps),
      ),
    )
  })
}

function result({ listed, present, planned }: Compared): ComparedSegment {
  return { listed, present, work: total(planned) }
}

export function scopeOf(context: RunContext, segment: Segment): Scope {
  return context.only === undefined
    ? { kind: 'interval', interval: segment.interval, except: [] }
    : { kind: 'keys', keys: context.only }
}

/** Compares a scope, without the rows that a source in another encoding cannot send. */
export function compareScope(deps: ActivityDeps, tools: StepTools, scope: Scope) {
  const { source, cloud, context } = tools
  const { layout, run } = context
  const master = context.master.master
  return skippingUnconvertible(
    source,
    layout,
    scope,
    (refusals) => parkKeys(cloud, master, run, refusals),
    (readable) => compareSides({ ...tools, layout, master }, readable, deps.segmentRows),
  )
}

async function planSteps(
  source: Session,
  cloud: Session,
  context: RunContext,
  segment: Segment,
  found: readonly Difference[],
): Promise<readonly PlannedStep[]> {
  const { master, layout } = context
  const written = found.filter((difference) => stepFor(difference) === 'write').map(({ key }) => key)
  const returning = new Map(
    (await outsideHashes(cloud, layout, master.master, written)).map((row) => [formatKey(row.key), row.hash]),
  )
  const steps = found.map((difference): PlannedStep => {
    const { key, source: hash } = difference
    const equal = typeof hash === 'string' && returning.get(formatKey(key)) === hash
    return { key, step: equal ? 'return' : stepFor(difference) }
  })
  const removals = steps.filter(({ step }) => step === 'untargeted' || step === 'gone')
  const outside = await outsideScope(cloud, context, segment)
  const stillAway =
    outside.length === 0
      ? []
      : await readSnapshot(source, layout, () => removalsAmong(source, layout, outside))
  // A list that changed between the two looks may give a key to both.
  const compared = new Set(steps.map(({ key }) => formatKey(key)))
  const standing = stillAway
    .filter(({ key }) => !compared.has(formatKey(key)))
    .map(({ key, cause }): PlannedStep => ({ key, step: cause }))
  const others = steps.filter(({ step }) => step !== 'untargeted' && step !== 'gone')
  const adopted = new Set(
    (
      await adoptedKeys(
        cloud,
        layout,
        master.master,
        [...removals, ...standing].map((r) => r.key),
      )
    ).map(formatKey),
  )
  /** What a removal comes to; a row that was the cloud's own is let go when off the list, and kept when gone. */
  const settle = ({ key, step }: PlannedStep): PlannedStep['step'] => {
    if (step !== 'untargeted' && step !== 'gone') return step
    if (master.removals[step] === 'keep') return 'keep'
    if (!adopted.has(formatKey(key))) return step
    return step === 'untargeted' ? 'forget' : 'keep'
  }
  return [
    ...others,
    ...removals.map((removal) => ({ key: removal.key, step: settle(removal) })),
    // Rows kept outside the comparison are looked at again under today's policy; what stays kept needs no plan.
    ...standing
      .map((removal) => ({ key: removal.key, step: settle(removal) }))
      .filter(({ step }) => step !== 'keep'),
  ]
}

async function outsideScope(cloud: Session, context: RunContext, segment: Segment): Promise<readonly Key[]> {
  if (context.only === undefined) return outsideKeys(cloud, context.master.master, segment.interval)
  const tracked = await trackedAmong(cloud, context.layout, context.master.master, context.only)
  return tracked.filter((row) => row.outside !== null).map((row) => row.key)
}

function total(counts: PlanCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
