import type { RemovalCause, RemovalPolicy } from './master.js'
import type { PlanKind } from './plan.js'

/** What decides what becomes of a tracked row that should go. */
export interface Leaving {
  readonly inCloud: boolean
  /** It was the cloud's own before it was listed. */
  readonly adopted: boolean
  readonly locked: boolean
  /** Why it already stands outside the comparison. */
  readonly outside: 'kept' | `marked_${RemovalCause}` | null
}

/**
 * What a removal comes to; undefined: nothing. A row that was the cloud's own is never deleted: off the list it is let
 * go, gone at the source it is marked.
 */
export function settleRemoval(
  policy: RemovalPolicy,
  cause: RemovalCause,
  { inCloud, adopted, locked, outside }: Leaving,
): PlanKind | undefined {
  if (!inCloud) return 'forget'
  if (locked) return undefined
  if (policy === 'keep') return outside === null ? 'keep' : undefined
  if (adopted && cause === 'untargeted') return 'forget'
  if (policy === 'delete' && !adopted) return `delete_${cause}`
  return outside === `marked_${cause}` ? undefined : `mark_${cause}`
}
