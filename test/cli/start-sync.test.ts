import assert from 'node:assert/strict'
import { cli, exits, reportIn, start, tells, type Ended } from './run-cli.js'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text, beds integer);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 7, '0'), '病院' || n, n from generate_series(1, 60) n;
  insert into targets select lpad(n::text, 7, '0') from generate_series(1, 40) n`

describe('start-sync', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE })
    await world.work()
  })
  after(() => world.close())

  const sync = (...args: readonly string[]): Promise<Ended> => cli(world.env, 'start-sync', ...args)
  const rows = (): Promise<unknown> => texts(world.cloud, 'select id, name, beds from orgs order by id')
  const ledgerRows = (): Promise<unknown> =>
    texts(world.cloud, 'select * from master_sync.tracked_rows order by key')

  it('--mode plan counts what a run would write, writes nothing, and exits 4', async () => {
    const ended = await sync('--mode', 'plan', '--json')
    exits(ended, 4)
    const report = reportIn(ended)
    assert.deepEqual([report.mode, report.rows.inserted, report.equal], ['plan', 40, null])
    assert.deepEqual([await rows(), await ledgerRows()], [[], []])
  })

  it('prints one report on stdout and its progress on stderr, and exits 0', async () => {
    const ended = await sync('--json')
    exits(ended, 0)
    const report = reportIn(ended)
    assert.deepEqual([report.outcome, report.equal, report.rows.inserted], ['completed', true, 40])
    assert.match(ended.stderr, /closing \/ 終了|writing \/ 書込み|opening \/ 開始/u)
    assert.doesNotMatch(ended.stderr, /[{}]/u)
  })

  it('without --json tells the same in words; with nothing to do exits 0', async () => {
    const ended = await sync(world.master.master)
    exits(ended, 0)
    assert.match(
      ended.stdout,
      new RegExp(`^run \\d+ · ${world.master.master} · apply · nothing to do / 差分なし\n`, 'u'),
    )
    assert.match(ended.stdout, /equal \/ 一致/u)
  })

  it('--mode plan and --mode verify exit 0 where both sides are equal', async () => {
    const [plan, verify] = await Promise.all([
      sync('--mode', 'plan', '--json'),
      sync('--mode', 'verify', '--json'),
    ])
    exits(plan, 0)
    exits(verify, 0)
    assert.equal(reportIn(plan).equal, null)
    assert.equal(reportIn(verify).equal, true)
  })

  it('--mode verify and --mode plan exit 4 where they differ, and leave both as they are', async () => {
    await world.source.query(`update orgs set name = '改名' where id = '0000001'`)
    await world.cloud.query(`update orgs set beds = -1 where id = '0000002'`)
    const before = [await rows(), await ledgerRows()]
    const verify = await sync('--mode', 'verify', '--json')
    const plan = await sync('--mode', 'plan')
    exits(verify, 4)
    const report = reportIn(verify)
    assert.deepEqual([report.equal, report.rows.updated, report.rows.unchanged], [false, 2, 38])
    assert.deepEqual(report.unequal_ids, ['0000001', '0000002'])
    exits(plan, 4)
    assert.match(plan.stdout, /2 updated 更新/u)
    assert.deepEqual([await rows(), await ledgerRows()], before)
  })

  it('exits 4 where the cloud refuses a row, and writes the others', async () => {
    await world.cloud.query(`alter table orgs add constraint few_beds check (beds < 1000)`)
    await world.source.query(`update orgs set beds = 1000 where id = '0000003'`)
    const ended = await sync('--json')
    exits(ended, 4)
    const report = reportIn(ended)
    assert.deepEqual(
      [report.outcome, report.rows.rejected, report.rows.updated, report.equal],
      ['completed_with_rejects', 1, 2, true],
    )
    const shown = await cli(world.env, 'runs', String(report.run))
    exits(shown, 0)
    assert.match(shown.stdout, /0000003 +23514 .*few_beds/u)
    await world.cloud.query('alter table orgs drop constraint few_beds')
    const retried = await sync('--json')
    exits(retried, 0)
    assert.equal(reportIn(retried).rows.updated, 1)
  })

  it('exits 4 with the report where a limit is exceeded, and writes nothing of it', async () => {
    await world.source.query(`delete from targets where id > '0000010'`)
    const before = [await rows(), await ledgerRows()]
    const ended = await sync('--json')
    exits(ended, 4)
    const { outcome, held } = reportIn(ended)
    const reason =
      'the target list holds 10 ids, less than half of the 40 rows tracked; more than 5 % of the 40 rows tracked'
    const causes = [
      { cause: 'list_halved', count: 10, tracked: 40 },
      { cause: 'percent', count: 5, tracked: 40 },
    ]
    assert.deepEqual([outcome, held], ['awaiting_approval', [{ kind: 'removals', rows: 30, reason, causes }]])
    assert.deepEqual([await rows(), await ledgerRows()], before)
    const words = await sync()
    exits(words, 4)
    assert.match(words.stdout, /awaiting approval \/ 承認待ち[^]*30 removals 削除: .*more than 5 % of/u)
    await world.source.query(
      `insert into targets select id from orgs where id between '0000011' and '0000040'`,
    )
  })

  it('exits 3 for a master that is not there, and lists those that are', async () => {
    tells(await sync('orgz'), 3, 'MASTER_UNKNOWN', '"orgz"', world.master.master)
  })

  it('runs as an npm script too', async () => {
    const ended = await start('npm', ['run', 'start-sync', '--', '--json'], world.env).ended
    exits(ended, 0)
    // npm says first what it runs.
    const stdout = ended.stdout.slice(ended.stdout.indexOf('{'))
    assert.equal(reportIn({ ...ended, stdout }).outcome, 'nothing_to_do')
  })
})
