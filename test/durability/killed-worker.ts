import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunReport } from '../../core/report.js'
import { until, type Gate } from '../support/gates.js'
import { idOf, inGatedWorld, type GatedWorld } from '../support/gated-world.js'
import type { SideBySide } from '../support/side-by-side.js'

const ROWS = 600

type Point = readonly [name: string, hold: (world: GatedWorld) => Promise<Gate>]

const OPENING: readonly Point[] = [
  ['taking the lease', (world) => world.hold('lease')],
  ['storing the segments', (world) => world.hold('cut')],
]
const WRITING: readonly Point[] = [
  ['storing a comparison', (world) => world.hold('plan')],
  ['in the middle of a COPY', (world) => world.hold('copy')],
  ['about to commit a batch', (world) => world.hold('checkpoint')],
  ['right after a commit', nextCommit],
  ['in the middle of a proof', (world) => world.hold('prove')],
]
const CLOSING: readonly Point[] = [['closing', (world) => world.hold('close')]]

/** Not a gate: between a commit and the next statement nothing of ours runs that could be held. */
async function nextCommit(world: GatedWorld): Promise<Gate> {
  const before = (await world.writes()).length
  return {
    reached: () => until('a commit', async () => (await world.writes()).length > before),
    holdOnlyFirst: () => Promise.resolve(),
    open: () => Promise.resolve(),
  }
}

/** One run, killed at points in the order in which it comes by; each time another worker takes it on. */
async function killedAt(world: GatedWorld, points: readonly Point[]): Promise<RunReport> {
  const started = await world.start()
  for (const [name, hold] of points) {
    const gate = await hold(world)
    const worker = await world.workers.start()
    await gate.reached().catch((cause: unknown) => {
      throw new Error(`the run did not come to ${name}`, { cause })
    })
    await worker.kill()
    await gate.open()
  }
  await world.workers.start()
  return world.follow(started)
}

/** One run, killed again and again, each time a while after the worker was ready. */
async function killedAtRandom(world: GatedWorld, moments: readonly number[]): Promise<RunReport> {
  const started = await world.start()
  for (const moment of moments) {
    const worker = await world.workers.start()
    await delay(moment)
    await worker.kill()
  }
  await world.workers.start()
  return world.follow(started)
}

/** Loads all rows undisturbed, then changes some on either side. */
async function loadAndChange(world: GatedWorld): Promise<void> {
  const worker = await world.workers.start()
  await world.follow(await world.start())
  await worker.kill()
  await world.forgetWrites()
  await world.source.query(`
    update org_rows set name = name || '改' where id <= '${idOf(100)}' or id = '${idOf(ROWS / 2)}';
    delete from targets where id between '${idOf(101)}' and '${idOf(160)}';
    insert into org_rows select lpad(n::text, 5, '0'), '新設' || n, '' from generate_series(${ROWS + 1}, ${ROWS + 90}) n;
    insert into targets select lpad(n::text, 5, '0') from generate_series(${ROWS + 1}, ${ROWS + 90}) n`)
  await world.cloud.query(`
    alter table orgs disable trigger note;
    delete from orgs where id between '${idOf(201)}' and '${idOf(210)}';
    alter table orgs enable trigger note`)
}

const CHANGES = [
  ...writes('delete', 101, 160),
  ...writes('insert', 201, 210),
  ...writes('insert', ROWS + 1, ROWS + 90),
  ...writes('update', 1, 100),
  ...writes('update', ROWS / 2, ROWS / 2),
]

function writes(operation: string, from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `${operation} ${idOf(from + index)}`)
}

const OPTIONS = { rows: ROWS, master: { guards: { removals: { percent: 100 } } } }

async function assertChanged(world: GatedWorld, report: RunReport): Promise<void> {
  assert.deepEqual([report.run, report.outcome, report.equal], [2, 'completed', true])
  const { inserted, updated, removed, restored, moved, unchanged } = report.rows
  assert.deepEqual(
    { inserted, updated, removed, restored, moved, unchanged },
    { inserted: 90, updated: 101, removed: 60, restored: 10, moved: 0, unchanged: ROWS - 60 - 101 - 10 },
  )
  assert.deepEqual([...(await world.writes())].sort(), CHANGES)
  assert.deepEqual(await world.runs(), [1, 2])
}

/** Tests of kill -9 of the worker. */
export const killedWorker: SideBySide = {
  'of the worker, at every point of a first load, loses and repeats nothing': () =>
    inGatedWorld(OPTIONS, async (world) => {
      const report = await killedAt(world, [...OPENING, ...WRITING, ...CLOSING])
      assert.deepEqual([report.run, report.outcome, report.equal], [1, 'completed', true])
      const { inserted, updated, removed, restored, moved, unchanged } = report.rows
      assert.deepEqual([inserted, updated, removed, restored, moved, unchanged], [ROWS, 0, 0, 0, 0, 0])
      assert.deepEqual([...(await world.writes())].sort(), writes('insert', 1, ROWS))
      assert.deepEqual(await world.runs(), [1])
    }),

  'of the worker, wherever a run changes something, loses and repeats nothing': () =>
    inGatedWorld(OPTIONS, async (world) => {
      await loadAndChange(world)
      await assertChanged(world, await killedAt(world, WRITING))
    }),

  'of the worker, at any moment, loses and repeats nothing': () =>
    inGatedWorld(OPTIONS, async (world) => {
      const moments = Array.from({ length: 4 }, () => Math.round(Math.random() * 1_500))
      await loadAndChange(world)
      await assertChanged(world, await killedAtRandom(world, moments)).catch((cause: unknown) => {
        throw new Error(`killed ${moments.join(', ')} ms after the workers were ready`, { cause })
      })
    }),
}
