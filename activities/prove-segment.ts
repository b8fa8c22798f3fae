import type { Difference } from '../core/compare.js'
import { formatKey } from '../core/ids.js'
import type { Scope } from '../db/digest.js'
import { unwrittenAmong } from '../db/held.js'
import { plannedKeys } from '../db/plan-rows.js'
import { unprovenKeys } from '../db/prove.js'
import { rejectedAmong } from '../db/rejects.js'
import { readSegment } from '../db/segments.js'
import { trackedAmong } from '../db/tracked.js'
import type { ActivityDeps, SegmentInput } from './deps.js'
import { compareScope, scopeOf } from './compare-segments.js'
import { runStep, withListOf, type StepTools } from './step.js'

export interface ProvenSegment {
  /** Rows that differ although both sides should hold them alike. */
  readonly unequal: number
  /** Rows that moved at the source since they were applied. */
  readonly moved: number
  /** Some of the unequal ids. */
  readonly sample: readonly string[]
}

const SAMPLE = 20

/**
 * Looks whether every row of a written segment now hashes to what was applied; those that do not are compared with the
 * source once more, to tell why.
 */
export function proveSegment(deps: ActivityDeps) {
  return runStep(deps, async (tools, { ref, segment: number }: SegmentInput): Promise<ProvenSegment> => {
    const { cloud, context, heard } = tools
    const { layout, master } = context
    const segment = await readSegment(cloud, ref.run, number)
    const scope: Scope =
      context.answers !== undefined
        ? { kind: 'keys', keys: await plannedKeys(cloud, ref.run, number) }
        : scopeOf(context, segment.interval)
    const keys = await unprovenKeys(cloud, layout, master.master, scope)
    if (keys.length === 0) return { unequal: 0, moved: 0, sample: [] }
    heard()
    const unproven: Scope = { kind: 'keys', keys }
    const { differences } = await compareScope(await withListOf(tools, unproven), unproven, keys.length)
    const onRecord = await keysOnRecord(tools, differences)
    const open = differences.filter(({ key }) => !onRecord.has(formatKey(key)))
    const unequal = open.filter(isUnequal)
    return {
      unequal: unequal.length,
      moved: open.length - unequal.length,
      sample: unequal.slice(0, SAMPLE).map(({ key }) => formatKey(key)),
    }
  })
}

/**
 * Unequal is a row whose source is still what was applied, so that it is the cloud that differs. Otherwise the source
 * has moved as well, and the next run sees to it.
 */
function isUnequal({ source, applied }: Difference): boolean {
  return applied !== undefined && source === applied
}

/** Rows that differ for a reason already on record: refused by the cloud, held, left, or kept outside the comparison. */
async function keysOnRecord(
  { cloud, context }: StepTools,
  differences: readonly Difference[],
): Promise<ReadonlySet<string>> {
  const { layout, master } = context
  const keys = differences.map((difference) => difference.key)
  const rejected = await rejectedAmong(cloud, layout, master.master, keys)
  const tracked = await trackedAmong(cloud, layout, master.master, keys)
  const outside = tracked.filter((row) => row.outside !== null).map((row) => row.key)
  const unwritten = await unwrittenAmong(cloud, layout, master.master, context.run, keys)
  return new Set([...rejected, ...outside, ...unwritten].map(formatKey))
}
