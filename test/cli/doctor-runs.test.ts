import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ScheduleDescription } from '@temporalio/client'
import { cacheDir } from '../../local/places.js'
import { findTemporal } from '../../local/temporal-server.js'
import { readEnvironment } from '../../core/options.js'
import { App } from '../../operations/app.js'
import { late } from '../../operations/doctor/late-runs.js'
import { examineOpenRuns } from '../../operations/doctor/open-runs.js'
import { pauseSchedule, updateSchedule } from '../../operations/schedule-changes.js'
import { applySchedules } from '../../operations/schedules.js'
import { setUp } from '../../operations/setup.js'
import { startSync } from '../../operations/start.js'
import { waitFor } from '../../operations/wait.js'
import { createWorld, texts, type World } from '../support/world.js'
import { examined, finds, found, runRemedy } from './examined.js'
import { cli, exits } from './run-cli.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs select 'M' || n, '病院' || n from generate_series(1, 12) n;
  insert into targets select id from orgs`

const DAILY = { schedule: { cron: '0 3 * * mon-fri', timezone: 'Asia/Tokyo' } }

describe('doctor looks at the runs, and', function () {
  // Each goes on where the one before left off.
  this.bail(true)
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE, master: DAILY, setUp: false })
  })
  after(async () => {
    const client = await world.app.temporal()
    await client.schedule.getHandle(scheduleId()).delete()
    await world.close()
  })

  const scheduleId = (): string => `sync-${world.name}`

  it('finds a run that failed before it could be recorded, and a master that was never synced', async () => {
    await applySchedules(world.app, [world.master])
    await world.work()
    const client = await world.app.temporal()
    const schedule = client.schedule.getHandle(scheduleId())
    await schedule.trigger()
    await waitFor('the run to fail', 30_000, async () => {
      const action = (await schedule.describe()).info.recentActions.at(-1)?.action.workflow
      if (action === undefined) return undefined
      const { status } = await client.workflow.getHandle(action.workflowId).describe()
      return status.name === 'FAILED' ? true : undefined
    })
    await setUp(world.app, world.master, { withTargets: false })
    const failed = found(await finds(world.env, 'LAST_RUN_FAILED', 'NEVER_SYNCED'), 'LAST_RUN_FAILED')
    assert.match(failed.message, new RegExp(`^sync-${world.name}-\\d{4}-.* failed: \\[NOT_SET_UP\\] `, 'u'))
    await runRemedy(world.env, failed)
    await finds(world.env)
  })

  it('finds a schedule that is not what the file says, and one that is paused', async () => {
    const client = await world.app.temporal()
    await updateSchedule(client, scheduleId(), (previous) => ({
      ...previous,
      spec: { cronExpressions: ['30 4 * * 1-5'], timezone: 'UTC' },
      action: { ...previous.action, taskQueue: 'elsewhere', args: [{ master: world.name, mode: 'plan' }] },
      policies: { ...previous.policies, catchupWindow: '1 year', overlap: 'ALLOW_ALL' },
    }))
    await pauseSchedule(client, scheduleId(), true, 'over the holidays')
    const findings = await finds(world.env, 'SCHEDULE_PAUSED', ...Array<string>(6).fill('SCHEDULE_DIFFERS'))
    const told = findings.map(({ message }) => message).join('\n')
    for (const part of [
      'its times are not those of 0 3 * * mon-fri',
      'the time zone is UTC, not Asia/Tokyo',
      `the task queue is elsewhere, not ${world.name}`,
      '"mode":"plan"',
      'ALLOW_ALL, not SKIP',
      'made up within 365 days, not within one interval, 3 days',
      'is paused (over the holidays)',
    ])
      assert.ok(told.includes(part), `no ${part} in:\n${told}`)
    await runRemedy(world.env, found(findings, 'SCHEDULE_DIFFERS'))
    await runRemedy(world.env, found(findings, 'SCHEDULE_PAUSED'))
    await finds(world.env)
  })

  it('does not hold its own lease against a schedule, for a run goes by its worker’s', async () => {
    await finds({ ...world.env, LEASE_SECONDS: '90' })
  })

  it('finds schedules that no file stands for', async () => {
    const client = await world.app.temporal()
    const { action } = await client.schedule.getHandle(scheduleId()).describe()
    const orphan = `sync-gone_${world.name}`
    const made = await client.schedule.create({
      scheduleId: orphan,
      spec: { cronExpressions: ['0 3 * * *'] },
      action: { type: 'startWorkflow', workflowType: action.workflowType, taskQueue: action.taskQueue },
    })
    const imports = await client.schedule.create({
      scheduleId: `import-gone_${world.name}`,
      spec: { cronExpressions: ['0 3 * * *'] },
      action: { type: 'startWorkflow', workflowType: 'importMaster', taskQueue: action.taskQueue },
    })
    await world.rewrite({})
    // A list of schedules is brought up to date with a delay.
    const all = await waitFor('all to be found', 20_000, async () => {
      const { findings } = await examined(world.env)
      return findings.length === 3 ? findings : undefined
    })
    assert.ok(
      all.some(({ code, message }) => code === 'SCHEDULE_LEFT_OVER' && message.includes('import-gone_')),
    )
    await imports.delete()
    const [gone, stale] = all.filter(({ message }) => !message.includes('import-gone_'))
    assert.deepEqual([gone?.code, stale?.code], ['SCHEDULE_LEFT_OVER', 'SCHEDULE_LEFT_OVER'])
    assert.ok(gone !== undefined && stale !== undefined)
    assert.ok(gone.message.includes(orphan))
    const cli = await findTemporal(process.env, () => undefined, cacheDir(process.env))
    const [, command = ''] = gone.remedy.split('temporal ')
    await promisify(execFile)(cli, [...command.split(' '), '--address', world.env['TEMPORAL_ADDRESS'] ?? ''])
    await assert.rejects(made.describe())
    await runRemedy(world.env, stale)
    await waitFor('the list to be brought up to date', 20_000, async () =>
      (await examined(world.env)).healthy ? true : undefined,
    )
    await world.rewrite(DAILY)
    await runRemedy(world.env, found(await finds(world.env, 'SCHEDULE_MISSING'), 'SCHEDULE_MISSING'))
    await finds(world.env)
  })

  it('finds that published files are to be looked for, and neither tables nor a schedule are there for it', async () => {
    const from = ['https://example.com/list_20260601.csv']
    await world.rewrite({ ...DAILY, import: { from, schedule: { cron: '0 6 10 * *' } } })
    const findings = await finds(world.env, 'SCHEDULE_MISSING', 'IMPORT_NOT_SET_UP')
    const missing = found(findings, 'SCHEDULE_MISSING')
    assert.match(
      missing.message,
      /is to look for published files at 0 6 10 \* \* Asia\/Tokyo, but has no import/u,
    )
    await runRemedy(world.env, missing)
    await pauseSchedule(
      await world.app.temporal(),
      `import-${world.name}`,
      true,
      'until the tables are there',
    )
    const paused = found(await finds(world.env, 'SCHEDULE_PAUSED', 'IMPORT_NOT_SET_UP'), 'SCHEDULE_PAUSED')
    assert.match(
      paused.message,
      /^the import schedule of .* \(until .*\): published files are not looked for$/u,
    )
    await world.rewrite(DAILY)
    const left = found(await finds(world.env, 'SCHEDULE_LEFT_OVER'), 'SCHEDULE_LEFT_OVER')
    await runRemedy(world.env, left)
    await finds(world.env)
  })

  it('finds a copy that is older than its schedule allows', async () => {
    await world.cloud.query(`update master_sync.runs set closed_at = closed_at - interval '5 days'`)
    await finds(world.env)
    await world.cloud.query(`update master_sync.runs set closed_at = closed_at - interval '2 days'`)
    const old = found(await finds(world.env, 'COPY_OLD'), 'COPY_OLD')
    assert.match(old.message, /is 7 days old; its schedule brings it up to date every 3 days/u)
    await runRemedy(world.env, old)
    await finds(world.env)
  })

  it('finds rows that differ, rows that the cloud refuses, and a run that failed', async () => {
    await world.cloud.query(`update orgs set name = 'by hand' where id = 'M1'`)
    await world.sync({ mode: 'verify' })
    await runRemedy(world.env, found(await finds(world.env, 'NOT_EQUAL'), 'NOT_EQUAL'))
    await world.cloud.query(`alter table orgs add constraint short check (length(name) < 9)`)
    await world.source.query(`update orgs set name = 'a name that is too long' where id = 'M2'`)
    assert.equal((await world.sync()).outcome, 'completed_with_rejects')
    const rejected = found(await finds(world.env, 'ROWS_REJECTED'), 'ROWS_REJECTED')
    assert.match(rejected.message, /refuses 1 row of/u)
    await world.source.query(`update orgs set name = 'short' where id = 'M2'`)
    await runRemedy(world.env, rejected)
    await world.source.query('alter table targets rename to elsewhere')
    assert.equal((await world.sync()).outcome, 'failed')
    await world.source.query('alter table elsewhere rename to targets')
    const failed = found(await finds(world.env, 'LAST_RUN_FAILED'), 'LAST_RUN_FAILED')
    assert.match(failed.message, /run \d+ of .* failed: \[TABLE_MISSING\]/u)
    await runRemedy(world.env, failed)
    await finds(world.env)
  })

  it('finds a run that waits for approval, and a master on hold', async () => {
    await world.source.query('alter table targets rename to elsewhere; create table targets (id text)')
    const { run, outcome } = await world.sync()
    assert.equal(outcome, 'awaiting_approval')
    const asked = found(await finds(world.env, 'APPROVAL_AWAITED'), 'APPROVAL_AWAITED')
    assert.match(asked.message, new RegExp(`^run ${run} of .* waits for approval until \\d{4}-`, 'u'))
    await runRemedy(world.env, asked)
    const rejected = found(await finds(world.env, 'QUESTION_REJECTED'), 'QUESTION_REJECTED')
    assert.match(
      rejected.message,
      new RegExp(`^run ${run} of .* was rejected by .*; runs go on holding`, 'u'),
    )
    await world.source.query('drop table targets; alter table elsewhere rename to targets')
    exits(await cli(world.env, 'start-sync'), 0)
    await finds(world.env)

    const hold = `'{"reason": "undo of run 1", "by": "佐藤", "at": "2026-11-23T03:00:00.000Z"}'`
    await world.cloud.query(`update master_sync.masters set hold = ${hold}`)
    const held = found(await finds(world.env, 'MASTER_ON_HOLD'), 'MASTER_ON_HOLD')
    assert.match(held.message, /is on hold since 2026-11-23T03:00:00.000Z \(佐藤\): undo of run 1$/u)
    await runRemedy(world.env, held)
    await finds(world.env)
  })

  it('counts conflicts, which nobody need decide at once', async () => {
    const conflict = `'{"name": {"base": "a", "source": "b", "cloud": "c", "run": 1, "at": "2026-11-23T03:00:00.000Z"}}'`
    await world.cloud.query(`update master_sync.tracked_rows set conflicts = ${conflict} where key = '{M1}'`)
    const { healthy, checks } = await examined(world.env)
    assert.equal(healthy, true)
    const seen = checks.find(({ check }) => check === 'conflicts')?.seen
    assert.equal(seen, '1, of which 1 not decided: master-sync conflicts list')
    await world.cloud.query('update master_sync.tracked_rows set conflicts = null')
  })

  it('finds runs left out while one is under way, and says what it waits for', async () => {
    const blocker = await world.source.connect()
    try {
      await blocker.query('begin; lock table orgs in access exclusive mode')
      const client = await world.app.temporal()
      await updateSchedule(client, scheduleId(), (previous) => ({
        ...previous,
        spec: { intervals: [{ every: '1s' }] },
      }))
      const codes = ['SCHEDULE_DIFFERS', 'SCHEDULE_DIFFERS', 'SCHEDULE_DIFFERS', 'RUNS_SKIPPED', 'COPY_OLD']
      const { findings, checks } = await waitFor('runs to be left out', 20_000, async () => {
        const report = await examined(world.env)
        return report.findings.length >= codes.length ? report : undefined
      })
      assert.deepEqual(
        findings.map(({ code }) => code),
        codes,
      )
      assert.match(
        found(findings, 'RUNS_SKIPPED').remedy,
        new RegExp(`^See .*master-sync start-sync ${world.name}$`, 'mu'),
      )
      assert.match(checks.find(({ check }) => check === 'open_runs')?.seen ?? '', /^run \d+ for \d+ s/u)
      await runRemedy(world.env, found(findings, 'SCHEDULE_DIFFERS'))
      await blocker.query('rollback')
    } finally {
      blocker.release(true)
    }
    await world.sync()
    await finds(world.env)
  })

  it('finds runs that were missed while nobody could start them', () => {
    const day = 86_400_000
    const now = Date.parse('2026-11-23T00:00:00Z')
    const times = [1, 2, 3].map((n) => new Date(now + n * day))
    const info = {
      recentActions: [],
      nextActionTimes: times,
      createdAt: new Date(now - 3 * day),
      lastUpdatedAt: undefined,
      runningActions: [],
      numActionsMissedCatchupWindow: 2,
      numActionsSkippedOverlap: 0,
      numActionsTaken: 1,
    } satisfies ScheduleDescription['info']
    const state = { paused: false, note: '' }
    const master = { master: 'orgs' }
    const [missed] = late(master, 'sync', { info, state }, now)
    assert.deepEqual([missed?.code, missed?.remedy], ['RUNS_MISSED', 'master-sync start-sync orgs'])
    assert.match(missed?.message ?? '', /began 3 days ago/u)
    assert.deepEqual(late(master, 'sync', { info, state: { ...state, paused: true } }, now), [])
    assert.deepEqual(
      late(master, 'sync', { info: { ...info, createdAt: new Date(now - day) }, state }, now),
      [],
    )
  })

  it('finds runs that only the ledger has as under way, and a lease that nobody holds', async () => {
    const blocker = await world.source.connect()
    await blocker.query('begin; lock table orgs in access exclusive mode')
    const { workflowId } = await startSync(world.app, world.master, { mode: 'verify', only: [] })
    await waitFor('the run', 30_000, async () => {
      const open = await texts(world.cloud, 'select run from master_sync.runs where outcome is null')
      return open.length > 0 ? true : undefined
    })
    await (await world.app.temporal()).workflow.getHandle(workflowId).terminate('by hand')
    await blocker.query('rollback')
    blocker.release()
    await world.cloud.query(`
      insert into master_sync.runs (kind, master, mode, workflow_id, execution_id, definition)
      select 'sync', master, 'apply', 'sync-nowhere', gen_random_uuid(), definition from master_sync.runs where run = 1`)
    const [ended, unknown] = await finds(world.env, 'RUN_ABANDONED', 'RUN_ABANDONED')
    assert.ok(ended !== undefined && unknown !== undefined)
    assert.match(ended.message, /has ended in Temporal, and it holds the lease$/u)
    assert.match(unknown.message, /Temporal does not know it/u)
    await runRemedy(world.env, ended)
    await runRemedy(world.env, unknown)
    await finds(world.env)
    await world.cloud.query(`update master_sync.leases set run = 1;
      update master_sync.lease_beats set at = now() - interval '1 hour'`)
    const { healthy, checks } = await examined(world.env)
    assert.equal(healthy, true)
    assert.match(
      checks.find(({ check }) => check === 'open_runs')?.seen ?? '',
      /^none; the lease is still that of run 1, which ended without letting go: the next run takes it over$/u,
    )
  })

  it('takes no run for abandoned that closes while it looks', async () => {
    await world.cloud.query(`
      insert into master_sync.runs (kind, master, mode, workflow_id, execution_id, definition)
      select 'sync', master, 'apply', 'sync-gone', gen_random_uuid(), definition from master_sync.runs where run = 1`)
    /** The run closes in the ledger before Temporal is asked for it. */
    class Late extends App {
      override async temporal() {
        await world.cloud.query(`update master_sync.runs set outcome = 'cancelled', closed_at = now(),
          report = (select report from master_sync.runs where run = 1) where outcome is null`)
        return super.temporal()
      }
    }
    const app = new Late(readEnvironment(world.env, () => ''))
    try {
      const { check, findings } = await examineOpenRuns(app, world.master, true)
      assert.deepEqual([check.ok, findings], [true, []])
    } finally {
      await app.close()
    }
  })
})
