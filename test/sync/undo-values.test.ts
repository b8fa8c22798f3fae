import assert from 'node:assert/strict'
import { createWorld, texts, type World } from '../support/world.js'
import { approved, left, undo } from '../support/undoing.js'

/** A key of two columns, and types whose values are easily lost. */
const TABLE = `
  create table orgs (
    kind text collate "C", no bigint, price numeric, at timestamptz, ratio double precision, data bytea, doc jsonb,
    raw json, page xml, tags text[], code character(4), span int4range, name text, primary key (kind, no))`

const ROW = `1.00, '2026-01-02 03:04:05.678901+09', 0.1::float8 + 0.2, '\\xdeadbeef', '{"a": null}', '{"b":  1}',
  '<?xml version="1.0"?><p>x</p>', array['a,b', null, '"q"'], 'ab', '[1,5)'`

describe('undo of rows with unusual values', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      // So that a run can remove a row before it inserts another.
      env: { BATCH_ROWS: '1' },
      master: { source: { key: ['kind', 'no'] } },
      source: `${TABLE};
        create table targets (kind text, no bigint, primary key (kind, no));
        insert into orgs select 'K', n, ${ROW}, 'name' || n from generate_series(1, 3) n;
        insert into targets select kind, no from orgs`,
      cloud: `${TABLE};
        alter table orgs add column own bigint generated always as identity,
          add column shout text generated always as (upper(name)) stored`,
    })
  })
  after(() => world.close())

  const rows = () => texts(world.cloud, 'select o::text from orgs o order by kind, no')

  it('brings every one back to the letter', async () => {
    await world.sync()
    const before = await rows()
    await world.source.query(`
      delete from targets where no = 1;
      update orgs set price = 1.0, at = null, ratio = 'nan', data = '', doc = '{}', raw = '{"b": 1}', page = '<q/>', tags = '{}',
        code = null, span = 'empty', name = '' where no = 2`)
    const run = await approved(world)
    assert.deepEqual([run.rows.removed, run.rows.updated], [1, 1])
    const undone = await undo(world, run.run)
    assert.deepEqual(await left(world, undone.run), [])
    assert.deepEqual(await rows(), before)
  })

  it('and counts what the table’s own triggers made of a value as the run’s', async () => {
    await world.cloud.query(`
      create function tidy() returns trigger language plpgsql as $$ begin new.name := trim(new.name); return new; end $$;
      create trigger tidy before insert or update on orgs for each row execute function tidy()`)
    const before = await rows()
    await world.source.query(`update orgs set name = '  padded ' where no = 3`)
    const run = await approved(world, 'K,3')
    const undone = await undo(world, run.run)
    assert.deepEqual(await left(world, undone.run), [])
    assert.deepEqual(await rows(), before)
  })

  it('frees values that only one row may have before their old owner takes them again', async () => {
    await world.cloud.query('create unique index on orgs (name)')
    await world.source.query(`
      update orgs set name = 'other' where no = 2; insert into orgs (kind, no, name) values ('J', 9, 'name2');
      insert into targets values ('J', 9)`)
    // The first is refused the name that another row still has.
    await approved(world)
    await approved(world)
    const before = await rows()
    await world.source.query(`
      delete from targets where kind = 'J'; insert into orgs (kind, no, name) values ('L', 9, 'name2');
      insert into targets values ('L', 9)`)
    const run = await approved(world)
    assert.deepEqual([run.rows.removed, run.rows.inserted], [1, 1])
    const undone = await undo(world, run.run)
    assert.deepEqual([undone.rows.removed, undone.rows.inserted, undone.rows.rejected], [1, 1, 0])
    assert.deepEqual(await rows(), before)
  })
})
