import { differences, differingBuckets, presentRows, absentRows, type Difference } from '../core/compare.js'
import { bucketsFor } from '../core/segments.js'
import type { Layout } from '../core/layout.js'
import {
  cloudDigest,
  cloudHashes,
  sourceDigest,
  sourceHashes,
  type BucketFilter,
  type Scope,
} from './digest.js'
import type { Session } from './session.js'
import { readSnapshot } from './snapshot.js'

export interface SidesCompared {
  /** Keys on the list, and those of them that the source has. */
  readonly listed: number
  readonly present: number
  readonly differences: readonly Difference[]
}

/** Above this share of differing buckets every key is fetched at once: naming the buckets saves nothing. */
const MOST = 0.5

/** What a comparison works with. */
export interface Sides {
  readonly source: Session
  readonly cloud: Session
  readonly layout: Layout
  readonly master: string
  /** Called between the passes. */
  readonly heard: () => void
}

/**
 * Finds the keys whose rows differ, in two passes over both sides at once: digests of buckets, then the hashes of the
 * rows in buckets that differ. Only hashes and differing keys leave the servers.
 * @param rows about how many rows the scope holds
 */
export async function compareSides(sides: Sides, scope: Scope, rows: number): Promise<SidesCompared> {
  const { source, cloud, layout, master, heard } = sides
  return readSnapshot(source, layout, async () => {
    if (scope.kind === 'keys') return compareKeys(sides, scope)
    const buckets = bucketsFor(rows)
    const [onPrem, inCloud] = await both(
      sourceDigest(source, layout, scope, buckets),
      cloudDigest(cloud, layout, master, scope, buckets),
    )
    heard()
    const counted = { present: presentRows(onPrem), listed: presentRows(onPrem) + absentRows(onPrem) }
    const wanted = differingBuckets(onPrem, inCloud)
    const deleted = absentRows(inCloud) > 0
    if (wanted.length === 0 && !deleted) return { ...counted, differences: [] }
    const found = await differingRows(
      sides,
      scope,
      wanted.length > buckets * MOST ? undefined : { buckets, wanted, deleted },
    )
    heard()
    // Buckets differ, but no row of theirs: the cloud's rows changed meanwhile, or key texts are not what they seem.
    const complete = found.length > 0 ? found : await differingRows(sides, scope)
    return { ...counted, differences: complete }
  })
}

async function differingRows(
  { source, cloud, layout, master }: Sides,
  scope: Scope,
  filter?: BucketFilter,
): Promise<readonly Difference[]> {
  const [sourceRows, cloudRows] = await both(
    sourceHashes(source, layout, scope, filter),
    cloudHashes(cloud, layout, master, scope, filter),
  )
  return differences(sourceRows, cloudRows)
}

async function compareKeys({ source, cloud, layout, master }: Sides, scope: Scope): Promise<SidesCompared> {
  const [sourceRows, cloudRows] = await both(
    sourceHashes(source, layout, scope),
    cloudHashes(cloud, layout, master, scope),
  )
  return {
    listed: sourceRows.length,
    present: sourceRows.filter((row) => row.hash !== null).length,
    differences: differences(sourceRows, cloudRows),
  }
}

/** Both sides at once; when one fails, the other is awaited before the error goes on, so that no statement is left behind. */
async function both<A, B>(a: Promise<A>, b: Promise<B>): Promise<readonly [A, B]> {
  const [first, second] = await Promise.allSettled([a, b])
  if (first.status === 'rejected') throw first.reason
  if (second.status === 'rejected') throw second.reason
  return [first.value, second.value]
}
