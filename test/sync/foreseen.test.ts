import assert from 'node:assert/strict'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text, phone text, url text);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 3, '0'), '病院' || n, '03-' || n, 'https://' || n from generate_series(1, 20) n;
  insert into targets select id from orgs`

const MASTER = {
  columns: { phone: 'keep_edits', url: 'fill_empty' },
  lock: 'locked',
  guards: { updates: { percent: 100 } },
}

describe('where the cloud keeps what people wrote', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE, master: MASTER })
    await world.sync()
    await world.cloud.query(`
      update orgs set url = 'https://example.jp' where id <= '002';
      update orgs set phone = '内線 1' where id between '003' and '005';
      update orgs set locked = true where id = '006'`)
    await world.source.query(`
      update orgs set url = url || '/new' where id <= '002';
      update orgs set phone = '045-' || id where id between '003' and '005';
      update orgs set name = name || '新館' where id in ('005', '006')`)
  })
  after(() => world.close())

  it('a verification calls no row different that a run would leave as it is', async () => {
    const { equal, unequal_ids: unequal, rows, planned } = await world.sync({ mode: 'verify' })
    assert.deepEqual(planned, { edit_kept: 2, conflict: 2, locked: 1, source_changed: 1 })
    assert.deepEqual([equal, unequal, rows.updated, rows.unchanged], [false, ['005'], 1, 18])
  })

  it('a plan counts what the run then writes, and tells which conflicts are to come', async () => {
    const plan = await world.sync({ mode: 'plan' })
    assert.deepEqual(plan.planned, { edit_kept: 2, conflict: 2, locked: 1, source_changed: 1 })
    const run = await world.sync()
    assert.deepEqual(
      [run.rows.updated, run.rows.unchanged, run.rows.locked, run.rows.conflicts],
      [plan.rows.updated, plan.rows.unchanged, 1, 3],
    )
    const after = await world.sync({ mode: 'verify' })
    assert.deepEqual([after.equal, after.planned], [true, {}])
  })

  it('a change that a lock declined is a conflict where people wrote as well, and its column is kept since', async () => {
    await world.cloud.query(`update orgs set name = '分院' where id = '006'`)
    await world.rewrite({ ...MASTER, columns: { ...MASTER.columns, name: 'keep_edits' } })
    await world.sync()
    await world.cloud.query(`update orgs set locked = false where id = '006'`)
    await world.sync()
    const [stored] = await texts(
      world.cloud,
      `select o.name, t.conflicts -> 'name' ->> 'source', t.conflicts -> 'name' ->> 'cloud'
       from orgs o join master_sync.tracked_rows t on t.key = array[o.id] where o.id = '006'`,
    )
    assert.deepEqual(stored, ['分院', '病院6新館', '分院'])
  })

  it('a change that a lock declined is written once it is unlocked, and told as a change of the source', async () => {
    await world.cloud.query(`update orgs set locked = true where id = '010'`)
    await world.source.query(`update orgs set name = '改称' where id = '010'`)
    assert.deepEqual((await world.sync()).rows.updated, 0)
    await world.cloud.query(`update orgs set locked = false where id = '010'`)
    assert.deepEqual((await world.sync({ mode: 'plan' })).planned, { source_changed: 1 })
    await world.sync()
    assert.deepEqual(await texts(world.cloud, `select name from orgs where id = '010'`), [['改称']])
  })
})
