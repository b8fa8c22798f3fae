import assert from 'node:assert/strict'
import { until } from '../support/gates.js'
import { idOf, inGatedWorld } from '../support/gated-world.js'
import { texts } from '../support/world.js'

const EDITED = `select remarks from orgs where id = '${idOf(3)}'`

describe('an edit of a column that is protected from today on', () => {
  it('stays, though it is made while the first run looks at the rows and finds them equal', () =>
    inGatedWorld({ rows: 20, env: { LEASE_SECONDS: '60' } }, async (world) => {
      await world.work()
      await world.follow(await world.start())
      await world.rewrite({ columns: { remarks: 'keep_edits' } })
      const before = await world.hold('cut')
      const started = await world.start()
      await before.reached()
      const gate = await world.hold('look')
      await before.open()
      await gate.reached()
      // The cloud's side of the comparison has been read: only the source's is held.
      await until('the cloud to be read', async () => {
        const { rows } = await world.cloud.query<{ readonly read: boolean }>(`
          select coalesce(bool_or(query like '%with hashed as materialized%') and bool_and(state <> 'active'), false) as read
          from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`)
        return rows[0]?.read === true
      })
      await world.cloud.query(`update orgs set remarks = '編集' where id = '${idOf(3)}'`)
      await gate.open()
      const first = await world.follow(started)
      assert.deepEqual([first.outcome, first.rows.updated, first.rows.conflicts], ['nothing_to_do', 0, 0])
      const second = await world.follow(await world.start())
      assert.deepEqual([second.rows.updated, second.rows.conflicts, second.equal], [0, 0, true])
      assert.deepEqual(await texts(world.cloud, EDITED), [['編集']])
      await world.source.query(`update org_rows set remarks = '元' where id = '${idOf(3)}'`)
      assert.equal((await world.follow(await world.start())).rows.conflicts, 1)
      assert.deepEqual(await texts(world.cloud, EDITED), [['編集']])
    }))
})
