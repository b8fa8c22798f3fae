import assert from 'node:assert/strict'
import type { RunReport } from '../../core/report.js'
import { approveRun } from '../../operations/answers.js'
import type { StartedRun } from '../../operations/start.js'
import { idOf, inGatedWorld, type GatedWorld, type Place } from '../support/gated-world.js'
import type { SideBySide } from '../support/side-by-side.js'
import { texts } from '../support/world.js'

const ROWS = 600
const OPTIONS = {
  rows: ROWS,
  master: {
    columns: { remarks: 'keep_edits' },
    guards: { updates: { rows: 50 }, removals: { percent: 100 } },
  },
}

const EDITED = `id in ('${idOf(5)}', '${idOf(6)}')`

/** Loads all rows; then more change than a run may do alone, among them a value that someone has edited in the cloud. */
async function loadAndChange(world: GatedWorld): Promise<void> {
  const worker = await world.workers.start()
  await world.follow(await world.start())
  await worker.kill()
  await world.source.query(`
    update org_rows set name = name || '改' where id <= '${idOf(100)}' or id = '${idOf(ROWS / 2)}';
    update org_rows set remarks = '元' where id = '${idOf(5)}';
    delete from targets where id between '${idOf(101)}' and '${idOf(160)}'`)
  await world.cloud.query(`update orgs set remarks = '編集' where ${EDITED}`)
  await world.forgetWrites()
}

/** One run, killed at places in the order in which it comes by; each time another worker takes it on. */
async function killedAt(
  world: GatedWorld,
  started: StartedRun,
  places: readonly Place[],
): Promise<RunReport> {
  for (const place of places) {
    const gate = await world.hold(place)
    const worker = await world.workers.start()
    await gate.reached().catch((cause: unknown) => {
      throw new Error(`the run did not come to ${place}`, { cause })
    })
    await worker.kill()
    await gate.open()
  }
  const last = await world.workers.start()
  const report = await world.follow(started)
  await last.kill()
  return report
}

const history = (world: GatedWorld, run: number) =>
  texts(
    world.cloud,
    `select kind, count(*) from master_sync.row_history where run = ${run} group by kind order by kind`,
  )

/** Tests of kill -9 of the worker where a person is asked. */
export const killedQuestion: SideBySide = {
  'of the worker, anywhere in a run that asks, and in the one that is approved, leaves all consistent': () =>
    inGatedWorld(OPTIONS, async (world) => {
      await loadAndChange(world)
      const asked = await killedAt(world, await world.start(), ['plan', 'hold', 'checkpoint', 'close'])
      assert.deepEqual(
        [asked.outcome, asked.rows.held, asked.rows.removed, asked.question?.run, asked.question?.state],
        ['awaiting_approval', 101, 60, asked.run, 'open'],
      )
      const held = `select count(*) from master_sync.plan_rows where run = ${asked.run}`
      assert.deepEqual(await texts(world.cloud, held), [['101']])
      assert.deepEqual(await history(world, asked.run), [['removed', '60']])

      const started = await approveRun(world.app, world.master, asked.run)
      const places: readonly Place[] = ['answer', 'cut', 'copy', 'checkpoint', 'prove', 'close']
      const approved = await killedAt(world, started, places)
      const { updated, moved, conflicts } = approved.rows
      assert.deepEqual(
        [approved.outcome, approved.equal, updated, moved, conflicts],
        ['completed', true, 101, 0, 1],
      )
      const question = `select state, successor from master_sync.questions where run = ${asked.run}`
      assert.deepEqual(await texts(world.cloud, question), [['approved', String(approved.run)]])
      assert.deepEqual(await texts(world.cloud, 'select count(*) from master_sync.plan_rows'), [['0']])
      assert.deepEqual(await history(world, approved.run), [['updated', '101']])

      const writes = await world.writes()
      assert.equal(writes.length, 161)
      assert.equal(new Set(writes).size, 161)
      const edits = `select remarks from orgs where ${EDITED}`
      assert.deepEqual(await texts(world.cloud, edits), [['編集'], ['編集']])
      await world.workers.start()
      assert.equal((await world.follow(await world.start())).outcome, 'nothing_to_do')
    }),
}
