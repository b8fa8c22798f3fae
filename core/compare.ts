import { formatKey, type Key } from './ids.js'
import type { RemovalCause } from './master.js'
import type { PlanKind } from './plan.js'

interface Digest {
  readonly bucket: number | null
  readonly rows: number
  readonly sum: string
}

/** Buckets whose count or sum differs between the sides; rows of equal buckets are equal. */
export function differingBuckets(source: readonly Digest[], cloud: readonly Digest[]): readonly number[] {
  const open = new Map(source.map((digest) => [digest.bucket, digest]))
  const differing: number[] = []
  for (const digest of cloud) {
    if (digest.bucket === null) continue
    const other = open.get(digest.bucket)
    open.delete(digest.bucket)
    if (other?.rows !== digest.rows || other.sum !== digest.sum) differing.push(digest.bucket)
  }
  for (const bucket of open.keys()) if (bucket !== null) differing.push(bucket)
  return differing
}

/** Rows counted in the buckets: those that exist. */
export function presentRows(digests: readonly Digest[]): number {
  return digests.reduce((sum, digest) => sum + (digest.bucket === null ? 0 : digest.rows), 0)
}

/** Keys counted in no bucket: missing at the source, or deleted in the cloud. */
export function absentRows(digests: readonly Digest[]): number {
  return digests.reduce((sum, digest) => sum + (digest.bucket === null ? digest.rows : 0), 0)
}

/** What is known of one key on both sides; a hash is null where there is no such row. */
export interface Difference {
  readonly key: Key
  /** undefined: not on the list. */
  readonly source: string | null | undefined
  /** undefined: not tracked. */
  readonly cloud: string | null | undefined
  /** Hash of the source row last written; undefined: not tracked. */
  readonly applied: string | undefined
}

/** The keys whose rows are not the same on both sides, in no order. */
export function differences(
  source: readonly { readonly key: Key; readonly hash: string | null }[],
  cloud: readonly { readonly key: Key; readonly hash: string | null; readonly applied: string }[],
): readonly Difference[] {
  const open = new Map(source.map((row) => [formatKey(row.key), row]))
  const found: Difference[] = []
  for (const row of cloud) {
    const id = formatKey(row.key)
    const other = open.get(id)
    open.delete(id)
    if (other?.hash !== undefined && other.hash !== null && other.hash === row.hash) continue
    found.push({ key: row.key, source: other?.hash, cloud: row.hash, applied: row.applied })
  }
  for (const row of open.values()) {
    // Listed, without a row, and not in the cloud: missing, not a difference.
    if (row.hash !== null)
      found.push({ key: row.key, source: row.hash, cloud: undefined, applied: undefined })
  }
  return found
}

/** What to do about a difference, as far as it can be told without looking at the cloud's own rows. */
export type Step =
  'write' | RemovalCause | Extract<PlanKind, 'restore' | 'forget' | `${'source' | 'cloud' | 'both'}_changed`>

/** Who moved since the row was last written is told by the hash applied then. */
export function stepFor({ source, cloud, applied }: Difference): Step {
  if (typeof source === 'string') {
    if (cloud === undefined) return 'write'
    if (cloud === null) return 'restore'
    if (cloud === applied) return 'source_changed'
    return source === applied ? 'cloud_changed' : 'both_changed'
  }
  if (cloud === null) return 'forget'
  return source === undefined ? 'untargeted' : 'gone'
}
