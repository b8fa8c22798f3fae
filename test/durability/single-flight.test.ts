import assert from 'node:assert/strict'
import { applySchedules } from '../../operations/schedules.js'
import { cancelRun } from '../../operations/runs.js'
import { idOf, inGatedWorld, type GatedWorld } from '../support/gated-world.js'
import { until } from '../support/gates.js'
import { texts } from '../support/world.js'

const ROWS = 600

const leaseHolder = async (world: GatedWorld) =>
  (await texts(world.cloud, 'select run from master_sync.leases'))[0]?.[0]

describe('starting a sync while one is under way', () => {
  for (const [title, schedule] of [
    ['without a schedule', undefined],
    ['with a schedule', { cron: '0 3 * * *', timezone: 'Asia/Tokyo' }],
  ] as const) {
    it(`follows that one, ${title}`, () =>
      inGatedWorld({ rows: ROWS, ...(schedule && { master: { schedule } }) }, async (world) => {
        if (schedule !== undefined) await applySchedules(world.app, [world.master])
        await world.workers.start()
        const gate = await world.hold('copy')
        const both = await Promise.all([world.start(), world.start()])
        await gate.reached()
        const late = await world.start()
        assert.equal(late.how, 'attached')
        await gate.open()
        const reports = await Promise.all([...both, late].map((started) => world.follow(started)))
        assert.deepEqual(await world.runs(), [reports[0]?.run])
        for (const report of reports) assert.deepEqual([report.run, report.equal], [reports[0]?.run, true])
        assert.equal((await world.writes()).length, ROWS)
      }))
  }

  it('for one id waits for its end, and then brings the id', () =>
    inGatedWorld({ rows: ROWS }, async (world) => {
      await world.workers.start()
      const gate = await world.hold('copy')
      const full = await world.start()
      await gate.reached()
      await world.source.query(`
        insert into org_rows values ('99999', '新規', ''); insert into targets values ('99999')`)
      const only = await world.start({ only: ['99999'] })
      await until('the run for one id to be recorded', async () => (await world.runs()).length === 2)
      assert.equal(await leaseHolder(world), '1')
      await gate.open()
      const [first, second] = await Promise.all([world.follow(full), world.follow(only)])
      assert.equal(first.equal, true)
      assert.equal(second.equal, true)
      assert.equal((await texts(world.cloud, "select from orgs where id = '99999'")).length, 1)
    }))
})

describe('a first load that is cancelled half-way', () => {
  it('closes in order, and the next run goes on where it was', () =>
    inGatedWorld({ rows: ROWS, env: { SEGMENT_ROWS: '60' } }, async (world) => {
      await world.workers.start()
      const gate = await world.hold('copy')
      const started = await world.start()
      await gate.reached()
      await until('a segment to be written', async () => (await world.writes()).length > 0)
      const [run] = await world.runs()
      await cancelRun(world.app, world.master, run ?? 0)
      const report = await world.follow(started)
      assert.deepEqual([report.outcome, report.failure], ['cancelled', null])
      assert.equal(await leaseHolder(world), null)
      await gate.open()
      const written = await world.writes()
      assert.ok(written.length > 0 && written.length < ROWS, `${written.length} rows written`)
      const next = await world.follow(await world.start())
      assert.deepEqual([next.outcome, next.equal], ['completed', true])
      assert.equal(next.rows.inserted, ROWS - written.length)
      assert.equal(new Set(await world.writes()).size, ROWS)
    }))
})

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
