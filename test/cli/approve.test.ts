import assert from 'node:assert/strict'
import { reportSchema, type RunReport } from '../../core/report.js'
import { RESULTS } from '../../core/results.js'
import { createWorld, texts, type World } from '../support/world.js'
import { cli, exits, jsonIn, reportIn, startCli, tells, type Ended } from './run-cli.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 3, '0'), '病院' || n from generate_series(1, 40) n;
  insert into targets select id from orgs`

describe('a run that asks before it goes on', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE, env: { OPERATOR: '佐藤' } })
    await world.work()
  })
  after(() => world.close())

  beforeEach(async () => {
    await world.rewrite({})
    await world.source.query('insert into targets select id from orgs on conflict do nothing')
    exits(await as('佐藤', 'start-sync', '--approve'), 0)
  })

  const as = (operator: string, ...args: readonly string[]): Promise<Ended> =>
    cli({ ...world.env, OPERATOR: operator }, ...args)
  const count = async (): Promise<number> => (await texts(world.cloud, 'select id from orgs')).length

  /** A run that finds the ids from the one given on off the list. */
  async function asks(from: string): Promise<RunReport> {
    await world.source.query(`delete from targets where id >= '${from}'`)
    const ended = await as('佐藤', 'start-sync', '--json')
    exits(ended, 4)
    const report = reportIn(ended)
    assert.equal(report.outcome, 'awaiting_approval')
    return report
  }

  const seen = async (run: number): Promise<RunReport> =>
    reportSchema.strip().parse(JSON.parse((await as('佐藤', 'runs', String(run), '--json')).stdout))

  it('holds only what is beyond its limit, and says what, why, and what answers it', async () => {
    await world.source.query(`update orgs set name = '改名' where id = '001'`)
    const report = await asks('011')
    assert.deepEqual(
      [report.held.map(({ kind, rows }) => [kind, rows]), report.rows.held, report.rows.updated],
      [[['removals', 30]], 30, 1],
    )
    assert.deepEqual([report.question?.run, report.question?.state], [report.run, 'open'])
    assert.equal(report.started_by, '佐藤')
    assert.equal(await count(), 40)
    const words = await as('佐藤', 'runs', String(report.run))
    exits(words, 0)
    const { run } = report
    const { name } = world
    for (const part of [
      `run ${run} · ${name} · apply · awaiting approval / 承認待ち`,
      'held 保留      30 removals 削除: the target list holds 10 ids, less than half of the 40 rows tracked; more than 5 % of the 40 rows tracked / 対象リストの id は 10 件で、追跡中の 40 行の半分に満たない、追跡中の 40 行の 5 % を超過',
      `30 delete_untargeted: left the list, to be deleted / リストから外れたため削除`,
      `master-sync approve ${run} --master ${name}`,
      `master-sync reject ${run} --master ${name}`,
      'some of the rows, cloud → source',
      '011  left the list, to be deleted',
    ])
      assert.ok(words.stdout.includes(part), `no ${part} in:\n${words.stdout}`)
    const { sample } = jsonIn(await as('佐藤', 'runs', String(run), '--json'), RESULTS['runs RUN'])
    assert.ok(sample.some(({ id, held }) => id === '011' && held === 'removals'))
    assert.match((await as('佐藤', 'runs')).stdout, new RegExp(`^${run} .*awaiting_approval .* 30 `, 'mu'))
  })

  it('is approved by its number: what was shown is done, and who approved is told', async () => {
    const { run } = await asks('011')
    const ended = await as('鈴木', 'approve', String(run), '--json')
    exits(ended, 0)
    const report = reportIn(ended)
    assert.deepEqual(
      [report.outcome, report.rows.removed, report.rows.held, report.answers, report.started_by],
      ['completed', 30, 0, run, '鈴木'],
    )
    assert.equal(await count(), 10)
    assert.match(
      (await as('佐藤', 'runs')).stdout,
      new RegExp(`^${report.run} .* apply \\(approves \\d+\\) +completed `, 'mu'),
    )
    const asked = await seen(run)
    assert.deepEqual(
      [asked.outcome, asked.question?.state, asked.question?.decided_by, asked.question?.successor],
      ['completed', 'approved', '鈴木', report.run],
    )
    const again = await as('佐藤', 'approve', String(run))
    tells(again, 3, 'QUESTION_CLOSED', `approved by 鈴木 at `, `in run ${report.run}`)
    tells(await as('佐藤', 'reject', String(run)), 3, 'QUESTION_CLOSED', 'approved by 鈴木')
    exits(await as('佐藤', 'start-sync'), 0)
  })

  it('keeps its number while later runs ask the same, and any of them answers it', async () => {
    const { run } = await asks('011')
    const later = await asks('011')
    assert.deepEqual([later.question?.run, later.rows.held], [run, 30])
    const ended = await as('佐藤', 'approve', String(later.run))
    exits(ended, 0)
    assert.match(ended.stdout, new RegExp(`approval of run ${run} / 実行 ${run} の承認 · completed`, 'u'))
    assert.equal(await count(), 10)
  })

  it('is done once where two people approve it at once', async () => {
    const { run } = await asks('011')
    const holder = await world.cloud.connect()
    try {
      await holder.query('begin; select from master_sync.leases for update')
      const both = ['鈴木', '田中'].map((who) =>
        startCli({ ...world.env, OPERATOR: who }, 'approve', String(run), '--json'),
      )
      await Promise.all(both.map((one) => one.says('opening')))
      await holder.query('rollback')
      const ended = await Promise.all(both.map((one) => one.ended))
      for (const one of ended) exits(one, 0)
      assert.equal(new Set(ended.map((one) => reportIn(one).run)).size, 1)
    } finally {
      holder.release(true)
    }
    assert.equal(await count(), 10)
  })

  it('asks anew when there is something else to ask, and then the old number names the new one', async () => {
    const old = await asks('011')
    const now = await asks('006')
    assert.equal(now.question?.run, now.run)
    const refused = await as('佐藤', 'approve', String(old.run))
    tells(
      refused,
      3,
      'QUESTION_CLOSED',
      `superseded; run ${now.run} asks now`,
      `master-sync approve ${now.run}`,
    )
    assert.deepEqual([(await seen(old.run)).outcome, await count()], ['completed', 40])
    exits(await as('佐藤', 'approve', String(now.run)), 0)
    assert.equal(await count(), 5)
  })

  it('waits as long as the master says', async () => {
    const { run } = await asks('011')
    await world.cloud.query(`update master_sync.questions set expires_at = now() where run = ${run}`)
    tells(
      await as('佐藤', 'approve', String(run)),
      3,
      'QUESTION_CLOSED',
      `the question of run ${run} expired at`,
    )
    const asked = await seen(run)
    assert.deepEqual([asked.outcome, asked.question?.state], ['completed', 'expired'])
    const anew = await asks('011')
    assert.equal(anew.question?.run, anew.run)
    tells(await as('佐藤', 'approve', String(run)), 3, 'QUESTION_CLOSED', `run ${anew.run} asks now`)
    assert.equal(await count(), 40)
  })

  it('is approved by someone else than who started it, where the master asks for that', async () => {
    await world.rewrite({ guards: { approval_by_another: true } })
    const { run } = await asks('011')
    tells(await as('佐藤', 'approve', String(run)), 3, 'APPROVER_IS_STARTER', 'started by 佐藤')
    assert.equal((await seen(run)).question?.state, 'open')
    tells(await as('佐藤', 'start-sync', '--approve'), 3, 'APPROVER_IS_STARTER', 'nobody approves alone')
    exits(await as('鈴木', 'approve', String(run)), 0)
    assert.equal(await count(), 10)
  })

  it('is rejected: nothing is written, and the same is not asked again', async () => {
    const { run } = await asks('011')
    const ended = await as('鈴木', 'reject', String(run), '--json')
    exits(ended, 0)
    const report = reportIn(ended)
    assert.deepEqual(
      [report.run, report.outcome, report.question?.state, report.question?.decided_by],
      [run, 'rejected', 'rejected', '鈴木'],
    )
    assert.deepEqual(
      await texts(world.cloud, `select count(*) from master_sync.plan_rows where run = ${run}`),
      [['0']],
    )
    tells(
      await as('佐藤', 'approve', String(run)),
      3,
      'QUESTION_CLOSED',
      'rejected by 鈴木',
      'それでも反映する',
    )
    const later = await as('佐藤', 'start-sync', '--json')
    exits(later, 4)
    assert.deepEqual([reportIn(later).rows.held, reportIn(later).question?.state], [30, 'rejected'])
    const words = await as('佐藤', 'start-sync')
    exits(words, 4)
    assert.match(
      words.stdout,
      /rejected by 鈴木 .*\n.*元かリストを直す.*\n.*master-sync start-sync \S+ --approve/u,
    )
    assert.equal(await count(), 40)
  })

  it('does what it would hold where a person who knows says so', async () => {
    await world.source.query(`delete from targets where id >= '011'`)
    const ended = await as('佐藤', 'start-sync', '--approve', '--json')
    exits(ended, 0)
    assert.deepEqual([reportIn(ended).rows.removed, reportIn(ended).question], [30, null])
    exits(await as('佐藤', 'start-sync', '--approve', '--mode', 'plan'), 2)
  })

  it('of which there is none, or that asks nothing, is told', async () => {
    tells(await as('佐藤', 'approve', '999999'), 3, 'RUN_UNKNOWN', 'there is no run 999999')
    const { run } = reportIn(await as('佐藤', 'start-sync', '--json'))
    for (const verb of ['approve', 'reject'])
      tells(await as('佐藤', verb, String(run)), 3, 'QUESTION_CLOSED', `run ${run} asks nothing`)
    exits(await as('佐藤', 'approve', 'x'), 2)
  })
})
