import assert from 'node:assert/strict'
import { inGatedWorld } from '../support/gated-world.js'
import { until } from '../support/gates.js'
import { texts } from '../support/world.js'

const ROWS = 600

describe('a run for one id, started while a full run is under way', () => {
  it('waits for its end, and then brings the id', () =>
    inGatedWorld({ rows: ROWS }, async (world) => {
      await world.workers.start()
      const gate = await world.hold('copy')
      const full = await world.start()
      await gate.reached()
      await world.source.query(`
        insert into org_rows values ('99999', '新規', ''); insert into targets values ('99999')`)
      const only = await world.start({ only: ['99999'] })
      await until('the run for one id to be recorded', async () => (await world.runs()).length === 2)
      assert.deepEqual(await texts(world.cloud, 'select run from master_sync.leases'), [['1']])
      await gate.open()
      const [first, second] = await Promise.all([world.follow(full), world.follow(only)])
      assert.equal(first.equal, true)
      assert.equal(second.equal, true)
      assert.equal((await texts(world.cloud, "select from orgs where id = '99999'")).length, 1)
    }))
})
