import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { reportSchema, type RunReport } from '../../core/report.js'
import { RESULTS } from '../../core/results.js'
import { lastRuns } from '../../operations/runs.js'
import { startSync } from '../../operations/start.js'
import { waitFor } from '../../operations/wait.js'
import { cli, exits, jsonIn, tells } from './run-cli.js'
import { createWorld, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text not null);
  create table targets (id text primary key, note text);
  insert into orgs select 'A-' || n, '病院' || n from generate_series(1, 3) n;
  insert into targets values ('A-1'), ('A-2'), ('a-3'), ('B-9')`

describe('runs and cancel', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE })
  })
  after(() => world.close())

  async function firstRun(): Promise<RunReport> {
    const [first] = await lastRuns(world.app, world.master, 1)
    assert.ok(first !== undefined)
    return first
  }

  it('say that there are none yet', async () => {
    const [list, json] = await Promise.all([cli(world.env, 'runs'), cli(world.env, 'runs', '--json')])
    exits(list, 0)
    assert.equal(list.stdout, 'no runs yet / まだ実行されていません\n')
    assert.deepEqual(jsonIn(json, RESULTS.runs), { runs: [] })
  })

  it('show the last runs, newest first, and as many as asked for', async () => {
    for (const mode of ['plan', 'apply', 'verify'] as const) await world.sync({ mode })
    const [all, two, words] = await Promise.all([
      cli(world.env, 'runs', '--json'),
      cli(world.env, 'runs', '--limit', '2', '--json'),
      cli(world.env, 'runs', '--master', world.master.master),
    ])
    const { runs } = jsonIn(all, RESULTS.runs)
    assert.deepEqual(
      runs.map(({ mode, outcome }) => [mode, outcome]),
      [
        ['verify', 'nothing_to_do'],
        ['apply', 'completed'],
        ['plan', 'completed'],
      ],
    )
    assert.deepEqual(jsonIn(two, RESULTS.runs).runs, runs.slice(0, 2))
    exits(words, 0)
    assert.match(words.stdout, /^run +started[^]*sync +verify +nothing_to_do[^]*apply +completed +2 /u)
    const second = join(world.app.mastersFolder, 'second.yaml')
    await writeFile(
      second,
      'master: second\nsource: { table: orgs, key: [id] }\ntargets: { table: targets }\ncloud: { table: other }\nschedule: { cron: "0 3 * * *", timezone: Asia/Tokyo }\n',
    )
    const [overAll, one] = await Promise.all([
      cli(world.env, 'runs', '--json'),
      cli(world.env, 'runs', String(runs[0]?.run)),
    ]).finally(() => rm(second))
    assert.deepEqual(jsonIn(overAll, RESULTS.runs).runs, runs)
    exits(one, 0)
  })

  it('show one run, with the ids that the source lacks and what was probably meant', async () => {
    const { runs } = jsonIn(await cli(world.env, 'runs', '--json'), RESULTS.runs)
    const applied = String(runs.find(({ mode }) => mode === 'apply')?.run)
    const [words, json] = await Promise.all([
      cli(world.env, 'runs', applied),
      cli(world.env, 'runs', applied, '--json'),
    ])
    exits(words, 0)
    assert.match(words.stdout, /4 \(2 not in the source \/ 元マスタに無い\)/u)
    assert.match(words.stdout, /^ +a-3 → did you mean \/ もしかして A-3\?$/mu)
    assert.match(words.stdout, /^ +B-9$/mu)
    const one = jsonIn(json, RESULTS['runs RUN'])
    assert.deepEqual(one.missing_ids, [
      { id: 'B-9', did_you_mean: null },
      { id: 'a-3', did_you_mean: 'A-3' },
    ])
    assert.deepEqual(one.rejects, [])
  })

  it('exit 3 for a run that is not there, or that has ended', async () => {
    const [none, cancelled, ended] = await Promise.all([
      cli(world.env, 'runs', '999'),
      cli(world.env, 'cancel', '999'),
      cli(world.env, 'cancel', '1'),
    ])
    tells(none, 3, 'RUN_UNKNOWN', 'there is no run 999')
    tells(cancelled, 3, 'RUN_UNKNOWN', 'there is no run 999')
    tells(ended, 3, 'RUN_UNKNOWN', 'run 1 has ended: completed')
  })

  it('show what a plan and a verification found, by cause and cell by cell', async () => {
    await world.source.query(`update orgs set name = '改名' where id = 'A-1'`)
    await world.cloud.query(`update orgs set name = 'mine' where id = 'A-2'`)
    const [plan, verify] = [
      await cli(world.env, 'start-sync', '--mode', 'plan'),
      await cli(world.env, 'start-sync', '--mode', 'verify'),
    ]
    for (const ended of [plan, verify]) {
      exits(ended, 4)
      for (const part of [
        '1 source_changed: changed at the source / 元で変更',
        '1 cloud_changed: edited in the cloud, where the source decides / クラウドで変更（元を正とする列）',
        'A-1  changed at the source',
        '      name: "病院1" → "改名"',
        '      name: "mine" → "病院2"',
      ])
        assert.ok(ended.stdout.includes(part), `no ${part} in:\n${ended.stdout}`)
    }
    const { runs } = jsonIn(await cli(world.env, 'runs', '--limit', '1', '--json'), RESULTS.runs)
    assert.deepEqual(runs[0]?.planned, { source_changed: 1, cloud_changed: 1 })
    assert.doesNotMatch(JSON.stringify(runs), /mine|改名/u, 'no value is in a report')
    const detail = jsonIn(await cli(world.env, 'runs', String(runs[0].run), '--json'), RESULTS['runs RUN'])
    assert.deepEqual(detail.sample.map(({ id, kind, columns }) => [id, kind, columns]).sort(), [
      ['A-1', 'source_changed', [{ column: 'name', cloud: '病院1', source: '改名' }]],
      ['A-2', 'cloud_changed', [{ column: 'name', cloud: 'mine', source: '病院2' }]],
    ])
  })

  it('show what an undo did not take back, and a schedule’s resume ends the hold that it leaves', async () => {
    const { run } = await world.sync()
    await world.cloud.query(`update orgs set name = 'since' where id = 'A-1'`)
    exits(await cli(world.env, 'undo', String(run), '--yes'), 4)
    const undo = await firstRun()
    const shown = await cli(world.env, 'runs', String(undo.run))
    exits(shown, 0)
    assert.match(
      shown.stdout,
      new RegExp(`^run ${undo.run} · .* · undo of run ${run} / 実行 ${run} の取消 · `, 'u'),
    )
    assert.match(
      shown.stdout,
      /取り消さなかった行\n {2}A-1 {2}was changed since \/ .*\n {6}name: "since", was \/ 以前は "病院1"/u,
    )
    assert.match((await cli(world.env, 'runs')).stdout, new RegExp(`^${undo.run} .* undo +`, 'mu'))
    const held = await world.sync()
    assert.deepEqual(
      held.held.map(({ kind }) => kind),
      ['hold'],
    )

    const status = await cli(world.env, 'schedule', 'status')
    assert.match(
      status.stdout,
      /is on hold since .*: .*\n.*停止中です[^]*master-sync schedule resume --master/u,
    )
    const ended = await cli(world.env, 'schedule', 'resume', '--json')
    assert.match(ended.stderr, /the hold of .* has ended \/ 停止を解除しました/u)
    const resumed = jsonIn(ended, RESULTS['schedule resume'])
    assert.deepEqual([resumed.schedules[0]?.state, resumed.schedules[0]?.hold], ['none', null])
    tells(await cli(world.env, 'schedule', 'resume'), 3, 'SCHEDULE_MISSING')
    await world.sync()
    assert.equal((await world.sync()).outcome, 'nothing_to_do')
  })

  it('show a run of an earlier release, whose report lacks what is new', async () => {
    const { run } = await firstRun()
    const fresh = ['planned', 'held', 'question', 'uncopied', 'started_by', 'answers', 'undoes']
    await world.cloud.query(
      `update master_sync.runs set report = report - $1::text[], sample = null where run = $2`,
      [fresh, run],
    )
    const shown = jsonIn(await cli(world.env, 'runs', String(run), '--json'), RESULTS['runs RUN'])
    assert.deepEqual(
      [shown.run, shown.planned, shown.held, shown.question, shown.sample],
      [run, {}, [], null, []],
    )
    exits(await cli(world.env, 'runs'), 0)
  })

  it('cancel closes a run that was terminated in Temporal, which nobody else would', async () => {
    const client = await world.app.temporal()
    const blocker = await world.source.connect()
    await blocker.query('begin; lock table orgs in access exclusive mode')
    const { workflowId } = await startSync(world.app, world.master, { mode: 'apply', only: [] })
    const { run } = await waitFor('the run', 30_000, async () => {
      const first = await firstRun()
      return first.outcome === null ? first : undefined
    })
    await client.workflow.getHandle(workflowId).terminate('by hand')
    await blocker.query('rollback')
    blocker.release()
    const ended = await cli(world.env, 'cancel', String(run), '--json')
    exits(ended, 0)
    assert.equal(jsonIn(ended, reportSchema).outcome, 'cancelled')
    assert.equal((await firstRun()).outcome, 'cancelled')
    assert.equal((await world.sync()).outcome, 'nothing_to_do')
  })

  it('cancel names a run that Temporal does not know', async () => {
    await world.cloud.query(`
      insert into master_sync.runs (kind, master, mode, workflow_id, execution_id, definition)
      select 'sync', master, 'apply', 'sync-nowhere', 'nowhere', definition from master_sync.runs where run = 1`)
    const lost = await firstRun()
    assert.deepEqual([lost.outcome, lost.workflow.id], [null, 'sync-nowhere'])
    tells(await cli(world.env, 'cancel', String(lost.run)), 3, 'RUN_UNKNOWN', 'Temporal', 'sync-nowhere')
  })

  it('exit 3 with the remedy where set-up was not done', async () => {
    await world.cloud.query('drop schema master_sync cascade')
    const said = await Promise.all([
      cli(world.env, 'runs'),
      cli(world.env, 'cancel', '1'),
      cli(world.env, 'start-sync', '--detach'),
      cli(world.env, 'start-sync', '--json'),
    ])
    for (const ended of said) tells(ended, 3, 'NOT_SET_UP', 'master-sync setup')
  })
})
