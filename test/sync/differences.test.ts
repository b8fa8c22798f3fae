import assert from 'node:assert/strict'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text, beds integer, remarks text, founder text);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 7, '0'), '病院' || n, n, 'r' || n, '個人' || n from generate_series(1, 1000) n;
  insert into targets select lpad(n::text, 7, '0'), null from generate_series(1, 500) n`

describe('a sync', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld({
      source: SOURCE,
      master: { source: { exclude: ['founder'] }, columns: { remarks: 'insert_only' } },
    })
  })
  afterEach(() => world.close())

  it('loads the listed rows, without excluded columns, and proves them equal', async () => {
    const report = await world.sync()
    assert.equal(report.outcome, 'completed')
    assert.equal(report.equal, true)
    assert.equal(report.rows.inserted, 500)
    const columns = await texts(
      world.cloud,
      `select attname from pg_attribute where attrelid = 'orgs'::regclass and attnum > 0 order by attnum`,
    )
    assert.deepEqual(columns.flat(), ['id', 'name', 'beds', 'remarks'])
    assert.deepEqual(
      await texts(world.cloud, 'select * from orgs order by id'),
      await texts(
        world.source,
        'select id, name, beds, remarks from orgs join targets using (id) order by id',
      ),
    )
  })

  it('writes nothing but its own record when nothing changed', async () => {
    await world.sync()
    const report = await world.sync()
    assert.equal(report.outcome, 'nothing_to_do')
    assert.equal(report.equal, true)
    assert.equal(report.rows.unchanged, 500)
  })

  it('moves only the differences', async () => {
    await world.sync()
    await world.source.query(`
      update orgs set name = '改名' where id in ('0000001', '0000002');
      update orgs set remarks = 'not carried to rows that are there' where id = '0000003';
      delete from targets where id = '0000004';
      delete from orgs where id = '0000005';
      insert into targets values ('0000900')`)
    await world.cloud.query(`
      delete from orgs where id = '0000006';
      update orgs set beds = -1, remarks = 'mine' where id = '0000007';
      insert into orgs (id, name) values ('cloud-born', 'ours')`)
    const report = await world.sync()
    assert.equal(report.outcome, 'completed')
    assert.equal(report.equal, true)
    const { inserted, updated, removed, restored } = report.rows
    assert.deepEqual(
      { inserted, updated, removed, restored },
      { inserted: 1, updated: 3, removed: 1, restored: 1 },
    )
    assert.deepEqual(
      await texts(world.cloud, `select remarks from orgs where id in ('0000003', '0000007') order by id`),
      [['r3'], ['mine']],
    )
    assert.deepEqual(
      await texts(
        world.cloud,
        `select id from orgs where id in ('0000004', '0000005', '0000006', 'cloud-born') order by id`,
      ),
      [
        ['0000005'], // gone at the source: kept by default
        ['0000006'],
        ['cloud-born'],
      ],
    )
    assert.equal((await world.sync()).outcome, 'nothing_to_do')
  })
})
