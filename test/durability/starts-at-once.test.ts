import assert from 'node:assert/strict'
import { readEnvironment } from '../../core/options.js'
import { App } from '../../operations/app.js'
import { scheduleId } from '../../core/names.js'
import { applySchedules, changeSchedules } from '../../operations/schedules.js'
import { startSync, type StartedRun } from '../../operations/start.js'
import { createGatedWorld, type GatedWorld } from '../support/gated-world.js'

const ROWS = 100
const ROUNDS = 3
const AT_ONCE = 4

/** Starts by several people at the same time, each from a process of their own as far as Temporal can tell. */
async function startAtOnce(world: GatedWorld): Promise<readonly StartedRun[]> {
  const apps = Array.from({ length: AT_ONCE }, () => new App(readEnvironment(world.env, () => '')))
  try {
    await Promise.all(apps.map((app) => app.temporal()))
    return await Promise.all(
      apps.map((app) => startSync(app, app.master(undefined), { mode: 'apply', only: [] })),
    )
  } finally {
    await Promise.all(apps.map((app) => app.close()))
  }
}

describe('starting a sync from several places', () => {
  let world: GatedWorld
  beforeEach(async () => {
    world = await createGatedWorld({ rows: ROWS })
    await world.work()
  })
  afterEach(() => world.end())

  it('at once gives one run', async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const gate = await world.hold('record')
      const started = await startAtOnce(world)
      assert.equal(new Set(started.map((run) => run.runId)).size, 1)
      await gate.reached()
      await gate.open()
      for (const run of started) assert.equal((await world.follow(run)).run, round)
      assert.equal((await world.runs()).length, round)
    }
  })

  it('at once gives one run where there is a schedule', async () => {
    await world.rewrite({ schedule: { cron: '0 3 1 1 *' } })
    await applySchedules(world.app, [world.master])
    const schedule = (await world.app.temporal()).schedule.getHandle(scheduleId(world.master))
    for (let round = 1; round <= ROUNDS; round += 1) {
      const gate = await world.hold('record')
      const started = await startAtOnce(world)
      assert.equal(new Set(started.map((run) => run.runId)).size, 1)
      await gate.reached()
      // Not counted in the end: a trigger that Temporal comes to when this run is over starts another, one after it.
      assert.equal((await schedule.describe()).info.runningActions.length, 1)
      await gate.open()
      for (const run of started) assert.equal((await world.follow(run)).equal, true)
    }
    await changeSchedules(world.app, world.master, 'remove', 'the end of the test')
  })
})
