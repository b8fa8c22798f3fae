import assert from 'node:assert/strict'
import type pg from 'pg'
import { SyncError } from '../../core/errors.js'
import type { App } from '../../operations/app.js'
import { setUp } from '../../operations/setup.js'
import { addTargets, removeTargets } from '../../operations/targets/edit.js'
import { createWorldAs } from '../support/world-as.js'
import { texts, type World } from '../support/world.js'
import { cli, exits, tells } from './run-cli.js'

const SOURCE = `
  create schema "Reg"; create schema lists;
  create table "Reg".orgs (id text primary key, name text, founder text);
  create table lists.targets (id text primary key, note text);
  insert into "Reg".orgs select 'M' || n, '病院' || n, 'x' from generate_series(1, 5) n;
  insert into lists.targets select id from "Reg".orgs`

const MASTER = {
  source: { table: 'Reg.orgs', exclude: ['founder'] },
  targets: { table: 'lists.targets' },
  cloud: { table: 'app.orgs' },
}

/** Roles belong to the whole server: a name that no other test has, and that must be quoted. */
const ROLE = `Sync ${process.pid}`

describe('a role that lacks a permission', () => {
  let world: World
  let owner: App
  let close: () => Promise<void>
  before(async () => {
    ;({ world, owner, close } = await createWorldAs(ROLE, { source: SOURCE, master: MASTER }))
  })
  after(() => close())

  /** What a person does: reads the remedy of a refusal, runs it as it stands, and tries again. */
  async function mend(
    pool: (remedy: string) => pg.Pool,
    attempt: () => Promise<unknown>,
  ): Promise<readonly string[]> {
    const remedies: string[] = []
    for (;;) {
      const remedy = await attempt().then(
        () => undefined,
        (error: unknown) => {
          assert.ok(error instanceof SyncError, String(error))
          assert.equal(error.code, 'PERMISSION_DENIED', error.message)
          assert.ok(error.message.includes(ROLE), error.message)
          return error.remedy
        },
      )
      if (remedy === undefined) return remedies
      assert.ok(!remedies.includes(remedy), `twice: ${remedy}`)
      remedies.push(remedy)
      await pool(remedy).query(remedy)
    }
  }

  const whose = (remedy: string): pg.Pool =>
    / (?:database|schema (?:app|public|master_sync)|app\.orgs)\b/u.test(remedy) ? world.cloud : world.source

  it('is told each statement that set-up needs', async () => {
    tells(
      await cli(world.env, 'setup'),
      3,
      'PERMISSION_DENIED',
      `the role "${ROLE}" may not read the source "Reg".orgs`,
      `grant usage on schema "Reg" to "${ROLE}";`,
      `grant select on "Reg".orgs to "${ROLE}";`,
    )
    const remedies = await mend(whose, () => setUp(world.app, world.master, { withTargets: true }))
    assert.deepEqual(remedies, [
      `grant usage on schema "Reg" to "${ROLE}";\ngrant select on "Reg".orgs to "${ROLE}";`,
      `grant create on database ${world.name} to "${ROLE}";`,
      `grant usage on schema lists to "${ROLE}";\ngrant select on lists.targets to "${ROLE}";`,
    ])
    await world.cloud.query(
      `drop schema master_sync, app cascade; revoke create on database ${world.name} from "${ROLE}"`,
    )
    await world.source.query(
      `revoke all on schema "Reg" from "${ROLE}"; revoke all on schema lists from "${ROLE}"`,
    )
    await world.source.query(
      `revoke all on "Reg".orgs from "${ROLE}"; revoke all on lists.targets from "${ROLE}"`,
    )
  })

  it('is told each statement that a run needs, before anything is written', async () => {
    await setUp(owner, world.master, { withTargets: false })
    const remedies = await mend(whose, async () => {
      assert.deepEqual(await texts(world.cloud, 'select * from app.orgs'), [])
      const { failure, outcome } = await world.sync()
      if (failure !== null)
        throw new SyncError('PERMISSION_DENIED', failure.message, { remedy: failure.remedy })
      assert.equal(outcome, 'completed')
    })
    assert.deepEqual(remedies, [
      `grant usage on schema master_sync to "${ROLE}";\ngrant select, insert, update, delete on all tables in schema master_sync to "${ROLE}";`,
      `grant usage on schema "Reg" to "${ROLE}";\ngrant select on "Reg".orgs to "${ROLE}";`,
      `grant usage on schema lists to "${ROLE}";\ngrant select on lists.targets to "${ROLE}";`,
      `grant usage on schema app to "${ROLE}";\ngrant select on app.orgs to "${ROLE}";`,
      `grant insert (id, name) on app.orgs to "${ROLE}";`,
      `grant update (name) on app.orgs to "${ROLE}";`,
      `grant delete on app.orgs to "${ROLE}";`,
    ])
    assert.equal((await texts(world.cloud, 'select * from app.orgs')).length, 5)
  })

  it('is enough for every kind of change', async () => {
    await world.source.query(`update "Reg".orgs set name = '改名' where id = 'M1';
      delete from lists.targets where id = 'M2'; insert into "Reg".orgs values ('M6', '新'); insert into lists.targets values ('M6')`)
    await world.cloud.query(`delete from app.orgs where id = 'M3'`)
    const { equal, rows } = await world.sync()
    assert.deepEqual([equal, rows.updated, rows.removed, rows.inserted, rows.restored], [true, 1, 1, 1, 1])
  })

  it('is told what the target list needs when it changes it', async () => {
    const targets = (...args: readonly string[]) => cli(world.env, 'targets', ...args)
    const grant = (what: string): string => `grant ${what} on lists.targets to "${ROLE}";`
    tells(await targets('remove', 'M4'), 3, 'PERMISSION_DENIED', grant('delete'))
    const added = await mend(whose, () => addTargets(world.app, world.master, ['M4'], 'x'))
    assert.deepEqual(added, [grant('insert (id, note)'), grant('update (note)')])
    const removed = await mend(whose, () => removeTargets(world.app, world.master, ['M4']))
    assert.deepEqual(removed, [grant('delete')])
  })

  it('may not have rows hidden from it by row level security', async () => {
    await world.source.query(`alter table "Reg".orgs enable row level security;
      create policy few on "Reg".orgs using (id < 'M3')`)
    const report = await world.sync()
    assert.deepEqual([report.outcome, report.failure?.code], ['failed', 'PERMISSION_DENIED'])
    assert.match(report.failure?.message ?? '', /row level security hides rows of the source "Reg"\.orgs/u)
    await world.source.query(report.failure?.remedy ?? '')
    assert.equal((await world.sync()).equal, true)
  })

  it("gives its owner's statements for a column that set-up may not add", async () => {
    await world.source.query(`alter table "Reg".orgs add column fax text`)
    const { stderr } = await cli(world.env, 'setup')
    assert.match(stderr, /may not add columns to the cloud app\.orgs; its owner may/u)
    await world.cloud.query('alter table app.orgs add column fax text;')
    await world.cloud.query(`grant insert (fax), update (fax) on app.orgs to "${ROLE}"`)
    const ended = await cli(world.env, 'setup')
    exits(ended, 0)
    assert.match(ended.stdout, /all is there/u)
  })
})
