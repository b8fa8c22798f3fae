import assert from 'node:assert/strict'
import { createWorld, texts, type World } from '../support/world.js'
import { cli, exits, reportIn, tells } from './run-cli.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs values ('1', '病院'); insert into targets select id from orgs`

describe('two installations that share a task queue and a namespace', () => {
  let here: World
  let there: World
  before(async () => {
    const master = {
      master: `shared_${process.pid}`,
      schedule: { cron: '0 3 * * *', timezone: 'Asia/Tokyo' },
    }
    const env = { TASK_QUEUE: master.master }
    here = await createWorld({ source: SOURCE, master, env })
    there = await createWorld({ source: SOURCE, master, env })
    await there.work()
  })
  after(async () => {
    await here.close()
    await there.close()
  })

  it("have a command told that the other's worker took its run, with nothing done in either", async () => {
    const ended = await cli(here.env, 'start-sync', '--mode', 'plan', '--json')
    exits(ended, 6)
    const { run, outcome, failure } = reportIn(ended)
    assert.deepEqual([run, outcome, failure?.code], [0, 'failed', 'WORKER_ELSEWHERE'])
    for (const world of [here, there])
      assert.deepEqual(await texts(world.cloud, 'select run from master_sync.runs'), [])
  })

  it("neither take over nor start each other's schedules", async () => {
    exits(await cli(there.env, 'schedule', 'apply'), 0)
    tells(await cli(here.env, 'schedule', 'apply'), 3, 'SCHEDULE_ELSEWHERE')
    tells(await cli(here.env, 'start-sync'), 3, 'SCHEDULE_ELSEWHERE')
    assert.deepEqual(await texts(there.cloud, 'select run from master_sync.runs'), [])
    const own = await cli(there.env, 'start-sync', '--json')
    exits(own, 0)
    assert.equal(reportIn(own).rows.inserted, 1)
    exits(await cli(there.env, 'schedule', 'remove'), 0)
  })
})
