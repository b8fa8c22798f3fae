import assert from 'node:assert/strict'
import fc from 'fast-check'
import { checkGuards, reasonOf, type GuardInput } from '../../core/guard.js'
import { causeWords } from '../../core/held-causes.js'
import { parseMasterFile } from '../../core/master-file.js'
import type { Limit, Master } from '../../core/master.js'
import type { PlanCounts } from '../../core/plan.js'

const DEFAULTS = parseMasterFile(
  'guards.yaml',
  'master: m\nsource: { table: t, key: [id] }\ntargets: { table: l }\ncloud: { table: t }',
).guards

/** A plan over 1,000 tracked rows, all listed and present, unless it says otherwise. */
function breaches(
  planned: PlanCounts,
  other: Partial<GuardInput> = {},
  guards: Partial<Master['guards']> = {},
) {
  return checkGuards(
    { ...DEFAULTS, ...guards },
    {
      planned,
      listed: 1_000,
      present: 1_000,
      tracked: 1_000,
      seasoned: true,
      ...other,
    },
  )
}

function kinds(...args: Parameters<typeof breaches>): readonly string[] {
  return breaches(...args).map((breach) => breach.kind)
}

/** What is told of the first breach. */
function why(...args: Parameters<typeof breaches>): string {
  return reasonOf(breaches(...args)[0]?.causes ?? [])
}

describe('the guard', () => {
  it('lets a plan pass that is exactly at its limits, and holds one row more', () => {
    assert.deepEqual(kinds({ insert: 1_000, source_changed: 500, delete_untargeted: 50 }), [])
    assert.deepEqual(kinds({ insert: 1_001 }), ['inserts'])
    assert.deepEqual(kinds({ source_changed: 501 }), ['updates'])
    assert.deepEqual(kinds({ delete_untargeted: 51 }), ['removals'])
    assert.deepEqual(kinds({ insert: 1_001, source_changed: 501, delete_untargeted: 51 }), [
      'inserts',
      'updates',
      'removals',
    ])
  })

  it('holds what exceeds the rows or the percent, whichever comes first', () => {
    const large = { tracked: 100_000, listed: 100_000, present: 100_000 }
    assert.deepEqual(kinds({ delete_untargeted: 100 }, large), [])
    assert.deepEqual(kinds({ delete_untargeted: 101 }, large), ['removals'])
    assert.match(why({ delete_untargeted: 101 }, large), /more than 100 rows/u)
    assert.match(why({ delete_untargeted: 51 }), /more than 5 % of the 1,000 rows tracked/u)
  })

  it('tells every limit that is exceeded, and first what looks like a failed load', () => {
    const half = { tracked: 12_000, listed: 12_000, present: 5_985 }
    const [breach] = breaches({ mark_gone: 6_015 }, half)
    assert.equal(
      reasonOf(breach?.causes ?? []),
      'the source holds 5,985 of the listed rows, less than half of the 12,000 rows tracked; more than 100 rows; more than 5 % of the 12,000 rows tracked',
    )
    assert.deepEqual(
      breach?.causes.map((cause) => causeWords(cause).ja),
      [
        '元にある対象の行は 5,985 行で、追跡中の 12,000 行の半分に満たない',
        '100 行を超過',
        '追跡中の 12,000 行の 5 % を超過',
      ],
    )
  })

  it('counts a percentage from ten rows up, and a number of rows at once', () => {
    const small = { tracked: 10, listed: 10, present: 10 }
    assert.deepEqual(kinds({ source_changed: 9 }, small), [])
    assert.deepEqual(kinds({ source_changed: 10 }, small), ['updates'])
    assert.deepEqual(kinds({ source_changed: 1 }, small, { updates: { rows: 0 } }), ['updates'])
    assert.deepEqual(kinds({ source_changed: 0 }, small, { updates: { rows: 0 } }), [])
  })

  it('does not limit inserts until one full run has completed', () => {
    assert.deepEqual(kinds({ insert: 50_000 }, { tracked: 0, seasoned: false }), [])
    assert.deepEqual(kinds({ insert: 50_000 }, { tracked: 0, seasoned: true }), ['inserts'])
    assert.deepEqual(kinds({ source_changed: 501 }, { seasoned: false }), ['updates'])
  })

  it('holds removals where the list or the source is empty or has lost half, however few they are', () => {
    const one = { delete_untargeted: 1 }
    assert.match(why(one, { listed: 0, present: 0, tracked: 3 }), /the target list is empty/u)
    assert.match(why(one, { present: 0, tracked: 3 }), /the source holds none/u)
    assert.deepEqual(kinds(one, { listed: 500 }), [])
    assert.match(why(one, { listed: 499, present: 499 }), /holds 499 ids, less than half/u)
    assert.match(why(one, { present: 499 }), /the source holds 499/u)
    assert.deepEqual(kinds(one, { listed: 4, present: 4, tracked: 9 }), [])
    assert.deepEqual(kinds({ source_changed: 1 }, { listed: 0, present: 0 }), [])
  })

  it('counts what restores as inserts, what is taken over as an update, and a mark as a removal', () => {
    assert.deepEqual(kinds({ insert: 500, restore: 501 }), ['inserts'])
    assert.deepEqual(
      kinds({ source_changed: 100, cloud_changed: 100, both_changed: 100, revive: 100, adopt: 101 }),
      ['updates'],
    )
    assert.deepEqual(kinds({ delete_untargeted: 13, delete_gone: 13, mark_untargeted: 13, mark_gone: 12 }), [
      'removals',
    ])
    assert.deepEqual(kinds({ return: 5_000, settle: 5_000, keep: 5_000, forget: 5_000 }), [])
    assert.deepEqual(kinds({ adopt: 900 }, { seasoned: false }), [])
  })

  it('holds rows that would only be kept, where the list or the source is found empty', () => {
    assert.deepEqual(kinds({ keep: 1 }, { present: 0 }), ['removals'])
    assert.deepEqual(kinds({ forget: 1 }, { listed: 0, present: 0 }), ['removals'])
    assert.deepEqual(kinds({ keep: 1 }, { present: 0 }, { removals: { percent: 100 } }), [])
  })

  it('names a kind once, with the count of its rows', () => {
    assert.deepEqual(
      breaches({ delete_untargeted: 600 }, { listed: 400, present: 400 }).map(({ kind, count }) => [
        kind,
        count,
      ]),
      [['removals', 600]],
    )
  })

  it('holds exactly what exceeds a limit, whatever the numbers', () => {
    const count = fc.nat({ max: 5_000 })
    const limit = fc.record(
      { rows: fc.nat({ max: 5_000 }), percent: fc.integer({ min: 0, max: 100 }) },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Limit>
    fc.assert(
      fc.property(count, count, limit, (updates, tracked, updatesLimit) => {
        const { rows, percent } = updatesLimit
        const overRows = rows !== undefined && updates > rows
        const overPercent = percent !== undefined && updates >= 10 && updates / tracked > percent / 100
        const expected = overRows || overPercent ? ['updates'] : []
        assert.deepEqual(kinds({ source_changed: updates }, { tracked }, { updates: updatesLimit }), expected)
      }),
    )
  })
})
