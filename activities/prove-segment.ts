import type { Difference } from '../core/compare.js'
import { formatKey, type Key } from '../core/ids.js'
import { rejectedAmong } from '../db/rejects.js'
import { plannedAmong } from '../db/plan-rows.js'
import { readSegment } from '../db/segments.js'
import { trackedAmong } from '../db/tracked.js'
import type { ActivityDeps, SegmentInput } from './deps.js'
import { compareScope, scopeOf } from './compare-segment.js'
import { runStep, type StepTools } from './step.js'

export interface ProvenSegment {
  /** Rows that differ although both sides should hold them alike. */
  readonly unequal: number
  /** Rows that moved at the source since they were applied. */
  readonly moved: number
  /** Some of the unequal ids. */
  readonly sample: readonly string[]
}

const SAMPLE = 20

/** Digests a written segment again on both sides and tells what still differs, and why. */
export function proveSegment(deps: ActivityDeps) {
  return runStep(deps, async (tools, { ref, segment: number }: SegmentInput): Promise<ProvenSegment> => {
    const segment = await readSegment(tools.cloud, ref.run, number)
    const { differences } = await compareScope(deps, tools, scopeOf(tools.context, segment))
    if (differences.length === 0) return { unequal: 0, moved: 0, sample: [] }
    const unequal = await unexplained(tools, number, differences)
    const moved = differences.length - unequal.accounted - unequal.keys.length
    return { unequal: unequal.keys.length, moved, sample: unequal.keys.slice(0, SAMPLE).map(formatKey) }
  })
}

interface Unexplained {
  readonly keys: readonly Key[]
  /** Rows that differ for a reason already on record: refused by the cloud, or kept outside the comparison. */
  readonly accounted: number
}

/**
 * A difference is the source's when its row is no longer the one that was applied, or came to be listed after the
 * plan was made, or left since. What the run wrote and the cloud no longer has as written is unequal.
 */
async function unexplained(
  { cloud, context }: StepTools,
  segment: number,
  differences: readonly Difference[],
): Promise<Unexplained> {
  const { layout, master, run } = context
  const keys = differences.map((difference) => difference.key)
  const idsOf = (found: readonly Key[]): ReadonlySet<string> => new Set(found.map(formatKey))
  const rejected = idsOf(await rejectedAmong(cloud, layout, master.master, keys))
  const outside = idsOf(
    (await trackedAmong(cloud, layout, master.master, keys))
      .filter((row) => row.outside !== null)
      .map((row) => row.key),
  )
  const planned = idsOf(await plannedAmong(cloud, layout, run, segment, keys))
  const accounted = differences.filter(
    ({ key }) => rejected.has(formatKey(key)) || outside.has(formatKey(key)),
  )
  const open = differences.filter((difference) => !accounted.includes(difference))
  const unequal = open.filter(({ key, source, cloud: image, applied }) => {
    if (typeof source === 'string' && applied !== undefined) return source === applied
    // Off the list or gone, yet still tracked: unequal only where this run was to take it away.
    if (image !== undefined) return planned.has(formatKey(key)) && image !== null
    return planned.has(formatKey(key))
  })
  return { keys: unequal.map(({ key }) => key), accounted: accounted.length }
}
