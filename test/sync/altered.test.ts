import assert from 'node:assert/strict'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text, phone text);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 3, '0'), 'clinic ' || n, '03-0000-' || n from generate_series(1, 40) n;
  insert into targets select id from orgs`

const TRIGGER = `
  create table orgs (id text primary key, name text, phone text);
  create function in_capitals() returns trigger language plpgsql as $$
  begin new.name := upper(new.name); return new; end $$;
  create trigger in_capitals before insert or update on orgs for each row execute function in_capitals()`

const NAMES = `select name from orgs where id in ('001', '002') order by id`

describe('rows that a trigger of the cloud table makes otherwise while they are written', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld({ source: SOURCE, cloud: TRIGGER })
    const report = await world.sync()
    assert.deepEqual([report.outcome, report.rows.inserted, report.rows.altered], ['completed', 40, 40])
    assert.equal(report.equal, true)
  })
  afterEach(() => world.close())

  it('are not written again by the next run', async () => {
    const report = await world.sync()
    assert.deepEqual([report.outcome, report.rows.altered, report.equal], ['nothing_to_do', 40, true])
  })

  it('are written when the source changes, and stay as the trigger makes them', async () => {
    await world.source.query(`update orgs set name = 'hospital' where id = '001'`)
    const { rows } = await world.sync()
    assert.deepEqual([rows.updated, rows.altered], [1, 40])
    assert.deepEqual(await texts(world.cloud, NAMES), [['HOSPITAL'], ['CLINIC 2']])
    assert.equal((await world.sync()).outcome, 'nothing_to_do')
  })

  it('are written when someone edits them in the cloud', async () => {
    await world.cloud.query(`update orgs set name = 'mine' where id = '002'`)
    const { rows } = await world.sync()
    assert.deepEqual([rows.updated, rows.altered], [1, 40])
    assert.deepEqual(await texts(world.cloud, NAMES), [['CLINIC 1'], ['CLINIC 2']])
  })

  it('become as the source has them when the trigger has gone, once a person approves so many', async () => {
    await world.cloud.query('drop trigger in_capitals on orgs')
    const held = await world.sync()
    assert.deepEqual([held.outcome, held.rows.held, held.rows.altered], ['awaiting_approval', 40, 0])
    await world.rewrite({ guards: { updates: { percent: 100 } } })
    assert.deepEqual((await world.sync()).rows.updated, 40)
    assert.deepEqual(await texts(world.cloud, NAMES), [['clinic 1'], ['clinic 2']])
    assert.equal((await world.sync()).outcome, 'nothing_to_do')
  })
})
