import assert from 'node:assert/strict'
import { createWorld, texts, type World } from '../support/world.js'
import { assertSame, syncEqual, syncIdle, useMaster } from './other-master.js'

const LIST =
  'create table targets (id text primary key); insert into targets select n::text from generate_series(1, 40) n'

describe('sources', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: '', setUp: false, env: { SEGMENT_ROWS: '10' } })
  })
  after(() => world.close())

  async function failureOf(): Promise<string | undefined> {
    const { failure, rows } = await world.sync()
    assert.equal(rows.updated + rows.inserted + rows.removed, 0)
    return failure?.code
  }

  it('may be partitioned, with a key that no index holds unique, as long as it is', async () => {
    await useMaster(world, {
      name: 'partitioned',
      source: `create table orgs (id text, region text, name text, primary key (id, region)) partition by list (region);
        create table east partition of orgs for values in ('east'); create table west partition of orgs for values in ('west');
        insert into orgs select n::text, case n % 2 when 0 then 'east' else 'west' end, 'n' from generate_series(1, 50) n; ${LIST}`,
    })
    assert.equal((await syncEqual(world)).rows.inserted, 40)
    await world.source.query(`update partitioned.orgs set region = 'west', name = 'moved' where id = '2'`)
    assert.equal((await syncEqual(world)).rows.updated, 1)
    const rows = 'select * from partitioned.orgs where id::integer <= 40 order by id'
    await assertSame(world, rows, rows)
    await world.source.query(`insert into partitioned.orgs values ('2', 'east', 'twin')`)
    assert.equal(await failureOf(), 'KEY_NOT_UNIQUE')
    await world.source.query(`delete from partitioned.orgs where name = 'twin'`)
    await syncIdle(world)
  })

  it('may be a table that others inherit from, with the same proviso', async () => {
    await useMaster(world, {
      name: 'inherited',
      source: `create table orgs (id text primary key, name text); create table more () inherits (orgs);
        insert into orgs values ('1', 'a'); insert into more values ('2', 'b'); ${LIST}`,
    })
    assert.equal((await syncEqual(world)).rows.inserted, 2)
    await world.source.query(`insert into inherited.more values ('1', 'twin')`)
    assert.equal(await failureOf(), 'KEY_NOT_UNIQUE')
  })

  it('may be a view, whose rows without a key concern nobody', async () => {
    await useMaster(world, {
      name: 'viewed',
      source: `create table base (id text, name text, open boolean); create view orgs as select id, upper(name) as name from base where open;
        insert into base select n::text, 'n' || n, true from generate_series(1, 40) n;
        insert into base values (null, 'x', true), (null, 'y', true), ('1', 'closed', false); ${LIST}`,
    })
    assert.equal((await syncEqual(world)).rows.inserted, 40)
    await world.source.query(`update viewed.base set name = 'changed' where id = '7'`)
    assert.equal((await syncEqual(world)).rows.updated, 1)
    assert.deepEqual(await texts(world.cloud, `select name from viewed.orgs where id = '7'`), [['CHANGED']])
    await world.source.query(`update viewed.base set open = true`)
    assert.equal(await failureOf(), 'KEY_NOT_UNIQUE')
  })

  it('may be a materialized view', async () => {
    await useMaster(world, {
      name: 'materialized',
      source: `create table base (id text, name text); insert into base select n::text, 'n' || n from generate_series(1, 40) n;
        create materialized view orgs as select * from base; ${LIST}`,
    })
    await syncEqual(world)
    await world.source.query(
      `update materialized.base set name = 'changed' where id = '7'; refresh materialized view materialized.orgs`,
    )
    assert.equal((await syncEqual(world)).rows.updated, 1)
    const all = 'select * from materialized.orgs order by id'
    await assertSame(world, all, all)
  })

  it('may generate columns, as the cloud may, each by itself', async () => {
    await useMaster(world, {
      name: 'generated',
      source: `create table orgs (id text primary key, beds integer, doubled integer generated always as (beds * 2) stored,
          tripled integer generated always as (beds * 3) stored, fourfold integer);
        insert into orgs (id, beds, fourfold) select n::text, n, n * 4 from generate_series(1, 40) n; ${LIST}`,
      cloud: `create table orgs (id text primary key, beds integer, doubled integer,
        tripled integer generated always as (beds * 3) stored, fourfold integer generated always as (beds * 4) stored)`,
    })
    await syncEqual(world)
    await world.source.query(`update generated.orgs set beds = 100, fourfold = 400 where id = '7'`)
    assert.equal((await syncEqual(world)).rows.updated, 1)
    const all = 'select id, beds, doubled, tripled, fourfold from generated.orgs order by id'
    await assertSame(world, all, all)
    await syncIdle(world)
  })
})

describe('a cloud table of its own making', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: '', setUp: false })
  })
  after(() => world.close())

  it('keeps what it has beside the columns of the source', async () => {
    await useMaster(world, {
      name: 'beside',
      source: `create table orgs (id text primary key, name text); insert into orgs select n::text, 'n' from generate_series(1, 40) n; ${LIST}`,
      cloud: `create table orgs (memo text not null default 'ours', name text, serial integer generated always as identity, id text primary key, at timestamptz default now())`,
    })
    await syncEqual(world)
    await world.cloud.query(`update beside.orgs set memo = 'edited'`)
    await world.source.query(`update beside.orgs set name = 'changed' where id = '7'`)
    assert.equal((await syncEqual(world)).rows.updated, 1)
    assert.deepEqual(await texts(world.cloud, `select distinct memo, name from beside.orgs order by 2`), [
      ['edited', 'changed'],
      ['edited', 'n'],
    ])
    await syncIdle(world)
  })

  it('may hold its key as an identity', async () => {
    await useMaster(world, {
      name: 'identity_key',
      source: `create table orgs (id integer primary key, name text); insert into orgs select n, 'n' from generate_series(1, 40) n;
        create table targets (id integer primary key); insert into targets select id from orgs`,
      cloud: 'create table orgs (id bigint generated always as identity primary key, name text)',
    })
    await syncEqual(world)
    await world.source.query(`update identity_key.orgs set name = 'changed' where id = 7`)
    await syncEqual(world)
    const all = 'select * from identity_key.orgs order by id'
    await assertSame(world, all, all)
  })

  it('is refused where it gives a column numbers of its own that the source has as well', async () => {
    const source = `create table orgs (id text primary key, number integer); insert into orgs values ('1', 10); ${LIST}`
    const cloud = 'create table orgs (id text primary key, number integer generated always as identity)'
    await assert.rejects(useMaster(world, { name: 'identity_data', source, cloud }), {
      code: 'COLUMN_GENERATED',
    })
    await world.cloud.query('alter table identity_data.orgs alter number set generated by default')
    await syncEqual(world)
    await world.source.query('update identity_data.orgs set number = 11')
    await syncEqual(world)
    assert.deepEqual(await texts(world.cloud, 'select * from identity_data.orgs'), [['1', '11']])
  })
})
