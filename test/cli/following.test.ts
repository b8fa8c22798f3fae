import assert from 'node:assert/strict'
import { cli, exits, jsonIn, reportIn, startCli, type Running } from './run-cli.js'
import { reportSchema, type RunReport } from '../../core/report.js'
import { look } from '../../operations/follow.js'
import { lastRuns } from '../../operations/runs.js'
import { waitFor } from '../../operations/wait.js'
import { createWorld, texts, type World } from '../support/world.js'
import { z } from 'zod'

const SOURCE = `
  create table orgs (id integer primary key, name text);
  create table targets (id integer primary key, note text);
  insert into orgs select n, '病院' || n from generate_series(1, 20) n;
  insert into targets select n from generate_series(1, 20) n`

const RUNS = z.strictObject({ runs: z.array(reportSchema) })

describe('following a run', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE })
    await world.work()
  })
  after(() => world.close())

  /** Runs `work` while the source table is locked, so that a run stands still in its comparison. */
  async function whileBlocked<T>(work: () => Promise<T>): Promise<T> {
    const blocker = await world.source.connect()
    try {
      await blocker.query('begin; lock table orgs in access exclusive mode')
      return await work()
    } finally {
      await blocker.query('rollback')
      blocker.release()
    }
  }

  async function firstRun(): Promise<RunReport> {
    const [first] = await lastRuns(world.app, world.master, 1)
    assert.ok(first !== undefined)
    return first
  }

  async function isAskedToStop(workflowId: string): Promise<true | undefined> {
    const { events } = await (await world.app.temporal()).workflow.getHandle(workflowId).fetchHistory()
    return (
      events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes) === true || undefined
    )
  }

  async function inStep(running: Running): Promise<void> {
    await running.says(/comparing|cutting/u)
  }

  it('Ctrl-C exits 130 and says that the run goes on, and it does', async () => {
    await whileBlocked(async () => {
      const running = startCli(world.env, 'start-sync', '--json')
      await inStep(running)
      running.process.kill('SIGINT')
      const ended = await running.ended
      exits(ended, 130)
      assert.equal(ended.stdout, '')
      assert.match(ended.stderr, /interrupted; the run goes on .*同期は続いています/u)
      const listed = await cli(world.env, 'runs', '--json')
      exits(listed, 0)
      const [run, ...others] = jsonIn(listed, RUNS).runs
      assert.ok(run !== undefined)
      assert.deepEqual([others, run.outcome, run.equal], [[], null, null])
      const client = await world.app.temporal()
      assert.ok((await look(client, { workflowId: run.workflow.id })).progress !== undefined)
    })
    await waitFor('the run to end', 30_000, async () =>
      (await firstRun()).outcome === 'completed' ? true : undefined,
    )
    assert.equal((await texts(world.cloud, 'select * from orgs')).length, 20)
  })

  it('a second start-sync follows the run that is under way, and both tell its report', async () => {
    await world.source.query(`update orgs set name = '改名' where id = 1`)
    const [first, second] = await whileBlocked(async () => {
      const one = startCli(world.env, 'start-sync', '--json')
      await inStep(one)
      const other = startCli(world.env, 'start-sync', '--json')
      await other.says('a run is under way: following it')
      return [one.ended, other.ended] as const
    }).then((both) => Promise.all(both))
    exits(first, 0)
    exits(second, 0)
    assert.deepEqual(reportIn(first), reportIn(second))
    assert.equal(reportIn(first).rows.updated, 1)
  })

  it('--detach exits 0 with the report as it is then', async () => {
    await whileBlocked(async () => {
      const ended = await cli(world.env, 'start-sync', '--detach', '--json')
      exits(ended, 0)
      assert.equal(reportIn(ended).outcome, null)
      const words = await cli(world.env, 'start-sync', '--detach')
      exits(words, 0)
      assert.match(words.stdout, /^started .*under way \/ 実行中/su)
    })
    await waitFor('the run to end', 30_000, async () =>
      (await firstRun()).outcome === 'nothing_to_do' ? true : undefined,
    )
  })

  it('cancel stops a run in order and exits 0; who follows it is told by exit 6', async () => {
    await world.source.query(`update orgs set name = '再改名' where id = 2`)
    const [followed, cancelled] = await whileBlocked(async () => {
      const running = startCli(world.env, 'start-sync', '--json')
      await inStep(running)
      const { run, workflow } = await firstRun()
      const cancelling = cli(world.env, 'cancel', String(run), '--json')
      await waitFor('the request to arrive', 30_000, () => isAskedToStop(workflow.id))
      return [running.ended, cancelling] as const
    }).then((both) => Promise.all(both))
    exits(followed, 6)
    exits(cancelled, 0)
    assert.equal(reportIn(followed).outcome, 'cancelled')
    assert.deepEqual(reportIn(cancelled), reportIn(followed))
    assert.deepEqual(await texts(world.cloud, 'select name from orgs where id = 2'), [['病院2']])
    const next = await world.sync()
    assert.deepEqual([next.outcome, next.rows.updated], ['completed', 1])
  })
})
