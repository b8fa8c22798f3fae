import fc from 'fast-check'
import { createLab, type Lab } from './lab.js'
import { sequence } from './steps.js'

/** How many sequences, and with which seed: a failure prints the seed and the path that lead to it again. */
const SEQUENCES = Number(process.env['SEQUENCES'] ?? 300)
const SEED = process.env['SEED']
const SECONDS_EACH = 2

describe('any sequence of changes on both sides, decisions and runs', function () {
  this.timeout((60 + SEQUENCES * SECONDS_EACH) * 1000)
  let lab: Lab
  before(async () => {
    lab = await createLab()
  })
  after(() => lab.close())

  it(`leaves both tables and the ledger as the rules say (${SEQUENCES} sequences)`, () =>
    fc.assert(
      fc.asyncProperty(sequence, async ({ beginning, rounds }) => {
        await lab.begin(beginning)
        for (const { changes, run } of rounds) for (const step of [...changes, run]) await lab.take(step)
        await lab.end()
      }),
      {
        numRuns: SEQUENCES,
        unbiased: true,
        ...(SEED === undefined ? {} : { seed: Number(SEED) }),
        ...(process.env['SEED_PATH'] === undefined ? {} : { path: process.env['SEED_PATH'] }),
      },
    ))
})
