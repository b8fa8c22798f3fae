import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client'
import { SyncError } from '../core/errors.js'
import { intervalOf } from '../core/interval.js'
import type { Master } from '../core/master.js'
import { scheduleId, summaryOf, workflowName } from '../core/names.js'
import { syncTimes, type Times } from '../core/schedule-times.js'
import type { Hold } from '../core/question.js'
import type { ScheduleStatus } from '../core/results.js'
import { liftHold, readHold } from '../db/holds.js'
import { readInstallation } from '../db/installation.js'
import { requireLedger } from '../db/migrate.js'
import type { Session } from '../db/session.js'
import type { SyncInput } from '../workflows/messages.js'
import type { App } from './app.js'
import { pauseSchedule, updateSchedule } from './schedule-changes.js'

/** A run that could not be started on time is made up within one interval; this stands until the interval is known. */
const FIRST_CATCHUP = '1 day'

/** Creates or updates the schedule of each master to what its file says; removes that of a master without one. */
export async function applySchedules(
  app: App,
  masters: readonly Master[],
): Promise<readonly ScheduleStatus[]> {
  const client = await app.temporal()
  for (const master of masters) {
    const times = syncTimes(master)
    if (times === undefined) await removeSchedule(client, master)
    else await applySchedule(app, client, master, times)
  }
  return scheduleStatus(app, masters)
}

/** The schedule that a master's file asks for; the catch-up window is of one interval, once that is known. */
export function scheduleOptions(app: App, master: Master, spec: Times, ledger?: string) {
  const input: SyncInput = {
    master: master.master,
    mode: 'apply',
    leaseMs: app.leaseMs,
    ...(ledger === undefined ? {} : { ledger }),
  }
  return {
    scheduleId: scheduleId(master),
    spec: { cronExpressions: [spec.cron], timezone: spec.timezone },
    action: {
      type: 'startWorkflow',
      workflowType: 'syncMaster',
      workflowId: workflowName(master),
      taskQueue: app.taskQueue,
      args: [input],
      staticSummary: summaryOf(master, 'sync'),
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: FIRST_CATCHUP, pauseOnFailure: false },
  } satisfies ScheduleOptions
}

async function applySchedule(app: App, client: Client, master: Master, spec: Times): Promise<void> {
  const ledger = await ledgerOf(app, master)
  const options = scheduleOptions(app, master, spec, ledger)
  try {
    await client.schedule.create(options)
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    // Everything that the file decides, not only the times: arguments and task queue may have changed as well.
    await updateSchedule(client, options.scheduleId, (previous) => {
      if (ledger !== undefined) checkOwner(master, previous.action, ledger)
      return { ...options, state: previous.state }
    })
  }
  const { info } = await client.schedule.getHandle(options.scheduleId).describe()
  const interval = intervalOf(info.nextActionTimes)
  const catchupWindow = interval === undefined ? FIRST_CATCHUP : Math.max(60_000, interval)
  await updateSchedule(client, options.scheduleId, (previous) => ({
    ...options,
    state: previous.state,
    policies: { ...options.policies, catchupWindow },
  }))
}

/** Which ledger the master's runs go by; undefined where there is none yet, or it is out of reach. */
function ledgerOf(app: App, master: Master): Promise<string | undefined> {
  return app.onCloud(master, readInstallation).catch(() => undefined)
}

/**
 * Two installations that share a namespace share the names of schedules.
 * @throws SyncError SCHEDULE_ELSEWHERE where the schedule is of another one
 */
export function checkOwner(master: Master, action: ScheduleDescription['action'], ledger: string): void {
  const [input] = (action.args ?? []) as readonly Partial<SyncInput>[]
  if (input?.ledger === undefined || input.ledger === ledger) return
  throw new SyncError(
    'SCHEDULE_ELSEWHERE',
    `the schedule ${scheduleId(master)} in this namespace runs the syncs of another cloud database`,
  )
}

async function removeSchedule(client: Client, master: Master): Promise<boolean> {
  try {
    await client.schedule.getHandle(scheduleId(master)).delete()
    return true
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false
    throw error
  }
}

export interface ChangedSchedule {
  readonly status: ScheduleStatus
  /** The hold of the master that has ended with it. */
  readonly lifted: Hold | undefined
}

/**
 * A hold of the master ends with `resume`, whether there is a schedule or not.
 * @throws SyncError SCHEDULE_MISSING
 */
export async function changeSchedule(
  app: App,
  master: Master,
  change: 'pause' | 'resume' | 'remove',
  note: string,
): Promise<ChangedSchedule> {
  const client = await app.temporal()
  const id = scheduleId(master)
  const lifted = change === 'resume' ? await ofHold(app, master, liftHold) : undefined
  try {
    if (change === 'remove') await client.schedule.getHandle(id).delete()
    else await pauseSchedule(client, id, change === 'pause', note)
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
    if (lifted === undefined) throw missing(master, error)
  }
  return { status: await statusOf(app, client, master), lifted }
}

function missing(master: Master, cause: unknown): SyncError {
  const asked = syncTimes(master) !== undefined
  return new SyncError('SCHEDULE_MISSING', `${master.master} has no schedule`, {
    cause,
    ...(asked
      ? {}
      : { remedy: 'Its file asks for none: add schedule: to it, then master-sync schedule apply.' }),
  })
}

/** Works on the hold of a master; before the ledger is set up there is none. */
async function ofHold(
  app: App,
  master: Master,
  work: (cloud: Session, master: string) => Promise<Hold | undefined>,
): Promise<Hold | undefined> {
  try {
    return await app.onCloud(master, async (cloud) => {
      await requireLedger(cloud)
      return work(cloud, master.master)
    })
  } catch (error) {
    if (error instanceof SyncError && error.code === 'NOT_SET_UP') return undefined
    throw error
  }
}

export async function scheduleStatus(
  app: App,
  masters: readonly Master[],
): Promise<readonly ScheduleStatus[]> {
  const client = await app.temporal()
  return Promise.all(masters.map((master) => statusOf(app, client, master)))
}

async function statusOf(app: App, client: Client, master: Master): Promise<ScheduleStatus> {
  const [found, hold] = await Promise.all([
    describeSchedule(client, master),
    ofHold(app, master, readHold).catch(unreachable),
  ])
  const paused = found?.state.paused === true
  return {
    master: master.master,
    schedule: scheduleId(master),
    state: stateOf(master, found, paused),
    cron: syncTimes(master)?.cron ?? null,
    timezone: syncTimes(master)?.timezone ?? null,
    next: paused ? null : (found?.info.nextActionTimes[0]?.toISOString() ?? null),
    last: found?.info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
    skipped: found?.info.numActionsSkippedOverlap ?? 0,
    missed: found?.info.numActionsMissedCatchupWindow ?? 0,
    hold: hold ?? null,
  }
}

/** A schedule can be looked at while the cloud database is away. */
function unreachable(error: unknown): undefined {
  if (!(error instanceof SyncError)) throw error
}

function stateOf(
  master: Master,
  found: ScheduleDescription | undefined,
  paused: boolean,
): ScheduleStatus['state'] {
  if (found === undefined) return syncTimes(master) === undefined ? 'none' : 'absent'
  if (syncTimes(master) === undefined) return 'stale'
  return paused ? 'paused' : 'active'
}

export async function describeSchedule(
  client: Client,
  master: Master,
): Promise<ScheduleDescription | undefined> {
  try {
    return await client.schedule.getHandle(scheduleId(master)).describe()
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined
    throw error
  }
}
