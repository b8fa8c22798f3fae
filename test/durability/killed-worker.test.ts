import assert from 'node:assert/strict'
import type { RunReport } from '../../core/report.js'
import { until, type Gate } from '../support/gates.js'
import { createGatedWorld, idOf, type GatedWorld } from '../support/gated-world.js'

const ROWS = 600

/** In the order in which a run comes by. */
const POINTS = [
  ['recording itself', (world) => world.hold('record')],
  ['taking the lease', (world) => world.hold('lease')],
  ['storing the segments', (world) => world.hold('cut')],
  ['storing a comparison', (world) => world.hold('plan')],
  ['in the middle of a COPY', (world) => world.hold('copy')],
  ['about to commit a batch', (world) => world.hold('checkpoint')],
  ['right after a commit', firstCommit],
  ['in the middle of a proof', (world) => world.hold('look')],
  ['closing', (world) => world.hold('close')],
] as const satisfies readonly (readonly [name: string, hold: (world: GatedWorld) => Promise<Gate>])[]

/** Not a gate: between a commit and the next statement nothing of ours runs that could be held. */
async function firstCommit(world: GatedWorld): Promise<Gate> {
  const before = (await world.writes()).length
  return {
    reached: () => until('a commit', async () => (await world.writes()).length > before),
    open: () => Promise.resolve(),
  }
}

/** One run whose worker is killed at every point; each time another worker takes it on. */
async function syncKilledEverywhere(world: GatedWorld): Promise<RunReport> {
  const started = await world.start()
  let t = performance.now()
  for (const [name, close] of POINTS) {
    const gate = await close(world)
    const worker = await world.workers.start()
    await gate.reached()
    await worker.kill()
    await gate.open()
    console.log(name, Math.round(performance.now() - t)); t = performance.now()
  }
  await world.workers.start()
  const r = await world.follow(started)
  console.log('end', Math.round(performance.now() - t))
  return r
}

describe('kill -9 of the worker', () => {
  let world: GatedWorld
  beforeEach(async () => {
    world = await createGatedWorld({ rows: ROWS, master: { guards: { removals: { percent: 100 } } } })
  })
  afterEach(() => world.end())

  it('at any point of a first load loses and repeats nothing', async () => {
    const report = await syncKilledEverywhere(world)
    assert.deepEqual([report.run, report.outcome, report.equal], [1, 'completed', true])
    assert.deepEqual(report.rows, { ...report.rows, inserted: ROWS, updated: 0, removed: 0, restored: 0, moved: 0, unchanged: 0 })
    const all = Array.from({ length: ROWS }, (_, index) => `insert ${idOf(index + 1)}`)
    assert.deepEqual([...(await world.writes())].sort(), all)
    assert.deepEqual(await world.runs(), [1])
  })
})
