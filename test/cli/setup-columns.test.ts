import assert from 'node:assert/strict'
import { RESULTS } from '../../core/results.js'
import { createWorld, texts, type World } from '../support/world.js'
import { cli, exits, jsonIn, reportIn, tells, type Ended } from './run-cli.js'

const SOURCE = `
  create table orgs (id text primary key, name text, fax text, url text);
  create table targets (id text primary key, note text);
  insert into orgs select 'M' || n, '病院' || n, 'f' || n, 'u' || n from generate_series(1, 5) n;
  insert into targets select id from orgs`

const OWN = { removals: { gone: 'mark' }, lock: 'sync_locked' }

const COLUMNS = `
  select attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)
  from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
  where attrelid = 'public.orgs'::regclass and attname like 'sync%' and not attisdropped order by attnum`

const ALL_OWN = [
  ['sync_removed_at', 'timestamp with time zone', 'f', null],
  ['sync_removed_reason', 'text', 'f', null],
  ['sync_locked', 'boolean', 't', 'false'],
]

describe('set-up and the columns of the cloud table', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE })
    await world.sync()
  })
  after(() => world.close())

  const setup = (...args: readonly string[]): Promise<Ended> => cli(world.env, 'setup', ...args)

  async function steps(): Promise<readonly string[]> {
    const ended = await setup('--json')
    exits(ended, 0)
    return jsonIn(ended, RESULTS.setup).masters[0]?.steps ?? []
  }

  it('adds what the sync has there of its own, which a run demands', async () => {
    await world.rewrite(OWN)
    tells(
      await cli(world.env, 'start-sync', '--only', 'M1'),
      3,
      'COLUMN_MISSING',
      'sync_removed_at, sync_removed_reason, sync_locked',
      'master-sync setup',
    )
    assert.deepEqual(await steps(), [
      'cloud: added public.orgs.sync_removed_at',
      'cloud: added public.orgs.sync_removed_reason',
      'cloud: added public.orgs.sync_locked',
    ])
    assert.deepEqual(await texts(world.cloud, COLUMNS), ALL_OWN)
    assert.deepEqual(await steps(), [])
    await world.source.query(`delete from orgs where id = 'M5'`)
    const report = await world.sync()
    assert.deepEqual([report.outcome, report.rows.marked], ['completed', 1])
    assert.deepEqual(
      await texts(world.cloud, `select sync_removed_reason, sync_locked from orgs where id = 'M5'`),
      [['gone', 'f']],
    )
  })

  it('creates them with the table, as the printed SQL does', async () => {
    for (const make of [
      () => setup(),
      async () => {
        const printed = await setup('--side', 'cloud', '--roles', `c${process.pid}`)
        await world.cloud.query(printed.stdout)
        return printed
      },
    ]) {
      await world.cloud.query('drop table orgs')
      exits(await make(), 0)
      assert.deepEqual(await texts(world.cloud, COLUMNS), ALL_OWN)
      await world.cloud.query('alter table orgs drop column sync_locked, drop column sync_removed_at')
      exits(await make(), 0)
      assert.deepEqual([...(await texts(world.cloud, COLUMNS))].sort(), [...ALL_OWN].sort())
      assert.deepEqual(await steps(), [])
    }
    await world.cloud.query(`drop owned by c${process.pid}_writer; drop role c${process.pid}_writer`)
  })

  it('leaves a name alone that the source has too', async () => {
    await world.source.query('alter table orgs add column sync_locked text')
    const before = await texts(world.cloud, COLUMNS)
    tells(await setup(), 3, 'COLUMN_TAKEN', 'sync_locked', 'exclude: [sync_locked]')
    assert.deepEqual(await texts(world.cloud, COLUMNS), before)
    await world.source.query('alter table orgs drop column sync_locked')
  })

  it('of a column that is new at the source tells a run, and set-up adds it', async () => {
    await world.sync()
    await world.source.query(`alter table orgs add column mail text default 'm'`)
    const told = await cli(world.env, 'start-sync')
    exits(told, 0)
    assert.match(told.stdout, /not copied yet \/ クラウドに無い列: mail\n.*master-sync setup /u)
    const { run } = reportIn(await cli(world.env, 'start-sync', '--json'))
    assert.match((await cli(world.env, 'runs', String(run))).stdout, /クラウドに無い列: mail/u)
    assert.deepEqual(await steps(), ['cloud: added public.orgs.mail'])
    const report = await world.sync()
    assert.deepEqual([report.uncopied, report.rows.updated], [[], 4])
    assert.deepEqual(await texts(world.cloud, `select distinct mail from orgs where id < 'M5'`), [['m']])
  })

  it('takes note of a column that the source has dropped, and the cloud keeps what it has', async () => {
    await world.source.query('alter table orgs drop column fax')
    const stopped = await cli(world.env, 'start-sync', '--json')
    exits(stopped, 6)
    const { failure } = reportIn(stopped)
    assert.equal(failure?.code, 'COLUMN_MISSING')
    assert.match(failure.remedy, /master-sync setup$/u)
    assert.deepEqual(await steps(), ['ledger: fax is copied no more: the source has dropped it'])
    assert.deepEqual(await steps(), [])
    const report = await world.sync()
    assert.deepEqual([report.failure, report.equal], [null, true])
    assert.deepEqual(await texts(world.cloud, `select fax from orgs where id = 'M1'`), [['f1']])
  })

  it('gives the statements that erase what was copied of a column before it was excluded', async () => {
    await world.cloud.query(`alter table orgs drop column fax`)
    await world.rewrite({ ...OWN, columns: { url: 'keep_edits' } })
    await world.sync()
    await world.source.query(`update orgs set url = 'secret' where id = 'M1'`)
    assert.equal((await world.sync({ mode: 'plan' })).rows.updated, 1)
    assert.equal((await world.sync()).rows.updated, 1)
    await world.rewrite({ ...OWN, source: { exclude: ['url'] } })
    const [words, json] = [await setup(), await setup('--json')]
    const { erase = [] } = jsonIn(json, RESULTS.setup).masters[0] ?? {}
    assert.equal(erase.length, 4, erase.join('\n'))
    for (const [index, table] of ['"orgs"', 'tracked_rows', 'row_history', 'runs'].entries()) {
      assert.ok(erase[index]?.includes(table), erase[index])
      assert.match(words.stdout, new RegExp(`クラウドで実行[^]*update .*${table} set`, 'u'))
    }
    for (const statement of erase) await world.cloud.query(statement)
    const dump = await texts(
      world.cloud,
      `select to_jsonb(o) from orgs o union all select to_jsonb(t) from master_sync.tracked_rows t
       union all select to_jsonb(h) from master_sync.row_history h union all select sample from master_sync.runs`,
    )
    assert.doesNotMatch(JSON.stringify(dump), /secret|u1/u)
    assert.deepEqual(jsonIn(await setup('--json'), RESULTS.setup).masters[0]?.erase, [])
    assert.equal((await world.sync()).equal, true)
  })
})
