import { formatKey, type Key } from '../core/ids.js'
import type { PlanKind } from '../core/plan.js'
import { LOCK_NOT_AVAILABLE } from '../core/sqlstate.js'
import type { ApplyContext } from './apply-context.js'
import { referenced } from './references.js'
import type { Removal } from './removals.js'
import { dropRejects, suppressed, type Refusal } from './rejects.js'
import {
  deleteRows,
  existingKeys,
  keepRows,
  lockForRemoval,
  markRows,
  unfitForRemoval,
  untrack,
} from './remove-rows.js'
import { removalFacts } from './removal-facts.js'
import { inSavepoint } from './savepoint.js'

/** A removal with what was planned. */
export interface PlannedRemoval extends Removal {
  readonly kind: PlanKind
}

export interface RemovalResult {
  readonly removed: number
  readonly marked: number
  /** Not any more as planned: left to the next run. */
  readonly left: number
  readonly busy: readonly Key[]
  readonly refused: readonly (Refusal & { readonly key: Key })[]
}

const NOTHING: RemovalResult = { removed: 0, marked: 0, left: 0, busy: [], refused: [] }

const SUPPRESSED = suppressed('a trigger of the cloud table kept the row')

type Goes = 'delete' | 'mark'

/**
 * Takes rows away as planned. One that has a cause to go other than the planned one is left: no guard has counted it,
 * and nobody has seen it.
 */
export async function applyRemovals(
  context: ApplyContext,
  removals: readonly PlannedRemoval[],
  patient: boolean,
): Promise<RemovalResult> {
  if (removals.length === 0) return NOTHING
  const keysOf = (wanted: PlanKind): readonly Key[] =>
    removals
      .filter(({ kind, cause }) => kind === wanted && (causeOf(kind) ?? cause) === cause)
      .map(({ key }) => key)
  const stayed = await stayKeys(context, keysOf('keep'), keysOf('forget'))
  const goes: readonly (readonly [Goes, Removal['cause']])[] = [
    ['delete', 'untargeted'],
    ['delete', 'gone'],
    ['mark', 'untargeted'],
    ['mark', 'gone'],
  ]
  let result: RemovalResult = {
    ...NOTHING,
    left: stayed + removals.filter(({ kind, cause }) => (causeOf(kind) ?? cause) !== cause).length,
  }
  for (const [how, cause] of goes)
    result = join(result, await removeKeys(context, how, cause, keysOf(`${how}_${cause}`), patient))
  return result
}

/** The cause that a kind of plan names. */
function causeOf(kind: PlanKind): Removal['cause'] | undefined {
  if (kind.endsWith('_untargeted')) return 'untargeted'
  return kind.endsWith('_gone') ? 'gone' : undefined
}

/**
 * Rows that stay in the cloud: kept outside the comparison, or let go. Those that have vanished are let go as well.
 * @returns how many were neither: to be let go as they were not there, and there again, or awaited by now
 */
async function stayKeys(
  { cloud, layout, master, lease }: ApplyContext,
  keep: readonly Key[],
  forget: readonly Key[],
): Promise<number> {
  const facts = await removalFacts(cloud, layout, master.master, [...keep, ...forget])
  const kept = new Set(keep.map(formatKey))
  const isKept = ({ key }: { readonly key: Key }): boolean => kept.has(formatKey(key))
  const keepable = facts.filter((row) => isKept(row) && row.inCloud)
  const released = facts.filter((row) => !row.inCloud || (!isKept(row) && row.adopted && !row.awaited))
  await keepRows(
    cloud,
    layout,
    master.master,
    lease.run,
    keepable.map(({ key }) => key),
  )
  const free = released.map(({ key }) => key)
  await untrack(cloud, layout, master.master, lease.run, free)
  await dropRejects(cloud, master.master, free)
  return facts.length - keepable.length - released.length
}

async function removeKeys(
  context: ApplyContext,
  how: Goes,
  cause: Removal['cause'],
  keys: readonly Key[],
  patient: boolean,
): Promise<RemovalResult> {
  const { cloud } = context
  if (keys.length === 0) return NOTHING
  context.heard()
  const attempt = await inSavepoint(cloud, () => removeTogether(context, how, cause, keys, patient))
  if (attempt.ok) return attempt.value
  const [only] = keys
  if (keys.length === 1 && only !== undefined) {
    const busy = attempt.refusal.sqlstate === LOCK_NOT_AVAILABLE && !patient
    return busy ? { ...NOTHING, busy: [only] } : { ...NOTHING, refused: [{ key: only, ...attempt.refusal }] }
  }
  const middle = keys.length >> 1
  return join(
    await removeKeys(context, how, cause, keys.slice(0, middle), patient),
    await removeKeys(context, how, cause, keys.slice(middle), patient),
  )
}

async function removeTogether(
  context: ApplyContext,
  how: Goes,
  cause: Removal['cause'],
  keys: readonly Key[],
  patient: boolean,
): Promise<RemovalResult> {
  const { cloud, layout, master, lease } = context
  const locked = await lockForRemoval(cloud, layout, keys, patient)
  const standing = keySet(await existingKeys(cloud, layout, keys))
  const busy = without(keys, keySet(locked)).filter((key) => standing.has(formatKey(key)))
  const unfit = await unfitForRemoval(context, locked, how === 'delete')
  const fit = without(locked, keySet(unfit))
  const parked = how === 'delete' ? await referenced(cloud, layout, fit) : []
  const doomed = without(fit, keySet(parked.map(({ key }) => key)))
  const done =
    doomed.length === 0
      ? []
      : how === 'delete'
        ? await deleteRows(cloud, layout, master.master, lease.run, doomed)
        : await markRows(cloud, layout, master.master, lease.run, cause, doomed)
  const kept = without(doomed, keySet(done))
  // Rows that someone else had already deleted are let go.
  const vanished = without(keys, standing)
  await untrack(cloud, layout, master.master, lease.run, vanished)
  await dropRejects(cloud, master.master, [...done, ...vanished])
  return {
    removed: how === 'delete' ? done.length : 0,
    marked: how === 'mark' ? done.length : 0,
    left: unfit.length,
    busy,
    refused: [...parked, ...kept.map((key) => ({ key, ...SUPPRESSED }))],
  }
}

function keySet(keys: readonly Key[]): ReadonlySet<string> {
  return new Set(keys.map(formatKey))
}

function without(keys: readonly Key[], others: ReadonlySet<string>): readonly Key[] {
  return keys.filter((key) => !others.has(formatKey(key)))
}

function join(a: RemovalResult, b: RemovalResult): RemovalResult {
  return {
    removed: a.removed + b.removed,
    marked: a.marked + b.marked,
    left: a.left + b.left,
    busy: [...a.busy, ...b.busy],
    refused: [...a.refused, ...b.refused],
  }
}
