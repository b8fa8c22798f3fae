import assert from 'node:assert/strict'
import type { RunReport } from '../../core/report.js'
import { createWorld, texts, type World } from '../support/world.js'
import { assertSame, syncIdle, useMaster } from './other-master.js'

const ORGS = (rows: number): string => `
  create table orgs (id text primary key, code text, beds integer);
  insert into orgs select lpad(n::text, 4, '0'), 'code ' || n, n from generate_series(1, ${rows}) n;
  create table targets (id text primary key); insert into targets select id from orgs`

describe('rows that the cloud refuses', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: '', setUp: false, env: { SEGMENT_ROWS: '400', BATCH_ROWS: '150' } })
  })
  after(() => world.close())

  /** A run that must leave just these rows out, each for that SQLSTATE, and do all else. */
  async function syncBut(parked: Readonly<Record<string, string>>): Promise<RunReport> {
    const report = await world.sync()
    const expected = Object.keys(parked).length === 0 ? 'completed' : 'completed_with_rejects'
    assert.deepEqual([report.failure, report.outcome, report.equal], [null, expected, true])
    assert.equal(report.rows.rejected, Object.keys(parked).length)
    assert.deepEqual(Object.fromEntries(await rejects()), parked)
    return report
  }

  async function rejects(): Promise<readonly (readonly [string, string])[]> {
    const rows = await texts(
      world.cloud,
      `select array_to_string(key, ','), sqlstate from master_sync.rejects where master = '${world.master.master}' order by 1`,
    )
    return rows.map(([key, sqlstate]) => [key ?? '', sqlstate ?? ''] as const)
  }

  async function useOrgs(name: string, rows: number, cloud: string): Promise<void> {
    await useMaster(world, {
      name,
      source: ORGS(rows),
      cloud: `create table orgs (id text primary key, code text, beds integer); ${cloud}`,
    })
  }

  const sameBut = (name: string, ...ids: readonly string[]): Promise<void> => {
    const rows = `select * from ${name}.orgs where id <> all ('{${ids.join(',')}}') order by id`
    return assertSame(world, rows, rows)
  }

  it('are one of a thousand where one breaks a unique constraint', async () => {
    await useOrgs(
      'unique_one',
      1000,
      `alter table orgs add unique (code); insert into orgs values ('x', 'ours', 0)`,
    )
    await world.source.query(`update unique_one.orgs set code = 'ours' where id = '0777'`)
    const first = await syncBut({ '0777': '23505' })
    assert.equal(first.rows.inserted, 999)
    await sameBut('unique_one', 'x', '0777')
    await world.source.query(`update unique_one.orgs set beds = beds + 1`)
    const second = await syncBut({ '0777': '23505' })
    assert.equal(second.rows.updated, 999)
    await sameBut('unique_one', 'x', '0777')
    await world.source.query(`update unique_one.orgs set code = 'code 777' where id = '0777'`)
    assert.equal((await syncBut({})).rows.inserted, 1)
    await sameBut('unique_one', 'x')
    await syncIdle(world)
  })

  it('are told by constraint, column and message', async () => {
    await useOrgs('constraints', 40, `alter table orgs alter code set not null, add check (beds <> 7)`)
    await world.source.query(`update constraints.orgs set code = null where id = '0003'`)
    await syncBut({ '0003': '23502', '0007': '23514' })
    assert.deepEqual(
      await texts(
        world.cloud,
        `select column_name from master_sync.rejects where master = 'constraints' order by key`,
      ),
      [['code'], [null]],
    )
    await sameBut('constraints', '0003', '0007')
  })

  it('are those that a trigger raises for, or drops without a word', async () => {
    await useOrgs(
      'triggers',
      300,
      `create function judge() returns trigger language plpgsql as $f$ begin
         if tg_op = 'DELETE' then return case when old.id = '0004' then null else old end; end if;
         if new.beds = 1001 then raise exception 'too many beds: %', new.beds; end if;
         return case when new.beds = 1002 then null else new end; end $f$;
       create trigger judge before insert or update or delete on orgs for each row execute function judge()`,
    )
    await world.source.query(
      `update triggers.orgs set beds = 1001 where id = '0001'; update triggers.orgs set beds = 1002 where id = '0002'`,
    )
    assert.equal((await syncBut({ '0001': 'P0001', '0002': '09000' })).rows.inserted, 298)
    await world.source.query(`
      update triggers.orgs set beds = beds + 1000 where id in ('0001', '0002');
      update triggers.orgs set beds = 1001 where id = '0011'; update triggers.orgs set beds = 1002 where id = '0012';
      update triggers.orgs set beds = 0 where id between '0020' and '0029'; delete from triggers.targets where id in ('0004', '0005')`)
    const report = await syncBut({ '0004': '09000', '0011': 'P0001', '0012': '09000' })
    assert.deepEqual([report.rows.inserted, report.rows.updated, report.rows.removed], [2, 10, 1])
    await sameBut('triggers', '0004', '0005', '0011', '0012')
    assert.deepEqual(
      await texts(
        world.cloud,
        `select beds from triggers.orgs where id in ('0004', '0011', '0012') order by id`,
      ),
      [['4'], ['11'], ['12']],
    )
    await world.cloud.query('drop trigger judge on triggers.orgs')
    const last = await syncBut({})
    assert.deepEqual([last.rows.updated, last.rows.removed], [2, 1])
    await sameBut('triggers', '0004', '0005')
  })

  it('are those to be removed that another table refers to, even where it would go with them', async () => {
    await useOrgs(
      'referenced',
      40,
      `alter table orgs alter id type text collate "C";
       create table child (org text references orgs on delete cascade, note text);
       create table loose (org text collate "und-x-icu" references orgs on delete set null)`,
    )
    await syncBut({})
    await world.cloud.query(
      `insert into referenced.child values ('0001', 'a'), ('0001', 'b'); insert into referenced.loose values ('0002'), (null)`,
    )
    await world.source.query(`delete from referenced.targets where id <= '0003'`)
    assert.equal((await syncBut({ '0001': '23503', '0002': '23503' })).rows.removed, 1)
    assert.deepEqual(await texts(world.cloud, 'select * from referenced.child order by note'), [
      ['0001', 'a'],
      ['0001', 'b'],
    ])
    await world.cloud.query('delete from referenced.child')
    assert.equal((await syncBut({ '0002': '23503' })).rows.removed, 1)
    // Listed again before anyone let go of it: nothing is to be done, and nothing is refused any more.
    await world.source.query(`insert into referenced.targets values ('0002')`)
    await syncIdle(world)
    assert.deepEqual(await rejects(), [])
  })

  it('are found under constraints that would wait for the commit', async () => {
    await useOrgs(
      'deferred',
      300,
      `create table kinds (beds integer primary key); insert into kinds select generate_series(1, 400);
       alter table orgs add unique (code) deferrable initially deferred,
         add foreign key (beds) references kinds deferrable initially deferred,
         add exclude using btree (beds with =) deferrable;
       insert into orgs values ('x', 'ours', 400)`,
    )
    await world.source.query(`
      update deferred.orgs set code = 'ours' where id = '0001'; update deferred.orgs set beds = 1000 where id = '0011';
      update deferred.orgs set beds = 400 where id = '0021'`)
    const report = await syncBut({ '0001': '23505', '0011': '23503', '0021': '23P01' })
    assert.equal(report.rows.inserted, 297)
    await sameBut('deferred', 'x', '0001', '0011', '0021')
    await world.source.query(`update deferred.orgs set code = 'c' || id, beds = id::integer`)
    await syncBut({})
    await sameBut('deferred', 'x')
    await syncIdle(world)
  })

  it('lose nothing where two of them swap what must be unique', async () => {
    await useOrgs('swapped', 40, 'alter table orgs add unique (code)')
    await syncBut({})
    await world.source.query(
      `update swapped.orgs set code = case id when '0001' then 'code 2' when '0002' then 'code 1' else code || '!' end`,
    )
    await syncBut({ '0001': '23505', '0002': '23505' })
    await sameBut('swapped', '0001', '0002')
    await world.source.query(`update swapped.orgs set code = 'free' where id = '0001'`)
    // Whether one run is enough depends on which of the two it takes first.
    await world.sync()
    await world.sync()
    assert.deepEqual(await rejects(), [])
    await sameBut('swapped')
  })

  it('are forgotten once they need not be taken any more', async () => {
    await useOrgs('forgotten', 40, 'alter table orgs add check (beds < 100)')
    await syncBut({})
    await world.source.query(`
      insert into forgotten.orgs values ('new', 'x', 100); insert into forgotten.targets values ('new');
      update forgotten.orgs set beds = 101 where id in ('0001', '0002', '0003')`)
    await syncBut({ '0001': '23514', '0002': '23514', '0003': '23514', new: '23514' })
    // Off the list, back to what the cloud has, gone from the source; and one as before.
    await world.source.query(`
      delete from forgotten.targets where id = 'new'; update forgotten.orgs set beds = 1 where id = '0001';
      delete from forgotten.orgs where id = '0002'`)
    await syncBut({ '0003': '23514' })
    await world.source.query(`update forgotten.orgs set beds = 3 where id = '0003'`)
    await syncIdle(world)
    assert.deepEqual(await rejects(), [])
  })
})
