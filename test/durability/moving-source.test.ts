import assert from 'node:assert/strict'
import { exitCodeOf } from '../../core/report.js'
import { idOf, inGatedWorld, type GatedWorld } from '../support/gated-world.js'
import { texts } from '../support/world.js'

const ROWS = 600
/** The policy with teeth: what is gone from the source would be deleted. */
const MASTER = { removals: { gone: 'delete', untargeted: 'delete' } }

const count = async (world: GatedWorld): Promise<number> =>
  Number((await texts(world.cloud, 'select count(*) from orgs'))[0]?.[0])

/** A full first run, with a worker that stays. */
async function loaded(world: GatedWorld): Promise<void> {
  await world.workers.start()
  const first = await world.follow(await world.start())
  assert.deepEqual([first.outcome, first.equal, first.rows.inserted], ['completed', true, ROWS])
  await world.source.query('create table copy_of_rows as select * from org_rows')
  await world.forgetWrites()
}

const RELOAD = 'insert into org_rows select * from copy_of_rows'

describe('a source that is truncated and reloaded', () => {
  it('in one transaction, while segments are compared, removes nothing', () =>
    inGatedWorld({ rows: ROWS, master: MASTER }, async (world) => {
      await loaded(world)
      const gate = await world.hold('look')
      const started = await world.start()
      await gate.reached()
      const reloading = world.source.query(`begin; truncate org_rows; ${RELOAD}; commit`)
      await gate.open()
      const report = await world.follow(started)
      await reloading
      assert.deepEqual([report.outcome, report.equal, report.rows.removed], ['nothing_to_do', true, 0])
      assert.deepEqual(await world.writes(), [])
    }))

  it('in two transactions, makes the run that sees it empty ask, with nothing written', () =>
    inGatedWorld({ rows: ROWS, master: MASTER }, async (world) => {
      await loaded(world)
      await world.source.query('truncate org_rows')
      const asked = await world.follow(await world.start())
      assert.deepEqual([asked.outcome, asked.rows.held, exitCodeOf(asked)], ['awaiting_approval', ROWS, 4])
      await world.source.query(RELOAD)
      const next = await world.follow(await world.start())
      assert.deepEqual([next.outcome, next.equal], ['nothing_to_do', true])
      assert.deepEqual(await world.writes(), [])
    }))

  it('between two comparisons, makes the run ask, with nothing written', () =>
    inGatedWorld({ rows: ROWS, master: MASTER, env: { SEGMENT_ROWS: '40' } }, async (world) => {
      await loaded(world)
      const gate = await world.hold('plan')
      const started = await world.start()
      await gate.reached()
      await world.source.query('truncate org_rows')
      await gate.open()
      const asked = await world.follow(started)
      assert.deepEqual(
        [asked.outcome, asked.held.map(({ kind }) => kind), exitCodeOf(asked)],
        ['awaiting_approval', ['removals'], 4],
      )
      assert.equal(await count(world), ROWS)
      assert.deepEqual(await world.writes(), [])
    }))

  it('between comparison and writing, turns no update into a removal', () =>
    inGatedWorld({ rows: ROWS, master: MASTER, env: { SEGMENT_ROWS: '1000' } }, async (world) => {
      await loaded(world)
      await world.source.query(`update org_rows set name = name || '改' where id <= '${idOf(30)}'`)
      const gate = await world.hold('plan')
      const started = await world.start()
      await gate.reached()
      await world.source.query('truncate org_rows')
      await gate.open()
      const report = await world.follow(started)
      assert.deepEqual([report.outcome, report.rows.updated, report.rows.removed], ['completed', 0, 0])
      assert.ok(report.rows.moved >= 30, `${report.rows.moved} moved`)
      assert.equal(await count(world), ROWS)
      assert.deepEqual(await world.writes(), [])
    }))
})

describe('a cloud row that changes', () => {
  it('between writing and proof makes the run unequal, and is named', () =>
    inGatedWorld({ rows: ROWS, env: { SEGMENT_ROWS: '1000' } }, async (world) => {
      await loaded(world)
      await world.source.query(`update org_rows set name = '改名' where id = '${idOf(300)}'`)
      // Someone's edit that is there as soon as the batch has committed.
      await world.cloud.query(`
        create function edit() returns trigger language plpgsql as $$
        begin
          update public.orgs set name = 'mine' where id = '${idOf(7)}';
          return null;
        end $$;
        create trigger edit after update on master_sync.segments
          for each row when (new.applied and not old.applied) execute function edit()`)
      const report = await world.follow(await world.start())
      assert.deepEqual([report.outcome, report.equal, report.unequal_ids], ['completed', false, [idOf(7)]])
      assert.equal(exitCodeOf(report), 4)
      await world.cloud.query('drop trigger edit on master_sync.segments')
      const next = await world.follow(await world.start())
      assert.deepEqual([next.equal, next.rows.updated], [true, 1])
    }))

  it('by being deleted comes back, counted as restored', () =>
    inGatedWorld({ rows: ROWS }, async (world) => {
      await loaded(world)
      await world.cloud.query(`delete from orgs where id in ('${idOf(7)}', '${idOf(ROWS)}')`)
      await world.forgetWrites()
      const report = await world.follow(await world.start())
      assert.deepEqual([report.equal, report.rows.restored, report.rows.inserted], [true, 2, 0])
      assert.deepEqual([...(await world.writes())].sort(), [`insert ${idOf(7)}`, `insert ${idOf(ROWS)}`])
    }))
})
