import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { ScheduleOverlapPolicy, type ScheduleDescription } from '@temporalio/client'
import { cli, exits, jsonIn, reportIn, startCli, tells, type Ended } from './run-cli.js'
import { scheduleId } from '../../core/names.js'
import { RESULTS, type ScheduleStatus } from '../../core/results.js'
import { pauseSchedule, updateSchedule } from '../../operations/schedule-changes.js'
import { scheduleStatus } from '../../operations/schedule-status.js'
import { applySchedules, changeSchedules } from '../../operations/schedules.js'
import { createWorld, type MasterPatch, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs values ('1', '病院'); insert into targets values ('1')`

const DAILY = { title: '医療機関マスタ', schedule: { cron: '0 3 * * *', timezone: 'Asia/Tokyo' } }
const HOUR = 3_600_000

describe('schedule', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE, master: DAILY })
  })
  after(async () => {
    await changeSchedules(world.app, world.master, 'remove', 'after the tests').catch(() => undefined)
    await world.close()
  })

  const schedule = (...args: readonly string[]): Promise<Ended> => cli(world.env, 'schedule', ...args)

  async function state(...args: readonly string[]): Promise<ScheduleStatus> {
    const ended = await schedule(...args, '--json')
    exits(ended, 0)
    const [only] = jsonIn(ended, RESULTS['schedule status']).schedules
    assert.ok(only !== undefined)
    return only
  }

  async function described(): Promise<ScheduleDescription> {
    const client = await world.app.temporal()
    return client.schedule.getHandle(`sync-${world.name}`).describe()
  }

  /** What an apply makes of the file; it finds the schedule as an earlier one left it. */
  async function applied(patch: MasterPatch): Promise<ScheduleDescription> {
    await world.rewrite(patch)
    await applySchedules(world.app, [world.master])
    return described()
  }

  it('is absent until it is applied, and says so', async () => {
    const [absent, pause, remove] = await Promise.all([
      state('status'),
      schedule('pause'),
      schedule('remove'),
    ])
    assert.deepEqual([absent.state, absent.cron, absent.next], ['absent', '0 3 * * *', null])
    for (const ended of [pause, remove])
      tells(ended, 3, 'SCHEDULE_MISSING', world.name, 'master-sync schedule apply')
  })

  it('apply creates it from the file: SKIP, made up within one interval', async () => {
    const ended = await schedule('apply')
    exits(ended, 0)
    assert.match(ended.stdout, new RegExp(`^${world.name} +sync +active +0 3 \\* \\* \\* +Asia/Tokyo`, 'mu'))
    const { policies, action, spec, info } = await described()
    assert.deepEqual(
      [policies.overlap, policies.catchupWindow, policies.pauseOnFailure],
      [ScheduleOverlapPolicy.SKIP, 24 * HOUR, false],
    )
    assert.deepEqual(
      [action.type, action.workflowType, action.taskQueue],
      ['startWorkflow', 'syncMaster', world.name],
    )
    assert.equal(spec.timezone, 'Asia/Tokyo')
    assert.match(info.nextActionTimes[0]?.toISOString() ?? '', /T18:00:00\.000Z$/u)
  })

  it('apply again changes nothing, and keeps a pause', async () => {
    await changeSchedules(world.app, world.master, 'pause', 'for a test')
    const before = await described()
    assert.equal((await state('apply')).state, 'paused')
    const after = await described()
    assert.deepEqual(
      [after.spec, after.policies, after.action],
      [before.spec, before.policies, before.action],
    )
    assert.equal((await state('resume')).state, 'active')
  })

  it('a pause right after a change by others is not lost, though Temporal lays the change over it', async () => {
    const client = await world.app.temporal()
    const scheduleId = `pause-${world.name}`
    const nobodys = {
      type: 'startWorkflow',
      workflowType: 'none',
      taskQueue: scheduleId,
      workflowExecutionTimeout: '1s',
    } as const
    const handle = await client.schedule.create({
      scheduleId,
      spec: { cronExpressions: ['0 3 * * *'] },
      action: nobodys,
    })
    try {
      const { schedule } = (await handle.describe()).raw
      const { namespace } = client.options
      for (const note of Array.from({ length: 12 }, (_, n) => `pause ${n}`)) {
        // While a run is started, what else comes waits, and is taken at one moment.
        await handle.trigger(ScheduleOverlapPolicy.ALLOW_ALL)
        await client.workflowService.updateSchedule({
          namespace,
          scheduleId,
          schedule: schedule ?? null,
          requestId: randomUUID(),
        })
        await pauseSchedule(client, scheduleId, true, note)
        const { paused, note: seen } = (await handle.describe()).state
        assert.deepEqual([paused, seen], [true, note])
      }
    } finally {
      await handle.delete()
    }
  })

  it('a pause while apply is under way is not undone by it, and both are done', async () => {
    const client = await world.app.temporal()
    const id = scheduleId(world.master)
    await changeSchedules(world.app, world.master, 'resume', 'before the test')
    let pausing: Promise<void> | undefined
    const updated = await updateSchedule(client, id, (previous) => {
      pausing ??= client.schedule.getHandle(id).pause('meanwhile')
      return { ...previous, policies: { ...previous.policies, catchupWindow: HOUR } }
    })
    await pausing
    assert.deepEqual([updated.policies.catchupWindow, updated.state.paused], [HOUR, true])
    assert.deepEqual((await described()).state, updated.state)
    assert.equal((await state('resume')).state, 'active')
  })

  it('apply carries over all that changed in the file', async () => {
    const hourly = await applied({ ...DAILY, schedule: { cron: '30 * * * *', timezone: 'UTC' } })
    assert.deepEqual([hourly.policies.catchupWindow, hourly.spec.timezone], [HOUR, 'UTC'])
    assert.match(hourly.info.nextActionTimes[0]?.toISOString() ?? '', /:30:00\.000Z$/u)
    const weekly = await applied({
      ...DAILY,
      schedule: { cron: '0 3 * * mon', timezone: 'America/New_York' },
    })
    assert.equal(weekly.policies.catchupWindow >= 7 * 24 * HOUR - HOUR, true)
    assert.equal(weekly.info.nextActionTimes.length > 0 && weekly.info.nextActionTimes[0]?.getUTCDay(), 1)
    const uneven = await applied({ ...DAILY, schedule: { cron: '0 3,4 * * *' } })
    assert.equal(uneven.policies.catchupWindow, 23 * HOUR)
  })

  it('starts runs that start-sync follows, and is not asked for a second one', async () => {
    await world.work()
    const blocker = await world.source.connect()
    try {
      await blocker.query('begin; lock table orgs in access exclusive mode')
      const first = startCli(world.env, 'start-sync', '--json')
      await first.says(/comparing|cutting/u)
      const second = startCli(world.env, 'start-sync', '--json')
      await second.says('a run is under way: following it')
      await blocker.query('rollback')
      const [one, other] = [await first.ended, await second.ended]
      exits(one, 0)
      exits(other, 0)
      assert.deepEqual(reportIn(one), reportIn(other))
      assert.match(reportIn(one).workflow.id, new RegExp(`^sync-${world.name}-\\d{4}-`, 'u'))
    } finally {
      blocker.release()
    }
    assert.notEqual((await state('status')).last, null)
  })

  it('pause and resume, also while paused a run can be started by hand', async () => {
    const paused = await state('pause')
    assert.deepEqual([paused.state, paused.next], ['paused', null])
    const ended = await cli({ ...world.env, OPERATOR: '佐藤' }, 'start-sync', '--json')
    exits(ended, 0)
    const { outcome, started_by } = reportIn(ended)
    assert.deepEqual([outcome, started_by], ['nothing_to_do', '佐藤'])
    assert.equal((await state('resume')).state, 'active')
  })

  it('resume ends a hold of the master as well, which status shows', async () => {
    const hold = { reason: 'undo of run 7', by: '佐藤', at: '2026-11-23T03:00:00.000Z' }
    await world.cloud.query(
      `insert into master_sync.masters (master, hold) values ($1, $2) on conflict (master) do update set hold = $2`,
      [world.name, hold],
    )
    await schedule('pause')
    const [held, words] = [await state('status'), await schedule('status')]
    assert.deepEqual([held.state, held.hold], ['paused', hold])
    assert.match(words.stdout, /on hold since 2026-11-23 12:00:00\+09:00 \(佐藤\): undo of run 7\n/u)
    const resumed = await state('resume')
    assert.deepEqual([resumed.state, resumed.hold], ['active', null])
    assert.equal((await state('status')).hold, null)
  })

  it('apply removes what the file has no longer', async () => {
    await world.rewrite({ title: DAILY.title })
    const [stale] = await scheduleStatus(world.app, [world.master])
    assert.deepEqual([stale?.state, stale?.cron], ['stale', null])
    assert.equal((await state('apply')).state, 'none')
    await assert.rejects(described())
    assert.equal((await applySchedules(world.app, [world.master]))[0]?.state, 'none')
  })

  it('sees to the imports of the master in the same way, and shows both', async () => {
    const section = {
      from: ['https://example.com/list_20260601.csv'],
      schedule: { cron: '0 6 10 * *', timezone: 'UTC' },
    }
    const told = (schedules: readonly ScheduleStatus[]): readonly string[] =>
      schedules.map(({ what, schedule: id, state }) => `${id.replace(`-${world.name}`, '')} ${what} ${state}`)
    const apply = async (patch: MasterPatch): Promise<readonly string[]> => {
      await world.rewrite(patch)
      return told(await applySchedules(world.app, [world.master]))
    }
    const change = async (verb: 'pause' | 'resume' | 'remove'): Promise<readonly string[]> =>
      told((await changeSchedules(world.app, world.master, verb, 'in a test')).schedules)

    assert.deepEqual(await apply({ ...DAILY, import: section }), ['sync sync active', 'import import active'])
    const client = await world.app.temporal()
    const { action, policies } = await client.schedule.getHandle(`import-${world.name}`).describe()
    assert.deepEqual([action.workflowType, action.workflowId], ['importMaster', `import-${world.name}`])
    assert.deepEqual([policies.overlap, policies.catchupWindow], [ScheduleOverlapPolicy.SKIP, 31 * 24 * HOUR])
    const { stdout } = await schedule('status')
    assert.match(stdout, new RegExp(`^${world.name} +import +active +0 6 10 \\* \\* +UTC `, 'mu'))
    assert.deepEqual(await change('pause'), ['sync sync paused', 'import import paused'])
    assert.deepEqual(await change('resume'), ['sync sync active', 'import import active'])
    assert.deepEqual(await change('remove'), ['sync sync absent', 'import import absent'])
    assert.deepEqual(await apply({ import: section }), ['sync sync none', 'import import active'])
    const tokyo = { ...section.schedule, timezone: 'Asia/Tokyo' }
    await apply({ schedule: { after: 'import' }, import: { ...section, schedule: tokyo } })
    assert.match(
      (await schedule('status')).stdout,
      /^\S+ +sync +after import \/ 取り込み後 +0 6 10 \* \* +Asia\/Tokyo +\d{4}-\d\d-10 06:00:00\+09:00 +- /mu,
    )
    assert.deepEqual(await apply({ import: section }), ['sync sync none', 'import import active'])
    assert.deepEqual(await change('pause'), ['sync sync none', 'import import paused'])
    await world.rewrite(DAILY)
    const stale = await scheduleStatus(world.app, [world.master])
    assert.deepEqual(told(stale), ['sync sync absent', 'import import stale'])
    assert.deepEqual(await apply(DAILY), ['sync sync active'])
  })

  it('remove takes it away', async () => {
    await applied(DAILY)
    assert.equal((await state('remove')).state, 'absent')
    await assert.rejects(described())
  })
})
