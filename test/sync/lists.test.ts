import assert from 'node:assert/strict'
import { createWorld, texts, type World } from '../support/world.js'
import { ANY_CASE } from './key-cases.js'
import { assertSame, syncEqual, syncIdle, useMaster } from './other-master.js'

const ORGS = `create table orgs (id text primary key, name text);
  insert into orgs select lpad(n::text, 4, '0'), '病院' || n from generate_series(1, 40) n;`

describe('lists', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: '', setUp: false, env: { SEGMENT_ROWS: '10' } })
  })
  after(() => world.close())

  it('copies nothing by an empty list, and removes nothing by one that was emptied', async () => {
    await useMaster(world, {
      name: 'emptied',
      source: `${ORGS} create table targets (id text primary key)`,
      also: { guards: {} },
    })
    const empty = await syncIdle(world)
    assert.deepEqual([empty.targets, empty.rows.inserted], [0, 0])
    await world.source.query('insert into emptied.targets select id from emptied.orgs limit 30')
    await syncEqual(world)
    await world.source.query('delete from emptied.targets')
    const asked = await world.sync()
    assert.deepEqual([asked.outcome, asked.rows.held], ['awaiting_approval', 30])
    assert.deepEqual(await texts(world.cloud, 'select count(*) from emptied.orgs'), [['30']])
  })

  it('takes a view or a materialized view for a list', async () => {
    for (const kind of ['view', 'materialized view']) {
      const name = `list_${kind.replace(' ', '_')}`
      await useMaster(world, {
        name,
        source: `${ORGS} create ${kind} targets as select id from orgs where id > '0020'`,
      })
      assert.equal((await syncEqual(world)).rows.inserted, 20)
      await assertSame(
        world,
        `select * from ${name}.orgs order by 1`,
        `select * from ${name}.orgs where id > '0020' order by 1`,
      )
    }
  })

  it('names what the source lacks, and what may be meant, whatever the collations of the key', async () => {
    await useMaster(world, {
      name: 'lacking',
      key: ['id', 'branch'],
      source: `${ANY_CASE};
        create table orgs (id text collate any_case, branch varchar(9) collate "C", name text, primary key (id, branch));
        create table targets (id text, branch text collate "und-x-icu");
        insert into orgs values ('A-001', '01', 'a'), ('B-001', '01', 'b');
        insert into targets values ('A-001', '01'), ('ｂ００１', '1'), ('c', '1')`,
    })
    const report = await syncEqual(world)
    assert.deepEqual(report.missing_ids, [
      { id: 'c,1', did_you_mean: null },
      { id: 'ｂ００１,1', did_you_mean: 'B-001,01' },
    ])
  })

  it('takes ids of any size that the type of the key has, and no other', async () => {
    await useMaster(world, {
      name: 'sizes',
      key: ['id', 'small'],
      source: `create table orgs (id bigint, small smallint, name text, primary key (id, small));
        create table targets (id bigint, small integer);
        insert into orgs values (9223372036854775807, 32767), (-9223372036854775808, -32768);
        insert into targets select id, small from orgs`,
    })
    const report = await world.sync({ only: ['9223372036854775807,32767', '-9223372036854775808,-32768'] })
    assert.deepEqual([report.failure, report.rows.inserted], [null, 2])
    for (const wrong of ['9223372036854775808,1', '1,32768', '1,', '1.0,1', 'x,1']) {
      await assert.rejects(world.sync({ only: [wrong] }), { code: 'ID_INVALID' }, wrong)
    }
  })

  it('calls the column id only where the key has one column', async () => {
    const refused = useMaster(world, {
      name: 'half_named',
      key: ['org', 'branch'],
      source: `create table orgs (org text, branch text, primary key (org, branch));
        create table targets (id text, branch text)`,
    })
    await assert.rejects(refused, { code: 'COLUMN_MISSING', message: /has no key column org/u })
  })
})
