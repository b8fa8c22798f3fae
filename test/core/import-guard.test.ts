import assert from 'node:assert/strict'
import { checkImport, type ImportGuardInput } from '../../core/import-guard.js'
import { IMPORT_GUARDS } from '../../core/import-section.js'

const of = (rows: number) => ({ rows, sample: [] })

/** What waits for a person, with how many rows, and why. */
function waits(input: Partial<ImportGuardInput>) {
  const scopes = input.scopes ?? []
  const sum = (what: 'absent' | 'added'): number => scopes.reduce((all, scope) => all + scope[what], 0)
  return checkImport(IMPORT_GUARDS, {
    plan: {
      ...{
        added: of(sum('added')),
        changed: of(0),
        reopened: of(0),
        absent: of(sum('absent')),
        respelled: 0,
      },
      ...input.plan,
    },
    ...{ scopes, leftOut: 0, unended: 0, ...input },
  }).map(({ kind, count, causes }) => [
    kind,
    count,
    ...causes.map(({ cause, part }) => (part === undefined ? cause : `${cause} ${part}`)),
  ])
}

/** Forty-six parts of 2,000 open rows, of which nothing is gone, and one of which so many are. */
const country = (absent: number) => [
  { scope: '31-ika', rows: 200, absent, added: 0 },
  ...Array.from({ length: 46 }, (_, index) => ({
    ...{ scope: `${index + 50}-ika`, rows: 2_000, absent: 0, added: 0 },
  })),
]

describe('the guard of imports', () => {
  it('holds what one part loses by itself, however small it is beside the others', () => {
    const cases: readonly (readonly [number, readonly unknown[]])[] = [
      [9, []],
      [10, []],
      [11, [['removals', 11, 'percent_open 31-ika']]],
      [90, [['removals', 90, 'percent_open 31-ika']]],
      [101, [['removals', 101, 'part_halved 31-ika']]],
    ]
    for (const [absent, held] of cases) assert.deepEqual(waits({ scopes: country(absent) }), held)
  })

  it('closes nothing by itself of a file without an end, which may have been cut', () => {
    assert.deepEqual(waits({ scopes: country(1), unended: 1 }), [['removals', 1, 'no_end']])
    assert.deepEqual(waits({ scopes: country(0), unended: 1 }), [])
  })

  it('tells twenty parts at most, and how many there are', () => {
    const scopes = Array.from({ length: 500 }, (_, index) => ({
      ...{ scope: `${index}`, rows: 30, absent: index % 2 === 0 ? 20 : 10, added: 0 },
    }))
    const [held] = waits({ scopes })
    assert.ok(held?.includes('more_parts') === true)
    assert.deepEqual([held.length, held.at(-1)], [2 + 20 + 1 + 1, 'percent_open'])
  })

  it('counts all rows that wait: with those of new parts, without those that are spelled otherwise', () => {
    const scopes = [{ scope: '13-ika', rows: 100, absent: 0, added: 30 }]
    const plan = {
      ...{ added: of(5_030), changed: of(60), reopened: of(0), absent: of(0), respelled: 60 },
    }
    assert.deepEqual(waits({ scopes, plan }), [['inserts', 5_030, 'percent_open']])
    assert.deepEqual(waits({ scopes, plan: { ...plan, respelled: 9 } }).at(-1), [
      'updates',
      60,
      'percent_open',
    ])
  })
})
