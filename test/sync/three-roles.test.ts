import assert from 'node:assert/strict'
import pg from 'pg'
import { SyncError } from '../../core/errors.js'
import { approveRun } from '../../operations/answers.js'
import { resolveConflicts } from '../../operations/conflicts.js'
import { followRun } from '../../operations/follow.js'
import { cancelRun } from '../../operations/cancel.js'
import { lastRuns } from '../../operations/runs.js'
import { printSql } from '../../operations/print-sql.js'
import { applySchedules, changeSchedules } from '../../operations/schedules.js'
import { setUp } from '../../operations/setup.js'
import { startSync, type StartedRun } from '../../operations/start.js'
import { addTargets, removeTargets } from '../../operations/targets/edit.js'
import { targets } from '../../operations/targets/list.js'
import { startUndo } from '../../operations/undo.js'
import { until } from '../support/gates.js'
import { as, createThreeRoleWorld, type ThreeRoleWorld } from '../support/three-roles.js'
import { texts, type World } from '../support/world.js'

const SOURCE = `
  create schema "Reg"; create schema types;
  create type types.kind as enum ('病院', '診療所', '''"$sql$'); create domain types.code as text check (value <> '');
  create table "Reg".orgs (
    id types.code primary key, name text, "order" integer, kind types.kind, remarks text, founder text);
  insert into "Reg".orgs select 'M' || n, '病院' || n, n, '病院', 'r' || n, '個人' || n from generate_series(1, 40) n`

const MASTER = {
  source: { table: 'Reg.orgs', exclude: ['founder'] },
  targets: { table: 'lists.targets' },
  cloud: { table: 'app.orgs' },
  columns: { remarks: 'insert_only' },
  schedule: { cron: '0 3 * * *', timezone: 'Asia/Tokyo' },
}

describe('with the printed grants and nothing more', () => {
  let roles: ThreeRoleWorld
  let world: World
  before(async () => {
    roles = await createThreeRoleWorld({ source: SOURCE, master: MASTER })
    world = roles.world
  })
  after(async () => {
    await changeSchedules(world.app, world.master, 'remove', 'after the tests').catch(() => undefined)
    await roles.close()
  })

  it('the editor fills the list', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `M${index + 1}`)
    const added = await addTargets(roles.editor, world.master, [...ids, 'm7-0'], '導入予定')
    assert.deepEqual([added.length, added.at(-1)?.in_source], [31, false])
    assert.deepEqual(
      (await removeTargets(roles.editor, world.master, ['m7-0'])).map(({ result }) => result),
      ['removed'],
    )
    const [again] = await addTargets(roles.editor, world.master, ['M1'], '導入済み')
    assert.equal(again?.result, 'changed')
    assert.equal((await targets(roles.editor, world.master)).length, 30)
  })

  it('a plan writes nothing, a first load writes all, a verification finds it equal', async () => {
    const plan = await world.sync({ mode: 'plan' })
    assert.deepEqual([plan.outcome, plan.rows.inserted], ['completed', 30])
    assert.deepEqual(await texts(world.cloud, 'select * from app.orgs'), [])
    const loaded = await world.sync()
    assert.deepEqual([loaded.outcome, loaded.rows.inserted, loaded.equal], ['completed', 30, true])
    const verified = await world.sync({ mode: 'verify' })
    assert.deepEqual([verified.outcome, verified.equal], ['nothing_to_do', true])
  })

  it('changes of every kind are carried, by the schedule too', async () => {
    await world.source.query(`
      update "Reg".orgs set name = '改名', "order" = -1, kind = '診療所' where id = 'M1';
      delete from "Reg".orgs where id = 'M2'`)
    await removeTargets(roles.editor, world.master, ['M3'])
    await addTargets(roles.editor, world.master, ['M31', 'M32'], null)
    await world.cloud.query(`
      delete from app.orgs where id = 'M4'; update app.orgs set name = 'mine', remarks = 'mine' where id = 'M5';
      insert into app.orgs (id, name) values ('M32', 'born here')`)
    await applySchedules(world.app, [world.master])
    const { outcome, equal, rows } = await world.sync()
    const { inserted, updated, removed, restored, adopted } = rows
    assert.deepEqual([outcome, equal], ['completed', true])
    assert.deepEqual(
      { inserted, updated, removed, restored, adopted },
      { inserted: 1, updated: 2, removed: 1, restored: 1, adopted: 1 },
    )
    await world.source.query(`update "Reg".orgs set name = '再改名' where id = 'M1'`)
    const only = await world.sync({ only: ['M1'] })
    assert.deepEqual([only.outcome, only.rows.updated], ['completed', 1])
    assert.equal((await lastRuns(world.app, world.master, 10)).length, 5)
  })

  it('a run can be cancelled, and the next one goes on', async () => {
    await world.source.query(`update "Reg".orgs set name = name || '!' where id in ('M1', 'M6')`)
    const holder = await world.cloud.connect()
    await holder.query('begin; lock table app.orgs in access exclusive mode')
    const started = await startSync(world.app, world.master, { mode: 'apply', only: ['M1'] })
    await until('the run to be recorded', async () => {
      const [last] = await lastRuns(world.app, world.master, 1)
      return last?.run === 6
    })
    await cancelRun(world.app, world.master, 6)
    await holder.query('rollback')
    holder.release()
    const { outcome } = await followRun(world.app, world.master, started, () => undefined)
    assert.equal(outcome, 'cancelled')
    assert.equal((await world.sync()).equal, true)
  })

  it('a ledger to be upgraded is for its owner, which set-up says', async () => {
    const migrations =
      'create table kept as table master_sync.kysely_migration; delete from master_sync.kysely_migration'
    await world.cloud.query(migrations)
    await assert.rejects(setUp(world.app, world.master, { withTargets: false }), {
      code: 'PERMISSION_DENIED',
      remedy: /master-sync setup --print-sql/u,
    })
    await world.cloud.query('insert into master_sync.kysely_migration table kept; drop table kept')
  })

  async function refused(
    side: 'SOURCE' | 'CLOUD',
    role: string,
    ...statements: readonly string[]
  ): Promise<void> {
    const url = as(`${roles.prefix}_${role}_user`)(world.env[`${side}_DATABASE_URL`] ?? '')
    const client = new pg.Client(url)
    await client.connect()
    for (const statement of statements)
      await assert.rejects(client.query(statement), { code: '42501' }, statement)
    await client.end()
  }

  it('nobody may do what is not theirs', async () => {
    await world.cloud.query('alter table app.orgs add column own text')
    await refused(
      'SOURCE',
      'reader',
      'select founder from "Reg".orgs',
      'select from master_import.changes',
      'update "Reg".orgs set name = name',
      `insert into lists.targets values ('x')`,
      'create table lists.mine ()',
      'create schema mine',
      'create temporary table mine ()',
    )
    await refused(
      'SOURCE',
      'editor',
      'select founder from "Reg".orgs',
      'delete from "Reg".orgs',
      'truncate lists.targets',
    )
    await refused(
      'SOURCE',
      'importer',
      'delete from "Reg".orgs',
      'alter table "Reg".orgs add column mine text',
      'select from lists.targets',
      'drop table master_import.changes',
      'create schema mine',
    )
    await refused(
      'CLOUD',
      'writer',
      `update app.orgs set id = 'x'`,
      'truncate app.orgs',
      'delete from master_sync.kysely_migration',
      'update master_sync.kysely_migration_lock set is_locked = 1',
      'update master_sync.console_audit set who = who',
      'delete from master_sync.console_audit',
      'drop table master_sync.runs',
      'create table app.mine ()',
      'alter table app.orgs add column mine text',
    )
  })

  it('a writer that may not use the types is told so before anything is written', async () => {
    await world.cloud.query(`revoke usage on schema types from ${roles.prefix}_writer`)
    const { failure } = await world.sync()
    const remedy = `grant usage on schema types to ${roles.prefix}_writer_user;`
    assert.deepEqual([failure?.code, failure?.remedy], ['PERMISSION_DENIED', remedy])
    await world.cloud.query(`grant usage on schema types to ${roles.prefix}_writer`)
  })

  it('printed and run again, they take away what a changed master needs no more', async () => {
    await world.rewrite({
      ...MASTER,
      source: { ...MASTER.source, exclude: ['founder', 'order'] },
      columns: { remarks: 'insert_only', name: 'insert_only' },
    })
    const options = { withTargets: false, roles: roles.prefix }
    for (const { side, sql } of await printSql(world.app, [world.master], options))
      await world[side].query(sql)
    await refused('SOURCE', 'reader', 'select "order" from "Reg".orgs')
    await refused('SOURCE', 'editor', 'select "order" from "Reg".orgs')
    await refused('CLOUD', 'writer', 'update app.orgs set "order" = 0')
    await world.source.query(`update "Reg".orgs set kind = '病院' where id = 'M1'`)
    const { outcome, rows } = await world.sync()
    assert.deepEqual([outcome, rows.updated], ['completed', 1])
  })
})

describe('with the printed grants, a master that protects edits, locks and marks', () => {
  let roles: ThreeRoleWorld
  let world: World
  before(async () => {
    roles = await createThreeRoleWorld({
      source: `create table orgs (id text primary key, name text, phone text);
        insert into orgs select 'M' || n, '病院' || n, 'p' || n from generate_series(1, 40) n;
        create table targets as select id, null::text as note from orgs`,
      master: { columns: { phone: 'keep_edits' }, lock: 'locked', removals: { gone: 'mark' } },
    })
    world = roles.world
    assert.equal((await world.sync()).equal, true)
  })
  after(() => roles.close())

  const follow = async (started: StartedRun) => followRun(world.app, world.master, started, () => undefined)

  it('keeps what was edited, leaves locked rows alone and marks those that are gone', async () => {
    await world.cloud.query(`update orgs set phone = 'mine' where id in ('M1', 'M2');
      update orgs set locked = true where id = 'M3'`)
    await world.source
      .query(`update orgs set phone = 'new' where id = 'M1'; update orgs set name = 'x' where id = 'M3';
      delete from orgs where id = 'M4'`)
    const { outcome, rows } = await world.sync()
    assert.deepEqual([outcome, rows.conflicts, rows.locked, rows.marked], ['completed', 1, 1, 1])
    const take = { side: 'source' } as const
    await resolveConflicts(world.app, world.master, { ids: [], column: 'phone', take })
    await world.sync()
    assert.deepEqual(
      await texts(world.cloud, `select phone from orgs where id in ('M1', 'M2') order by id`),
      [['new'], ['mine']],
    )
  })

  it('an undo that may not bring a column of the cloud’s own back says so before it writes', async () => {
    const writer = `${roles.prefix}_writer`
    await world.cloud.query(`alter table orgs add column memo text; grant select (memo) on orgs to ${writer};
      update orgs set memo = '覚え書き' where id = 'M40'`)
    await world.source.query(`delete from targets where id = 'M40'`)
    const { run, rows } = await world.sync()
    assert.equal(rows.removed, 1)
    await assert.rejects(startUndo(world.app, world.master, run), (error: unknown) => {
      assert.ok(error instanceof SyncError)
      assert.equal(error.code, 'PERMISSION_DENIED')
      assert.match(error.remedy, /^grant insert \(memo\) on public\.orgs to /u)
      return true
    })
    await world.cloud.query(`grant insert (memo) on orgs to ${writer}`)
    assert.equal((await follow(await startUndo(world.app, world.master, run))).failure, null)
    assert.deepEqual(await texts(world.cloud, `select memo from orgs where id = 'M40'`), [['覚え書き']])
    await world.cloud.query('update master_sync.masters set hold = null')
  })

  it('does what was approved, and takes it back', async () => {
    await world.source.query(`delete from targets where id > 'M2'`)
    const asked = await world.sync()
    assert.equal(asked.outcome, 'awaiting_approval')
    const approved = await follow(await approveRun(world.app, world.master, asked.run))
    assert.ok(approved.rows.removed > 20)
    const left = (await texts(world.cloud, 'select id from orgs')).length
    const undone = await follow(await startUndo(world.app, world.master, approved.run))
    assert.deepEqual([undone.failure, undone.rows.moved], [null, 0])
    assert.equal((await texts(world.cloud, 'select id from orgs')).length, left + approved.rows.removed)
  })

  it('lets nobody else unlock a row', async () => {
    const client = new pg.Client(as(`${roles.prefix}_writer_user`)(world.env['CLOUD_DATABASE_URL'] ?? ''))
    await client.connect()
    await assert.rejects(client.query('update orgs set locked = false'), { code: '42501' })
    await client.end()
  })
})

describe('with the printed grants, keys with a collation of another schema', () => {
  const COLLATION = `create schema coll; create collation coll."bytes of" (provider = libc, locale = 'C')`
  const ORGS = 'create table orgs (id text collate coll."bytes of" primary key, name text)'
  let roles: ThreeRoleWorld
  before(async () => {
    roles = await createThreeRoleWorld({
      source: `${COLLATION}; ${ORGS}; insert into orgs select n, n from generate_series(1, 9) n;
        create table targets (id text collate coll."bytes of" primary key, note text); insert into targets select id from orgs`,
      cloud: `${COLLATION}; ${ORGS}`,
    })
  })
  after(() => roles.close())

  it('are read, listed and written', async () => {
    const { world, editor } = roles
    assert.equal((await world.sync()).equal, true)
    await removeTargets(editor, world.master, ['3'])
    assert.equal((await addTargets(editor, world.master, ['4'], 'x'))[0]?.result, 'changed')
    await world.source.query(`update orgs set name = 'x' where id = '5'`)
    assert.equal((await world.sync({ only: ['5'] })).rows.updated, 1)
    assert.equal((await world.sync()).rows.removed, 1)
  })

  for (const [side, role] of [
    ['source', 'reader'],
    ['cloud', 'writer'],
  ] as const) {
    it(`a ${role} that may not use it is told so before anything is written`, async () => {
      const { world, prefix } = roles
      await world[side].query(`revoke usage on schema coll from ${prefix}_${role}`)
      const { failure } = await world.sync()
      const grant = `grant usage on schema coll to ${prefix}_${role}`
      assert.deepEqual([failure?.code, failure?.remedy], ['PERMISSION_DENIED', `${grant}_user;`])
      await world[side].query(grant)
    })
  }
})

describe('with the printed grants, a source in EUC_JP', () => {
  it('sets aside what has no Unicode form', async () => {
    const roles = await createThreeRoleWorld({
      encoding: 'EUC_JP',
      source: `create table orgs (id text primary key, name text);
        insert into orgs values ('1', '医療'), ('2', convert_from('\\xF5A1'::bytea, 'EUC_JP'));
        create table targets as select id from orgs`,
    })
    try {
      const { outcome, rows } = await roles.world.sync()
      assert.deepEqual([outcome, rows.inserted, rows.rejected], ['completed_with_rejects', 1, 1])
    } finally {
      await roles.close()
    }
  })
})

describe('with the printed grants, a master whose columns are never overwritten', () => {
  it('loses the rows that left the list', async () => {
    const roles = await createThreeRoleWorld({
      source: `create table orgs (id integer primary key, name text);
        insert into orgs select n, n::text from generate_series(1, 20) n;
        create table targets as select id, null::text as note from orgs`,
      master: { columns: { name: 'insert_only' } },
    })
    try {
      const { world } = roles
      assert.equal((await world.sync()).equal, true)
      await removeTargets(roles.editor, world.master, ['20'])
      const { outcome, rows } = await world.sync()
      assert.deepEqual([outcome, rows.removed], ['completed', 1])
    } finally {
      await roles.close()
    }
  })
})
