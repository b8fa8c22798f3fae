import assert from 'node:assert/strict'
import { setUp } from '../../operations/setup.js'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs select n::text, '病院' || n from generate_series(1, 10) n;
  insert into targets select id from orgs`

/** Someone in the cloud who changes row 2 whenever row 1 is written. */
const MEDDLER = `
  create function meddle() returns trigger language plpgsql as $$
  begin
    update public.orgs set name = '書換' where id = '2' and name <> '書換';
    return null;
  end $$;
  create trigger meddle after update on orgs for each row when (new.id = '1') execute function meddle()`

async function inWorld(test: (world: World) => Promise<void>, cloud = ''): Promise<void> {
  const world = await createWorld({ source: SOURCE, cloud })
  try {
    await test(world)
  } finally {
    await world.close()
  }
}

describe('the proof of a run', () => {
  it('names a row that the cloud changed meanwhile, also when a column came in between', () =>
    inWorld(async (world) => {
      assert.equal((await world.sync()).equal, true)
      await world.cloud.query(MEDDLER)
      await world.source.query(
        `alter table orgs add column fax text; update orgs set name = '改名' where id = '1'`,
      )
      await setUp(world.app, world.master, { withTargets: false })
      const report = await world.sync()
      assert.deepEqual(
        [report.outcome, report.equal, report.unequal_ids, report.rows.moved, report.rows.unchanged],
        ['completed', false, ['2'], 0, 9],
      )
      await world.cloud.query('drop trigger meddle on orgs')
      const next = await world.sync()
      assert.deepEqual([next.equal, next.rows.updated], [true, 1])
    }))

  it('leaves no hash of other columns behind, and a run after it writes nothing', () =>
    inWorld(async (world) => {
      await world.sync()
      const applied = () =>
        texts(world.cloud, 'select key, applied from master_sync.tracked_rows order by key')
      const before = await applied()
      await world.source.query('alter table orgs add column fax text')
      await setUp(world.app, world.master, { withTargets: false })
      assert.equal((await world.sync()).outcome, 'nothing_to_do')
      const after = await applied()
      assert.equal(after.filter(([, hash], index) => hash === before[index]?.[1]).length, 0)
      const xmins = () => texts(world.cloud, 'select xmin from master_sync.tracked_rows order by key')
      const untouched = await xmins()
      assert.equal((await world.sync()).outcome, 'nothing_to_do')
      assert.deepEqual(await xmins(), untouched)
    }))

  it('cannot be had of a cloud table that others inherit from: their rows would be counted for its own', () =>
    inWorld(async (world) => {
      await world.sync()
      await world.cloud.query('create table more () inherits (orgs)')
      const { outcome, failure } = await world.sync()
      assert.deepEqual([outcome, failure?.code], ['failed', 'KEY_NOT_UNIQUE'])
      assert.match(failure?.message ?? '', /tables inherit from the cloud public\.orgs/u)
    }))

  it('of one id says that it is unchanged, whatever other rows stand refused', () =>
    inWorld(async (world) => {
      const { rows } = await world.sync()
      assert.deepEqual([rows.inserted, rows.unchanged, rows.rejected], [7, 0, 3])
      const again = await world.sync()
      assert.deepEqual([again.rows.unchanged, again.rows.rejected], [7, 3])
      const one = await world.sync({ only: ['1'] })
      assert.deepEqual([one.targets, one.rows.unchanged, one.rows.rejected], [1, 1, 3])
    }, `create table orgs (id text primary key, name text check (name not in ('病院7', '病院8', '病院9')))`))
})
