import assert from 'node:assert/strict'
import fc from 'fast-check'
import { keyFromDatabase, type Key } from '../../core/ids.js'
import { compareKeys, cutIntervals, holderOf, spanOf, type Interval } from '../../core/segments.js'

/** Few different characters, so that keys share beginnings; those outside the BMP sort after U+FFFF in bytes only. */
const part = fc
  .array(fc.constantFrom('a', 'b', 'B', '0', 'が', 'ｱ', '𠮷', '\uffff'), { maxLength: 3 })
  .map((all) => all.join(''))
const keys = (size: number) =>
  fc.array(fc.array(part, { minLength: size, maxLength: size }).map(keyFromDatabase), { maxLength: 60 })

function holds({ from, below }: Interval, key: Key): boolean {
  return (
    (from === undefined || compareKeys(key, from) >= 0) &&
    (below === undefined || compareKeys(key, below) < 0)
  )
}

function everyNth(all: readonly Key[], step: number): readonly Key[] {
  return [...all].sort(compareKeys).filter((_, index) => (index + 1) % step === 0)
}

describe('cutting keys into segments', () => {
  for (const size of [1, 2]) {
    it(`puts every key of ${size} column(s) into exactly one segment`, () => {
      fc.assert(
        fc.property(
          keys(size),
          keys(size),
          fc.integer({ min: 1, max: 5 }),
          fc.integer({ min: 1, max: 20 }),
          (list, tracked, step, rows) => {
            const samples = { list: everyNth(list, step), tracked: everyNth(tracked, step) }
            const intervals = cutIntervals(samples, step, rows)
            for (const key of [...list, ...tracked]) {
              assert.equal(
                intervals.filter((interval) => holds(interval, key)).length,
                1,
                JSON.stringify(key),
              )
            }
          },
        ),
      )
    })
  }

  it('cuts neither empty segments nor any that hold much more than asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 8, max: 50 }), (count, rows) => {
        const all = Array.from({ length: count }, (_, n) => keyFromDatabase([String(n).padStart(4, '0')]))
        const step = Math.floor(rows / 8)
        const intervals = cutIntervals({ list: everyNth(all, step), tracked: [] }, step, rows)
        const sizes = intervals.map((interval) => all.filter((key) => holds(interval, key)).length)
        for (const size of sizes) assert.ok(size <= rows + 2 * step, `${size} of ${rows}`)
        for (const size of sizes.slice(0, -1)) assert.ok(size > 0)
      }),
    )
  })

  it('leaves one open segment where there is nothing', () => {
    assert.deepEqual(cutIntervals({ list: [], tracked: [] }, 1, 10), [{ from: undefined, below: undefined }])
  })

  it('orders as UTF-8 bytes do, not as UTF-16 or a language would', () => {
    const order = ['0', 'B', 'a', 'が', '\uffff', '𠮷'].map((value) => keyFromDatabase([value]))
    assert.deepEqual([...order].reverse().sort(compareKeys), order)
    assert.ok(compareKeys(keyFromDatabase(['a', 'b']), keyFromDatabase(['a!', 'a'])) < 0)
  })
})

describe('consecutive segments', () => {
  it('span from the first to the last, and each of their keys has one holder', () => {
    fc.assert(
      fc.property(
        keys(2),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (list, start, size) => {
          const intervals = cutIntervals({ list: everyNth(list, 1), tracked: [] }, 1, 3)
          const segments = intervals.map((interval) => ({ interval })).slice(start, start + size)
          const span = spanOf(segments)
          for (const key of list.filter((one) => segments.length > 0 && holds(span, one)))
            assert.ok(holds(holderOf(segments, key).interval, key), JSON.stringify(key))
        },
      ),
    )
  })
})
