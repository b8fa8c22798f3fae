import assert from 'node:assert/strict'
import { approveRun } from '../../operations/answers.js'
import { decideConflicts } from '../../db/conflicts.js'
import { followRun } from '../../operations/follow.js'
import { inSession } from '../../db/session.js'
import { until } from '../support/gates.js'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text, phone text);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 3, '0'), '病院' || n, '03-' || n from generate_series(1, 20) n;
  insert into targets select id from orgs`

async function inWorld(master: object, test: (world: World) => Promise<void>): Promise<void> {
  const world = await createWorld({ source: SOURCE, master: { ...master } })
  try {
    await test(world)
  } finally {
    await world.close()
  }
}

describe('what people wrote', () => {
  it('in a column of the cloud alone is not written over unasked when the source gets one of that name', () =>
    inWorld({ guards: { updates: { percent: 100 } } }, async (world) => {
      await world.cloud.query('alter table orgs add column memo text')
      await world.sync()
      await world.cloud.query(`update orgs set memo = '社内用' where id <= '003'`)
      await world.source.query(
        `alter table orgs add column memo text; update orgs set memo = '公開' where id <= '006'`,
      )
      const asked = await world.sync()
      assert.deepEqual(
        [asked.outcome, asked.rows.updated, asked.held.map(({ kind, rows }) => [kind, rows])],
        ['awaiting_approval', 3, [['edits', 3]]],
      )
      const memos = `select memo, count(*) from orgs group by memo order by memo collate "C" nulls last`
      assert.deepEqual(await texts(world.cloud, memos), [
        ['公開', '3'],
        ['社内用', '3'],
        [null, '14'],
      ])
      const approved = await approveRun(world.app, world.master, asked.run)
      await followRun(world.app, world.master, approved, () => undefined)
      assert.deepEqual(await texts(world.cloud, `select count(*) from orgs where memo = '公開'`), [['6']])
    }))

  it('in a column that was protected waits alone: rows that only changed elsewhere at the source are written', () =>
    inWorld({ columns: { phone: 'fill_empty' } }, async (world) => {
      await world.sync()
      await world.cloud.query(`update orgs set phone = '社内' where id = '001'`)
      await world.rewrite({})
      const change = (id: string) =>
        world.source.query(`update orgs set name = name || '改' where id = '${id}'`)
      for (const id of ['002', '003']) {
        await change(id)
        const { rows, held } = await world.sync()
        assert.deepEqual(
          [rows.updated, held.map(({ kind, rows: count }) => [kind, count])],
          [1, [['edits', 1]]],
        )
      }
      await world.sync({ approve: true })
      await change('004')
      const { outcome, rows } = await world.sync()
      assert.deepEqual([outcome, rows.updated, rows.held], ['completed', 1, 0])
      assert.deepEqual(await texts(world.cloud, `select phone from orgs where id = '001'`), [['03-1']])
    }))

  it('as a row of their own is not taken away by an approval that was about ours', () =>
    inWorld({ guards: { removals: { rows: 0 } } }, async (world) => {
      await world.sync()
      await world.source.query(`delete from targets where id = '001'`)
      const { run, rows } = await world.sync()
      assert.equal(rows.held, 1)
      assert.equal((await world.sync({ only: ['001'] })).rows.removed, 1)
      await world.cloud.query(`insert into orgs values ('001', '病院1', '03-1')`)
      const approved = await approveRun(world.app, world.master, run)
      const report = await followRun(world.app, world.master, approved, () => undefined)
      assert.deepEqual([report.rows.removed, report.rows.moved], [0, 1])
      assert.deepEqual(await texts(world.cloud, `select id from orgs where id = '001'`), [['001']])
    }))

  it('is kept with the row, where it was the cloud’s own before it was listed, and nothing is marked', () =>
    inWorld({ removals: { untargeted: 'delete', gone: 'delete' } }, async (world) => {
      await world.cloud.query(`insert into orgs values ('001', 'ours', 'ours')`)
      await world.sync()
      await world.source.query(`delete from orgs where id in ('001', '002')`)
      const { outcome, rows } = await world.sync()
      assert.deepEqual([outcome, rows.removed], ['completed', 1])
      assert.deepEqual(await texts(world.cloud, `select id from orgs where id < '003'`), [['001']])
      assert.equal((await world.sync()).outcome, 'nothing_to_do')
    }))
})

describe('a mark', () => {
  it('goes when the row returns, also where nothing is marked any more', () =>
    inWorld({ removals: { gone: 'mark' } }, async (world) => {
      await world.sync()
      await world.source.query(`delete from orgs where id = '001'`)
      assert.equal((await world.sync()).rows.marked, 1)
      await world.rewrite({ removals: { gone: 'keep' } })
      await world.source.query(`insert into orgs values ('001', '病院1', '03-1')`)
      assert.equal((await world.sync()).rows.updated, 1)
      const marks = 'select count(sync_removed_at), count(sync_removed_reason) from orgs'
      assert.deepEqual(await texts(world.cloud, marks), [['0', '0']])
    }))
})

describe('a conflict that a person decides while a run writes its row', () => {
  it('keeps the decision for the next run', () =>
    inWorld({ columns: { phone: 'keep_edits' } }, async (world) => {
      await world.sync()
      await world.cloud.query(`update orgs set phone = 'c' where id = '001'`)
      await world.source.query(`update orgs set phone = 's' where id = '001'`)
      assert.equal((await world.sync()).rows.conflicts, 1)
      // Another column of the row changes, and the writing of it waits at a trigger.
      await world.cloud.query(`
        create function wait() returns trigger language plpgsql as $$
        begin perform pg_advisory_xact_lock_shared(7); return new; end $$;
        create trigger wait before update on orgs for each row execute function wait()`)
      const gate = await world.cloud.connect()
      await gate.query('select pg_advisory_lock(7)')
      await world.source.query(`update orgs set name = '改名' where id = '001'`)
      const running = world.sync()
      const waiting = (what: string): Promise<boolean> =>
        world.cloud
          .query(`select from pg_stat_activity where datname = current_database() and ${what}`)
          .then(({ rowCount }) => rowCount !== 0)
      await until('the write to wait', () => waiting(`wait_event = 'advisory'`))
      const deciding = inSession(world.app.databases.get('cloud', 'CLOUD_DATABASE_URL'), (session) =>
        decideConflicts(session, world.name, { column: 'phone' }, { side: 'source' }, 'someone'),
      )
      await until('the decision to wait', () =>
        waiting(`wait_event_type = 'Lock' and wait_event <> 'advisory'`),
      )
      await gate.query('select pg_advisory_unlock(7)')
      gate.release()
      assert.equal((await running).rows.updated, 1)
      assert.equal((await deciding).length, 1)
      const { rows } = await world.sync()
      assert.deepEqual([rows.updated, rows.conflicts], [1, 0])
      assert.deepEqual(await texts(world.cloud, `select phone from orgs where id = '001'`), [['s']])
    }))
})
