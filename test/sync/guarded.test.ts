import assert from 'node:assert/strict'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 7, '0'), '病院' || n from generate_series(1, 200) n;
  insert into targets select id from orgs;
  create table copy_of_orgs as select * from orgs`

const KEPT = 'select count(*) from master_sync.tracked_rows where outside is not null'

describe('what the guards are for', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld({ source: SOURCE })
  })
  afterEach(() => world.close())

  it('a source found empty is asked about, although gone rows would only be kept', async () => {
    await world.sync()
    await world.source.query('truncate orgs')
    const report = await world.sync()
    assert.deepEqual(
      [report.outcome, report.held.map(({ kind, rows }) => [kind, rows])],
      ['awaiting_approval', [['removals', 200]]],
    )
    assert.deepEqual(await texts(world.cloud, KEPT), [['0']])
    await world.source.query('insert into orgs select * from copy_of_orgs')
    assert.equal((await world.sync()).outcome, 'nothing_to_do')
  })

  it('rows that were in the cloud before the first run are taken over by it', async () => {
    await world.cloud.query(
      `insert into orgs select lpad(n::text, 7, '0'), '病院' || n from generate_series(1, 50) n`,
    )
    const report = await world.sync()
    assert.deepEqual(
      [report.outcome, report.equal, report.rows.adopted, report.rows.inserted],
      ['completed', true, 50, 150],
    )
  })

  it('a list that was halved on purpose passes with a limit of 100 %', async () => {
    await world.sync()
    await world.source.query(`delete from targets where id > '0000080'`)
    const asked = await world.sync()
    assert.deepEqual([asked.outcome, asked.rows.held, asked.rows.removed], ['awaiting_approval', 120, 0])
    await world.rewrite({ guards: { removals: { percent: 100 } } })
    const report = await world.sync()
    assert.deepEqual([report.outcome, report.equal, report.rows.removed], ['completed', true, 120])
  })
})

describe('a master of keys alone', () => {
  it('misses no id that takes the place of another', async () => {
    const world = await createWorld({
      source: `
        create table orgs (id integer primary key);
        create table targets (id integer primary key);
        insert into orgs select n from generate_series(1, 3000) n;
        insert into targets select n from generate_series(1, 1000) n`,
    })
    try {
      await world.sync()
      // Fifty swaps: with a hash that is the same for every row, those within a bucket would go unseen.
      await world.source.query(`
        delete from targets where id <= 50;
        insert into targets select n from generate_series(2001, 2050) n`)
      const report = await world.sync()
      assert.deepEqual([report.equal, report.rows.inserted, report.rows.removed], [true, 50, 50])
      assert.deepEqual(
        await texts(world.cloud, 'select id from orgs order by id'),
        await texts(world.source, 'select id from targets order by id'),
      )
    } finally {
      await world.close()
    }
  })
})
