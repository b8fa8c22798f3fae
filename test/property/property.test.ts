import fc from 'fast-check'
import { createLab, type Lab } from './lab.js'
import { sequence, type Sequence } from './steps.js'

/**
 * SEQUENCES says how many; SEED and SEED_PATH, as a failure prints them, lead to the same again; SEQUENCE is one alone,
 * as a failure prints it.
 */
const { SEQUENCES = '60', SEED, SEED_PATH, SEQUENCE } = process.env
const COUNT = SEQUENCE === undefined ? Number(SEQUENCES) : 1
const SECONDS_EACH = 2

describe('any sequence of changes on both sides, decisions and runs', function () {
  this.timeout((60 + COUNT * SECONDS_EACH) * 1000)
  let lab: Lab
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it(`leaves both tables and the ledger as the rules say (${COUNT} sequences)`, () =>
    fc.assert(
      fc.asyncProperty(sequence, async ({ beginning, rounds }) => {
        await lab.begin(beginning)
        for (const { changes, run } of rounds) for (const step of [...changes, run]) await lab.take(step)
        await lab.end()
      }),
      {
        numRuns: COUNT,
        // Short sequences first would find little.
        unbiased: true,
        ...(SEED === undefined ? {} : { seed: Number(SEED) }),
        ...(SEED_PATH === undefined ? {} : { path: SEED_PATH }),
        ...(SEQUENCE === undefined ? {} : { examples: [[JSON.parse(SEQUENCE) as Sequence]] }),
      },
    ))
})
