import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunReport } from '../../core/report.js'
import { waitFor } from '../../operations/wait.js'
import { CLOUD_GATE, closeGate, SOURCE_GATE, type Gate } from '../support/gates.js'
import { createGatedWorld, idOf, type GatedWorld } from '../support/gated-world.js'
import { texts } from '../support/world.js'

const ROWS = 600

/** In the order in which a run comes by. */
const POINTS: readonly (readonly [name: string, close: (world: GatedWorld) => Promise<Gate>])[] = [
  ['recording itself', (world) => closeGate(world.cloud, CLOUD_GATE.record)],
  ['taking the lease', (world) => closeGate(world.cloud, CLOUD_GATE.lease)],
  ['storing the segments', (world) => closeGate(world.cloud, CLOUD_GATE.cut)],
  ['storing a comparison', (world) => closeGate(world.cloud, CLOUD_GATE.plan)],
  ['in the middle of a COPY', (world) => closeGate(world.source, SOURCE_GATE.copy)],
  ['about to commit a batch', (world) => closeGate(world.cloud, CLOUD_GATE.checkpoint)],
  ['right after a commit', firstCommit],
  ['in the middle of a proof', (world) => closeGate(world.source, SOURCE_GATE.look)],
  ['closing', (world) => closeGate(world.cloud, CLOUD_GATE.close)],
]

/** Not a gate: nothing of ours runs between a commit and the next statement that could be held. */
async function firstCommit(world: GatedWorld): Promise<Gate> {
  const before = (await world.writes()).length
  return {
    reached: () => waitFor('a commit', 60_000, async () => ((await world.writes()).length > before ? true : undefined), 5).then(() => undefined),
    open: async () => undefined,
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
