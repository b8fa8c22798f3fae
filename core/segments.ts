import type { Key } from './ids.js'

/** A half-open interval of keys in byte order; undefined is the open end. */
export interface Interval {
  readonly from: Key | undefined
  readonly below: Key | undefined
}

/** Rows between two samples per segment: the finer, the more even the segments. */
export const SAMPLES_PER_SEGMENT = 8

/** Differing buckets are fetched row by row, so fewer rows a bucket cost less then, and more when nothing differs. */
const ROWS_PER_BUCKET = 40

/** A power of two, so that a mask picks the bucket. */
export function bucketsFor(rows: number): number {
  const wanted = Math.max(1, rows / ROWS_PER_BUCKET)
  return 2 ** Math.min(20, Math.round(Math.log2(wanted)))
}

/**
 * Segments that hold about `rows` targets or tracked rows each.
 * @param samples every `step`-th key of the list and every `step`-th tracked key, in any order
 */
export function cutIntervals(
  samples: { readonly list: readonly Key[]; readonly tracked: readonly Key[] },
  step: number,
  rows: number,
): readonly Interval[] {
  const merged = [
    ...samples.list.map((key) => ({ key, list: step, tracked: 0 })),
    ...samples.tracked.map((key) => ({ key, list: 0, tracked: step })),
  ].sort((a, b) => compareKeys(a.key, b.key))
  const bounds: Key[] = []
  let list = 0
  let tracked = 0
  for (const sample of merged) {
    list += sample.list
    tracked += sample.tracked
    const last = bounds.at(-1)
    if (Math.max(list, tracked) < rows || (last !== undefined && compareKeys(last, sample.key) === 0))
      continue
    bounds.push(sample.key)
    list = 0
    tracked = 0
  }
  return [undefined, ...bounds].map((from, index) => ({ from, below: bounds[index] }))
}

/** Of keys in byte order, those in the interval. */
export function keysWithin(keys: readonly Key[], { from, below }: Interval): readonly Key[] {
  return keys.slice(
    from === undefined ? 0 : placeOf(keys, from),
    below === undefined ? undefined : placeOf(keys, below),
  )
}

/** Whether a key is one of keys in byte order. */
export function holdsKey(keys: readonly Key[], key: Key): boolean {
  const found = keys[placeOf(keys, key)]
  return found !== undefined && compareKeys(found, key) === 0
}

/** How many of the keys stand before one. */
function placeOf(keys: readonly Key[], key: Key): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const found = keys[middle]
    if (found !== undefined && compareKeys(found, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** From the lower bound of the first to the upper bound of the last of consecutive segments. */
export function spanOf(segments: readonly { readonly interval: Interval }[]): Interval {
  return { from: segments[0]?.interval.from, below: segments.at(-1)?.interval.below }
}

/** Which of consecutive segments holds a key of theirs. */
export function holderOf<S extends { readonly interval: Interval }>(segments: readonly S[], key: Key): S {
  const found = segments.findLast(
    ({ interval: { from } }) => from === undefined || compareKeys(from, key) <= 0,
  )
  if (found === undefined) throw new Error('a key lies before all segments')
  return found
}

/** UTF-8 byte order, which is what `collate "C"` sorts by. */
export function compareKeys(a: Key, b: Key): number {
  for (const [index, value] of a.entries()) {
    const order = Buffer.compare(Buffer.from(value), Buffer.from(b[index] ?? ''))
    if (order !== 0) return order
  }
  return 0
}
