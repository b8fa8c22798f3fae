import assert from 'node:assert/strict'
import type { App } from '../../operations/app.js'
import { setUp } from '../../operations/setup.js'
import type { Finding } from '../../core/doctor-report.js'
import { createWorldAs } from '../support/world-as.js'
import type { World } from '../support/world.js'
import { examined, finds, found } from './examined.js'
import { cli, statementIn, tells } from './run-cli.js'

const SOURCE = `
  create schema "Reg"; create schema lists;
  create table "Reg".orgs (id text primary key, name text, beds integer);
  create table lists.targets (id text primary key, note text);
  insert into "Reg".orgs values ('M1', '病院', 1); insert into lists.targets values ('M1')`

const MASTER = {
  source: { table: 'Reg.orgs' },
  targets: { table: 'lists.targets' },
  cloud: { table: 'app.orgs' },
}

/** Roles belong to the whole server: a name that no other test has, and that must be quoted. */
const ROLE = `Doctor ${process.pid}`

/** Found in every installation without worker and first run, which are no matter of the databases. */
const IDLE = ['WORKER_MISSING', 'NEVER_SYNCED']

describe('doctor looks at the databases, and', () => {
  let world: World
  let owner: App
  let close: () => Promise<void>
  before(async () => {
    ;({ world, owner, close } = await createWorldAs(ROLE, { source: SOURCE, master: MASTER }))
  })
  after(() => close())

  /** As the server would note it of a table of that many pages. */
  const pages = (side: 'source' | 'cloud', table: string, count: number): Promise<unknown> =>
    world[side].query(
      `update pg_class set relpages = ${count}, reltuples = ${count * 100} where oid = '${table}'::regclass`,
    )

  /** Runs the SQL of a remedy as it stands where the finding is. */
  async function mend({ side, remedy }: Finding): Promise<void> {
    assert.ok(side !== null)
    await world[side].query(remedy)
  }

  it('says that set-up was not done', async () => {
    const findings = await finds(
      world.env,
      'WORKER_MISSING',
      'NOT_SET_UP',
      'TABLE_MISSING',
      'PERMISSION_DENIED',
      'PERMISSION_DENIED',
    )
    assert.match(found(findings, 'NOT_SET_UP').remedy, /master-sync setup/u)
    assert.match(found(findings, 'TABLE_MISSING').remedy, /master-sync setup/u)
    await setUp(owner, owner.master(undefined), { withTargets: false })
  })

  it('gives all grants that are missing at once, by role and side, and they are enough', async () => {
    await world.cloud.query(`revoke temporary on database ${world.name} from public`)
    const { findings } = await examined(world.env)
    const grants = findings.filter(({ code }) => code === 'PERMISSION_DENIED')
    assert.deepEqual(
      grants.map(({ side, check, remedy }) => [side, check, ...remedy.split('\n')]),
      [
        [
          'cloud',
          'ledger',
          `grant usage on schema master_sync to "${ROLE}";`,
          `grant select, insert, update, delete on all tables in schema master_sync to "${ROLE}";`,
        ],
        [
          'source',
          'permissions',
          `grant usage on schema "Reg" to "${ROLE}";`,
          `grant select on "Reg".orgs to "${ROLE}";`,
        ],
        [
          'source',
          'permissions',
          `grant usage on schema lists to "${ROLE}";`,
          `grant select on lists.targets to "${ROLE}";`,
        ],
        [
          'cloud',
          'permissions',
          `grant usage on schema app to "${ROLE}";`,
          `grant select on app.orgs to "${ROLE}";`,
        ],
        ['cloud', 'permissions', `grant insert (id, name, beds) on app.orgs to "${ROLE}";`],
        ['cloud', 'permissions', `grant update (name, beds) on app.orgs to "${ROLE}";`],
        ['cloud', 'permissions', `grant delete on app.orgs to "${ROLE}";`],
        ['cloud', 'permissions', `grant temporary on database ${world.name} to "${ROLE}";`],
      ],
    )
    for (const grant of grants) await mend(grant)
    await finds(world.env, ...IDLE)
    const { outcome, equal } = await world.sync()
    assert.deepEqual([outcome, equal], ['completed', true])
    await finds(world.env)
  })

  it('finds rows that row level security hides', async () => {
    await world.source.query('alter table "Reg".orgs enable row level security')
    await mend(found(await finds(world.env, 'PERMISSION_DENIED'), 'PERMISSION_DENIED'))
    await finds(world.env)
  })

  it('tells everything that is wrong with the tables at once, with the statements', async () => {
    await world.source.query(`alter table "Reg".orgs drop constraint orgs_pkey, add column fax text;
      grant select on "Reg".orgs to "${ROLE}"`)
    await world.cloud
      .query(`alter table app.orgs drop constraint orgs_pkey, alter beds type text, drop column name,
      add column branch text not null default ''; alter table app.orgs alter branch drop default`)
    const findings = await finds(
      world.env,
      'KEY_NOT_UNIQUE',
      'KEY_NOT_UNIQUE',
      'COLUMN_MISSING',
      'COLUMN_REQUIRED',
      'COLUMN_TYPE_DIFFERS',
    )
    const [source, cloud] = findings.filter(({ code }) => code === 'KEY_NOT_UNIQUE')
    await world.source.query(source?.remedy ?? '')
    await world.cloud.query(cloud?.remedy ?? '')
    await world.cloud.query(
      statementIn(found(findings, 'COLUMN_MISSING').remedy, 'alter table app.orgs add column name'),
    )
    await world.cloud.query(
      statementIn(found(findings, 'COLUMN_REQUIRED').remedy, 'alter table app.orgs alter column branch'),
    )
    await world.cloud.query(`grant insert (name), update (name) on app.orgs to "${ROLE}"`)
    await world.cloud.query(
      statementIn(found(findings, 'COLUMN_TYPE_DIFFERS').remedy, 'alter table app.orgs alter column beds'),
    )
    await finds(world.env)
    const { checks } = await examined(world.env)
    const tables = checks.find(({ check }) => check === 'tables')?.seen
    assert.match(tables ?? '', /; new at the source, not copied until master-sync setup adds it: fax$/u)
  })

  it('finds a large table that refers to the cloud table and would be read whole for every removal', async () => {
    await world.cloud.query(`create table app.orders (org text references app.orgs (id), filling text);
      insert into app.orders select null, repeat('x', 1900) from generate_series(1, 17000);
      analyze app.orders;
      grant select on app.orders to "${ROLE}"`)
    const index = found(await finds(world.env, 'INDEX_MISSING'), 'INDEX_MISSING')
    assert.match(index.message, /the cloud app\.orders \(\d+ MB\)/u)
    assert.equal(index.remedy, 'create index concurrently on app.orders (org);')
    await mend(index)
    await finds(world.env)
    await world.cloud.query('drop table app.orders')
  })

  it('finds a large list of which every segment would read all', async () => {
    await pages('source', '"Reg".orgs', 200_000)
    await finds(world.env)
    await pages('source', 'lists.targets', 10_000)
    const index = found(await finds(world.env, 'INDEX_MISSING'), 'INDEX_MISSING')
    assert.equal(index.remedy, 'create index concurrently on lists.targets ((id::text) collate "C");')
    await mend(index)
    await pages('source', 'lists.targets', 10_000)
    await finds(world.env)
    await world.source.query('analyze')
  })

  it('says of a partitioned table how its index can be made', async () => {
    await world.cloud.query(`
      create table app.visits (org text references app.orgs (id), year integer) partition by list (year);
      create table app.visits_2026 partition of app.visits for values in (2026);
      grant select on app.visits to "${ROLE}"`)
    await pages('cloud', 'app.visits_2026', 10_000)
    const index = found(await finds(world.env, 'INDEX_MISSING'), 'INDEX_MISSING')
    assert.match(index.remedy, /^create index on app\.visits \(org\);$/mu)
    await mend(index)
    await pages('cloud', 'app.visits_2026', 10_000)
    await finds(world.env)
    await world.cloud.query('drop table app.visits')
  })

  it('takes no column for part of an index that the index only carries', async () => {
    await world.cloud.query(`alter table app.orgs add unique (id, name);
      create table app.pairs (org text, name text, foreign key (org, name) references app.orgs (id, name));
      create index on app.pairs (org) include (name); grant select on app.pairs to "${ROLE}"`)
    await pages('cloud', 'app.pairs', 10_000)
    const index = found(await finds(world.env, 'INDEX_MISSING'), 'INDEX_MISSING')
    assert.equal(index.remedy, 'create index concurrently on app.pairs (org, name);')
    await world.cloud.query('drop table app.pairs; alter table app.orgs drop constraint orgs_id_name_key')
  })

  it('waits for nobody who has a table locked, and reads no source whole', async () => {
    await world.source.query(`create view "Reg".shown as select * from "Reg".orgs;
      grant select on "Reg".shown to "${ROLE}"`)
    await pages('source', 'lists.targets', 10_000)
    const blocker = await world.source.connect()
    try {
      await blocker.query('begin; lock table "Reg".orgs, lists.targets in access exclusive mode')
      const { healthy, checks } = await examined(world.env)
      assert.equal(healthy, true)
      assert.deepEqual(
        checks.filter(({ ok }) => ok !== true).map(({ check, side, ok, seen }) => [check, side, ok, seen]),
        [['indexes', 'source', null, 'another session has a table locked']],
      )
      await blocker.query('rollback; begin; lock table "Reg".orgs in access exclusive mode')
      await world.rewrite({ ...MASTER, source: { table: 'Reg.shown' } })
      const view = await examined(world.env)
      assert.ok(
        view.checks.every(({ ok }) => ok),
        JSON.stringify(view),
      )
    } finally {
      await blocker.query('rollback')
      blocker.release()
      await world.rewrite(MASTER)
      await world.source.query('drop view "Reg".shown; analyze')
    }
  })

  it('finds limits that leave a worker too few connections', async () => {
    await world.source.query(`alter role "${ROLE}" connection limit 4`)
    const limit = (connections: string): Promise<unknown> =>
      world.cloud.query(`do $$ declare used integer; begin
        select numbackends into used from pg_stat_database where datname = current_database();
        execute format('alter database %I connection limit %s', current_database(), ${connections}); end $$`)
    await limit('used + 2')
    const [role, database] = await finds(world.env, 'CONNECTIONS_SHORT', 'CONNECTIONS_SHORT')
    assert.match(role?.message ?? '', /may open 4 connections.*a worker opens up to 5/u)
    assert.match(database?.message ?? '', /lets everybody open \d+ connections, of which others hold \d+/u)
    for (const finding of [role, database]) if (finding !== undefined) await mend(finding)
    await finds(world.env)
    await limit('0')
    const full = found(await finds(world.env, 'CONNECTIONS_SHORT'), 'CONNECTIONS_SHORT')
    assert.match(full.message, /too many connections for database/u)
    tells(await cli(world.env, 'runs'), 5, 'DATABASE_UNREACHABLE', 'too many connections', 'WORKER_SLOTS')
    await limit('-1')
  })

  it('counts what a worker opens to both databases where they are on one server', async () => {
    const env = { ...world.env, CLOUD_DATABASE_URL: world.env['SOURCE_DATABASE_URL'] ?? '' }
    const short = async (connections: number): Promise<readonly Finding[]> => {
      await world.source.query(`alter role "${ROLE}" connection limit ${connections}`)
      return (await examined(env)).findings.filter(({ code }) => code === 'CONNECTIONS_SHORT')
    }
    assert.deepEqual(await short(10), [])
    const findings = await short(9)
    assert.deepEqual(
      findings.map(({ side }) => side),
      ['source', 'cloud'],
    )
    for (const { message, remedy } of findings) {
      assert.match(message, /may open 9 connections; a worker opens up to 10 to both databases there/u)
      assert.match(remedy, /connection limit 10;$/u)
    }
    await world.source.query(`alter role "${ROLE}" connection limit -1`)
  })

  it('finds a cloud that takes no writes', async () => {
    await world.cloud.query(`alter database ${world.name} set default_transaction_read_only = on`)
    const findings = await finds(world.env, 'CLOUD_READ_ONLY')
    await mend(found(findings, 'CLOUD_READ_ONLY'))
    await finds(world.env)
  })

  it('finds a clock that tells another time', async () => {
    await world.cloud.query(`
      create function public.clock_timestamp() returns timestamptz language sql as
        $$ select pg_catalog.clock_timestamp() + interval '2 hours' $$;
      alter role "${ROLE}" in database ${world.name} set search_path = public, pg_catalog`)
    const clock = found(await finds(world.env, 'CLOCKS_DIFFER'), 'CLOCKS_DIFFER')
    assert.match(clock.message, /cloud database's server is 2 h ahead of this machine's/u)
    await world.cloud.query(`alter role "${ROLE}" in database ${world.name} reset search_path`)
    await finds(world.env)
  })
})
