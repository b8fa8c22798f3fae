import { stepFor, type Difference } from '../core/compare.js'
import { formatKey, type Key } from '../core/ids.js'
import type { Interval } from '../core/segments.js'
import { outsideHashes } from '../db/digest.js'
import type { PlannedStep } from '../db/planned-step.js'
import { removalsAmong } from '../db/removals.js'
import { adoptedKeys } from '../db/remove-rows.js'
import type { RunContext } from '../db/runs.js'
import type { Session } from '../db/session.js'
import { readSnapshot } from '../db/snapshot.js'
import { outsideKeys, trackedAmong } from '../db/tracked.js'

/**
 * What to do about the differences found in an interval, and about rows kept outside the comparison that should go
 * under today's policy.
 */
export async function planSteps(
  source: Session,
  cloud: Session,
  context: RunContext,
  interval: Interval,
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
  const outside = await outsideScope(cloud, context, interval)
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

async function outsideScope(
  cloud: Session,
  context: RunContext,
  interval: Interval,
): Promise<readonly Key[]> {
  if (context.only === undefined) return outsideKeys(cloud, context.master.master, interval)
  const tracked = await trackedAmong(cloud, context.layout, context.master.master, context.only)
  return tracked.filter((row) => row.outside !== null).map((row) => row.key)
}
