import { stepFor, type Difference } from '../core/compare.js'
import { formatKey, type Key } from '../core/ids.js'
import type { RemovalCause } from '../core/master.js'
import { settleRemoval } from '../core/removal.js'
import { keysThatLoseEdits } from '../db/former-edits.js'
import { cloudHashes, outsideHashes, sourceHashes, type Scope } from '../db/digest.js'
import type { PlannedStep } from '../db/planned-step.js'
import { stillReplacedAmong } from '../db/replacements.js'
import { removalFacts } from '../db/removal-facts.js'
import { removalsAmong } from '../db/removals.js'
import type { RunContext } from '../db/runs.js'
import type { Session } from '../db/session.js'
import { keysToSettle } from '../db/settle.js'
import { readSnapshot } from '../db/snapshot.js'
import { outsideKeys, trackedAmong } from '../db/tracked.js'

/** Both sides, and the run. */
interface Planning {
  readonly source: Session
  readonly cloud: Session
  readonly context: RunContext
}

/**
 * What to do about the differences found in a scope, about rows that stand outside the comparison and should go under
 * today's policy, and about conflicts that may end.
 */
export async function planSteps(
  planning: Planning,
  scope: Scope,
  found: readonly Difference[],
): Promise<readonly PlannedStep[]> {
  const writes: Difference[] = []
  const removals = new Map<string, Removal>()
  const steps: PlannedStep[] = []
  for (const difference of found) {
    const { key, source, cloud } = difference
    const step = stepFor(difference)
    if (step === 'untargeted' || step === 'gone') removals.set(formatKey(key), { key, cause: step })
    else if (step === 'write') writes.push(difference)
    else steps.push({ key, step, source: source ?? null, image: cloud ?? null })
  }
  steps.push(...(await planWrites(planning, writes)))
  // A list that changed between the two looks may give a key to both.
  const seen = new Set(found.map(({ key }) => formatKey(key)))
  const others = (keys: readonly Key[]): readonly Key[] => keys.filter((key) => !seen.has(formatKey(key)))
  for (const removal of await standingRemovals(planning, scope, others)) {
    removals.set(formatKey(removal.key), removal)
    seen.add(formatKey(removal.key))
  }
  steps.push(...(await planSettling(planning, scope, others)))
  steps.push(...(await planRemovals(planning, [...removals.values()])))
  return heldForEdits(planning, steps)
}

interface Removal {
  readonly key: Key
  readonly cause: RemovalCause
}

/** Listed rows that the cloud's side does not count: new ones, the cloud's own, and such as stood outside. */
async function planWrites(
  planning: Planning,
  writes: readonly Difference[],
): Promise<readonly PlannedStep[]> {
  const {
    cloud,
    context: { layout, master },
  } = planning
  const keys = writes.map(({ key }) => key)
  const outside = new Map(
    (await outsideHashes(cloud, layout, master.master, keys)).map((row) => [formatKey(row.key), row]),
  )
  const replaced = await stillReplaced(
    planning,
    [...outside.values()].filter((row) => row.outside === 'replaced').map(({ key }) => key),
  )
  return writes.flatMap(({ key, source }): PlannedStep[] => {
    const hashes = { key, source: source ?? null }
    const stood = outside.get(formatKey(key))
    if (stood === undefined) return [{ ...hashes, step: 'write' }]
    if (replaced.has(formatKey(key))) return []
    if (stood.hash === null) return [{ ...hashes, step: 'restore', image: null }]
    // Looked at again when it is unlocked.
    if (stood.locked) return []
    const equal = stood.outside === 'kept' && stood.hash === source
    return [{ ...hashes, step: equal ? 'return' : 'revive', image: stood.hash }]
  })
}

/** Of rows that were replaced those that have not left the list since: nobody has listed them again. */
async function stillReplaced(
  { cloud, context: { layout, master } }: Planning,
  keys: readonly Key[],
): Promise<ReadonlySet<string>> {
  return new Set((await stillReplacedAmong(cloud, layout, master.master, keys)).map(formatKey))
}

/** Rows outside the comparison that are still to go: looked at again under today's policy. */
async function standingRemovals(
  { source, cloud, context }: Planning,
  scope: Scope,
  others: (keys: readonly Key[]) => readonly Key[],
): Promise<readonly Removal[]> {
  const { layout, master } = context
  const outside = others(
    scope.kind === 'interval'
      ? await outsideKeys(cloud, master.master, scope.interval)
      : (await trackedAmong(cloud, layout, master.master, scope.keys))
          .filter((row) => row.outside !== null)
          .map((row) => row.key),
  )
  return outside.length === 0
    ? []
    : readSnapshot(source, layout, () => removalsAmong(source, layout, outside))
}

async function planRemovals(
  { cloud, context: { layout, master } }: Planning,
  removals: readonly Removal[],
): Promise<readonly PlannedStep[]> {
  const causes = new Map(removals.map(({ key, cause }) => [formatKey(key), cause]))
  const keys = removals.map(({ key }) => key)
  return (await removalFacts(cloud, layout, master.master, keys)).flatMap((facts): PlannedStep[] => {
    const cause = causes.get(formatKey(facts.key)) ?? 'untargeted'
    const step = settleRemoval(master.removals[cause], cause, layout.cloud.marks, facts)
    if (step === undefined) return []
    const held = step.startsWith('delete') && facts.edited
    return [{ key: facts.key, step, source: null, image: facts.values, ...(held ? { held: 'edits' } : {}) }]
  })
}

async function planSettling(
  { source, cloud, context: { layout, master } }: Planning,
  scope: Scope,
  others: (keys: readonly Key[]) => readonly Key[],
): Promise<readonly PlannedStep[]> {
  const keys = others(await keysToSettle(cloud, layout, master.master, scope))
  if (keys.length === 0) return []
  const asked: Scope = { kind: 'keys', keys }
  const onPrem = await readSnapshot(source, layout, () => sourceHashes(source, layout, asked))
  const hashes = new Map(onPrem.map(({ key, hash }) => [formatKey(key), hash]))
  return (await cloudHashes(cloud, layout, master.master, asked)).flatMap(({ key, hash }): PlannedStep[] => {
    const found = hashes.get(formatKey(key))
    return typeof found === 'string' ? [{ key, step: 'settle', source: found, image: hash }] : []
  })
}

/** A row to settle is none of them: it equals the source in all that the source decides. */
const UPDATES: ReadonlySet<PlannedStep['step']> = new Set([
  'source_changed',
  'cloud_changed',
  'both_changed',
  'revive',
])

/** Where the source decides columns from now on that were protected, what people wrote there is not lost unasked. */
async function heldForEdits(
  { source, cloud, context: { layout, master, mode, approved } }: Planning,
  steps: readonly PlannedStep[],
): Promise<readonly PlannedStep[]> {
  // A verification says what differs, whatever a run might do.
  if (approved || mode === 'verify') return steps.map(({ held: _, ...step }) => step)
  const keys = steps.filter(({ step }) => UPDATES.has(step)).map(({ key }) => key)
  const losing = await keysThatLoseEdits(source, cloud, layout, master.master, keys)
  return steps.map((step) => (losing.has(formatKey(step.key)) ? { ...step, held: 'edits' } : step))
}
