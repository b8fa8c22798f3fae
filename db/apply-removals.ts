import { formatKey, type Key } from '../core/ids.js'
import { LOCK_NOT_AVAILABLE } from '../core/sqlstate.js'
import type { ApplyContext } from './apply-context.js'
import type { PlanKind } from './ledger.js'
import type { Removal } from './removals.js'
import { dropRejects, suppressed, type Refusal } from './rejects.js'
import {
  adoptedKeys,
  deleteRows,
  existingKeys,
  keepRows,
  lockForRemoval,
  referenced,
  untrack,
} from './remove-rows.js'
import { inSavepoint } from './savepoint.js'

/** A removal with what the plan called it. */
export interface PlannedRemoval extends Removal {
  readonly kind: PlanKind
}

export interface RemovalResult {
  readonly removed: number
  readonly busy: readonly Key[]
  readonly refused: readonly (Refusal & { readonly key: Key })[]
}

const SUPPRESSED = suppressed('a trigger of the cloud table kept the row')

/**
 * Takes rows away by the policy of their cause. A row that was the cloud's own before it was listed is never deleted:
 * off the list it is let go, gone at the source it is kept. Nor is one that was not planned to be, though by now it has
 * a cause to: the guards have not counted it. It is kept, and the next run looks at it.
 */
export async function applyRemovals(
  context: ApplyContext,
  removals: readonly PlannedRemoval[],
  patient: boolean,
): Promise<RemovalResult> {
  if (removals.length === 0) return { removed: 0, busy: [], refused: [] }
  const { cloud, layout, master } = context
  const adopted = new Set(
    (
      await adoptedKeys(
        cloud,
        layout,
        master.master,
        removals.map((r) => r.key),
      )
    ).map(formatKey),
  )
  const fate = ({ key, cause, kind }: PlannedRemoval): 'delete' | 'keep' | 'release' => {
    if (master.removals[cause] === 'keep') return 'keep'
    if (adopted.has(formatKey(key))) return cause === 'untargeted' ? 'release' : 'keep'
    return kind === 'untargeted' || kind === 'gone' ? 'delete' : 'keep'
  }
  const keysOf = (wanted: ReturnType<typeof fate>): readonly Key[] =>
    removals.filter((removal) => fate(removal) === wanted).map((removal) => removal.key)
  const kept = await existingKeys(cloud, layout, keysOf('keep'))
  const standing = new Set(kept.map(formatKey))
  const released = [...keysOf('release'), ...keysOf('keep').filter((key) => !standing.has(formatKey(key)))]
  await keepRows(cloud, layout, master.master, kept)
  await untrack(cloud, layout, master.master, released)
  await dropRejects(cloud, master.master, released)
  return deleteKeys(context, keysOf('delete'), patient)
}

async function deleteKeys(
  context: ApplyContext,
  keys: readonly Key[],
  patient: boolean,
): Promise<RemovalResult> {
  const { cloud } = context
  if (keys.length === 0) return { removed: 0, busy: [], refused: [] }
  context.heard()
  const attempt = await inSavepoint(cloud, () => deleteTogether(context, keys, patient))
  if (attempt.ok) return attempt.value
  const [only] = keys
  if (keys.length === 1 && only !== undefined) {
    const busy = attempt.refusal.sqlstate === LOCK_NOT_AVAILABLE && !patient
    return busy
      ? { removed: 0, busy: [only], refused: [] }
      : { removed: 0, busy: [], refused: [{ key: only, ...attempt.refusal }] }
  }
  const middle = keys.length >> 1
  const first = await deleteKeys(context, keys.slice(0, middle), patient)
  const second = await deleteKeys(context, keys.slice(middle), patient)
  return {
    removed: first.removed + second.removed,
    busy: [...first.busy, ...second.busy],
    refused: [...first.refused, ...second.refused],
  }
}

async function deleteTogether(
  { cloud, layout, master }: ApplyContext,
  keys: readonly Key[],
  patient: boolean,
): Promise<RemovalResult> {
  const locked = await lockForRemoval(cloud, layout, keys, patient)
  const standing = new Set((await existingKeys(cloud, layout, keys)).map(formatKey))
  const lockedIds = new Set(locked.map(formatKey))
  const busy = keys.filter((key) => standing.has(formatKey(key)) && !lockedIds.has(formatKey(key)))
  const parked = await referenced(cloud, layout, locked)
  const parkedIds = new Set(parked.map((row) => formatKey(row.key)))
  const doomed = locked.filter((key) => !parkedIds.has(formatKey(key)))
  const deleted = doomed.length === 0 ? [] : await deleteRows(cloud, layout, doomed)
  const deletedIds = new Set(deleted.map(formatKey))
  const kept = doomed.filter((key) => !deletedIds.has(formatKey(key)))
  // Rows that someone else had already deleted are untracked with the others.
  const vanished = keys.filter((key) => !standing.has(formatKey(key)))
  await untrack(cloud, layout, master.master, [...deleted, ...vanished])
  await dropRejects(cloud, master.master, [...deleted, ...vanished])
  return {
    removed: deleted.length,
    busy,
    refused: [...parked, ...kept.map((key) => ({ key, ...SUPPRESSED }))],
  }
}
