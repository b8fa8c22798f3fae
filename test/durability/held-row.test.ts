import assert from 'node:assert/strict'
import { idOf, inGatedWorld } from '../support/gated-world.js'
import { until } from '../support/gates.js'

const ROWS = 600

describe('a cloud row that a user holds in an open transaction', () => {
  it('is written last, when the user lets go; the others are not kept waiting', () =>
    inGatedWorld({ rows: ROWS, env: { SEGMENT_ROWS: '1000', BATCH_ROWS: '1000' } }, async (world) => {
      await world.workers.start()
      await world.follow(await world.start())
      await world.source.query(`update org_rows set name = '改名' where id <= '${idOf(20)}'`)
      await world.forgetWrites()
      const user = await world.cloud.connect()
      await user.query(`begin; update orgs set remarks = 'mine' where id = '${idOf(5)}'`)
      const started = await world.start()
      await until('the other rows to be written', async () => (await world.writes()).length === 19)
      await user.query('commit')
      user.release()
      const report = await world.follow(started)
      assert.deepEqual([report.outcome, report.equal, report.rows.updated], ['completed', true, 20])
      assert.equal((await world.writes()).at(-1), `update ${idOf(5)}`)
    }))
})
