import assert from 'node:assert/strict'
import type { RunFailure } from '../../core/report.js'
import { setUp } from '../../operations/setup.js'
import { cli, exits, reportIn, statementIn } from './run-cli.js'
import { createWorld, texts, type MasterPatch, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text, beds integer, founded date, founder text);
  create table targets (id text primary key, note text);
  insert into orgs select 'M' || n, '病院' || n, n, '2020-01-01', '個人' from generate_series(1, 12) n;
  insert into targets select id from orgs;
  create schema app;
  create view rooms as select id, name, beds, founded from orgs union all select 'M1', 'twice', 1, null`

/** A column that is added again is written in every row. */
const MASTER = { source: { exclude: ['founder'] }, guards: { updates: { percent: 100 } } }

describe('a run that cannot be', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE, master: MASTER })
    assert.equal((await world.sync()).outcome, 'completed')
  })
  after(() => world.close())

  /** The failure of a run, after which both tables are as they were. */
  async function failure(code: string, ...parts: readonly (string | RegExp)[]): Promise<RunFailure> {
    const before = await texts(world.cloud, 'select id, xmin from orgs order by id').catch(() => [])
    const report = await world.sync()
    assert.equal(report.outcome, 'failed', `${report.outcome ?? ''}; expected ${code}`)
    const told = report.failure
    assert.ok(told !== null)
    assert.equal(told.code, code, told.message)
    for (const part of parts) {
      const text = `${told.message}\n${told.remedy}`
      assert.ok(
        typeof part === 'string' ? text.includes(part) : part.test(text),
        `no ${String(part)} in: ${text}`,
      )
    }
    assert.deepEqual(
      await texts(world.cloud, 'select id, xmin from orgs order by id').catch(() => []),
      before,
    )
    return told
  }

  async function goesOn(): Promise<void> {
    const report = await world.sync()
    assert.deepEqual([report.failure, report.equal], [null, true])
  }

  async function withMaster(patch: MasterPatch, work: () => Promise<unknown>): Promise<void> {
    await world.rewrite(patch)
    await work().finally(() => world.rewrite(MASTER))
  }

  it('exits 6, with the report on stdout and the failure in it', async () => {
    await withMaster({ source: { table: 'app.Orgs' } }, async () => {
      const [json, words] = await Promise.all([
        cli(world.env, 'start-sync', '--json'),
        cli(world.env, 'start-sync', '--mode', 'verify'),
      ])
      exits(json, 6)
      const report = reportIn(json)
      assert.deepEqual([report.outcome, report.failure?.code], ['failed', 'TABLE_MISSING'])
      exits(words, 6)
      assert.match(words.stdout, /failed \/ 失敗[^]*\[TABLE_MISSING\] the source app\."Orgs" does not exist/u)
      assert.match(words.stdout, /there is public\.orgs/u)
    })
  })

  it('names a table that is not there, and says which verb makes it', async () => {
    await withMaster({ targets: { table: 'public.wanted' } }, () =>
      failure('TABLE_MISSING', 'target list public.wanted', `setup ${world.name} --with-targets`),
    )
    await withMaster({ cloud: { table: 'app.orgs' } }, () =>
      failure('TABLE_MISSING', 'cloud app.orgs', /master-sync setup\b/u),
    )
    await goesOn()
  })

  for (const side of ['source', 'cloud'] as const) {
    it(`gives the statement for a key without a unique index in the ${side}`, async () => {
      await world[side].query('alter table orgs drop constraint orgs_pkey')
      const { remedy } = await failure('KEY_NOT_UNIQUE', `the ${side} public.orgs`, '(id)')
      await world[side].query(statementIn(remedy, 'create unique index'))
      await goesOn()
    })
  }

  it('names the rows of a view that have one key', async () => {
    await withMaster({ source: { table: 'rooms' } }, () =>
      failure('KEY_NOT_UNIQUE', 'public.rooms', /: M1$/mu),
    )
  })

  it('gives the statements for columns that the cloud has lost, and setup adds them', async () => {
    await world.cloud.query('alter table orgs rename beds to "病床"; alter table orgs drop founded')
    const { remedy } = await failure(
      'COLUMN_MISSING',
      'cloud public.orgs',
      'beds, founded',
      'alter table public.orgs add column beds integer;',
      'setup',
      'exclude',
    )
    await world.cloud.query(statementIn(remedy, 'alter table public.orgs rename column "病床" to beds'))
    await failure('COLUMN_MISSING', /has no column founded$/mu)
    await setUp(world.app, world.master, { withTargets: false })
    await goesOn()
  })

  it('gives the statements for columns that the cloud requires and the source has not', async () => {
    await world.cloud.query(`alter table orgs add column branch text, add column "Kind" text;
      update orgs set branch = 'b', "Kind" = 'k'; alter table orgs alter branch set not null, alter "Kind" set not null`)
    const { remedy } = await failure(
      'COLUMN_REQUIRED',
      'public.orgs',
      'branch (not there at the source)',
      '"Kind"',
    )
    await world.cloud.query(statementIn(remedy, 'alter table public.orgs alter column branch'))
    await world.cloud.query(statementIn(remedy, 'alter table public.orgs alter column "Kind"'))
    await goesOn()
  })

  it('says when a required column is one that is excluded', async () => {
    await world.cloud.query(`alter table orgs add column founder text not null default ''`)
    await goesOn()
    await world.cloud.query('alter table orgs alter founder drop default')
    const { remedy } = await failure('COLUMN_REQUIRED', 'founder (excluded at the source)')
    await world.cloud.query(statementIn(remedy, 'alter table'))
    await goesOn()
  })

  it('gives the statements for columns of other types', async () => {
    await world.cloud.query(
      'alter table orgs alter beds type text, alter founded type timestamp, alter name type varchar(10)',
    )
    const { remedy } = await failure(
      'COLUMN_TYPE_DIFFERS',
      'beds is text in the cloud and integer in the source',
      'founded is timestamp without time zone in the cloud and date in the source',
      'name is character varying(10) in the cloud and text in the source',
    )
    for (const column of ['beds', 'founded', 'name'])
      await world.cloud.query(statementIn(remedy, `alter table public.orgs alter column ${column}`))
    await goesOn()
  })

  it('names columns that the master names and the tables have not, and a key that can be none', async () => {
    await withMaster({ source: { key: ['idd'] } }, () =>
      failure('COLUMN_MISSING', 'source public.orgs', 'idd', 'id, name, beds'),
    )
    await withMaster({ source: { exclude: ['foundr'] } }, () =>
      failure('COLUMN_MISSING', 'source public.orgs', 'foundr'),
    )
    await withMaster({ ...MASTER, columns: { url: 'insert_only' } }, () =>
      failure('COLUMN_MISSING', 'source public.orgs', 'url'),
    )
    await withMaster({ source: { key: ['founded'] } }, () =>
      failure('KEY_TYPE', 'source public.orgs', 'founded', 'date'),
    )
    await goesOn()
  })

  it('is not one with ids that the source lacks: they are counted and named, the others go on, and it exits 0', async () => {
    await world.source.query(
      `insert into targets values ('m1'), ('Ｍ２'), ('nobody'); update orgs set beds = 7 where id = 'M3'`,
    )
    const ended = await cli(world.env, 'start-sync', '--json')
    exits(ended, 0)
    const report = reportIn(ended)
    assert.deepEqual(
      [report.outcome, report.targets, report.missing, report.rows.updated],
      ['completed', 15, 3, 1],
    )
    assert.deepEqual(
      new Map(report.missing_ids.map(({ id, did_you_mean }) => [id, did_you_mean])),
      new Map([
        ['m1', 'M1'],
        ['nobody', null],
        ['Ｍ２', 'M2'],
      ]),
    )
  })
})
