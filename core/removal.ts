import type { RemovalCause, RemovalPolicy } from './master.js'
import type { PlanKind } from './plan.js'

/** Why a tracked row stands outside the comparison: kept, marked with its cause, or another row has taken its place. */
export type Outside = 'kept' | 'replaced' | `marked_${RemovalCause}`

/** What decides what becomes of a tracked row that should go. */
export interface Leaving {
  readonly inCloud: boolean
  /** It was the cloud's own before it was listed. */
  readonly adopted: boolean
  readonly locked: boolean
  /** Why it already stands outside the comparison. */
  readonly outside: Outside | null
  /** It is to give what it has to the row that takes its place, which has not come yet. */
  readonly awaited: boolean
}

/**
 * What a removal comes to; undefined: nothing. A row that was the cloud's own is never deleted: off the list it is let
 * go, gone at the source it is marked, or kept where nothing is marked. One that was replaced stays for good: others
 * may refer to it; and one that waits for its successor stays as it is until it has given what it has.
 */
export function settleRemoval(
  policy: RemovalPolicy,
  cause: RemovalCause,
  marks: boolean,
  { inCloud, adopted, locked, outside, awaited }: Leaving,
): PlanKind | undefined {
  if (!inCloud) return 'forget'
  if (locked || outside === 'replaced') return undefined
  if (adopted && cause === 'untargeted' && policy !== 'keep') return awaited ? undefined : 'forget'
  if (policy === 'delete' && !adopted) return awaited ? undefined : `delete_${cause}`
  if (policy === 'keep' || !marks) return outside === null ? 'keep' : undefined
  return outside === `marked_${cause}` ? undefined : `mark_${cause}`
}
