import { ScheduleAlreadyRunning, ScheduleNotFoundError, type Client } from '@temporalio/client'
import { SyncError } from '../core/errors.js'
import { intervalOf } from '../core/interval.js'
import type { Master } from '../core/master.js'
import { scheduleId } from '../core/names.js'
import type { Hold } from '../core/question.js'
import type { ScheduleStatus } from '../core/results.js'
import { SCHEDULED, timesOf, type Scheduled, type Times } from '../core/schedule-times.js'
import { liftHold } from '../db/holds.js'
import { readInstallation } from '../db/installation.js'
import type { App } from './app.js'
import { checkOwner } from './found-schedule.js'
import { pauseSchedule, updateSchedule } from './schedule-changes.js'
import { FIRST_CATCHUP, scheduleOptions } from './schedule-options.js'
import { ofHold, scheduleStatus } from './schedule-status.js'

/** Creates or updates the schedules of each master to what its file says; removes those that it does not ask for. */
export async function applySchedules(
  app: App,
  masters: readonly Master[],
): Promise<readonly ScheduleStatus[]> {
  const client = await app.temporal()
  for (const master of masters) {
    for (const what of SCHEDULED) {
      const times = timesOf(master, what)
      if (times === undefined)
        await unlessMissing(client.schedule.getHandle(scheduleId(master, what)).delete())
      else await applySchedule(app, client, master, what, times)
    }
  }
  return scheduleStatus(app, masters)
}

async function applySchedule(
  app: App,
  client: Client,
  master: Master,
  what: Scheduled,
  times: Times,
): Promise<void> {
  const ledger = await ledgerOf(app, master)
  const options = scheduleOptions(app, master, what, times, ledger)
  const id = options.scheduleId
  try {
    await client.schedule.create(options)
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    // Everything that the file decides, not only the times: arguments and task queue may have changed as well.
    await updateSchedule(client, id, (previous) => {
      if (ledger !== undefined) checkOwner(id, previous, ledger)
      return { ...options, state: previous.state }
    })
  }
  const { info } = await client.schedule.getHandle(id).describe()
  const interval = intervalOf(info.nextActionTimes)
  const catchupWindow = interval === undefined ? FIRST_CATCHUP : Math.max(60_000, interval)
  await updateSchedule(client, id, (previous) => ({
    ...options,
    state: previous.state,
    policies: { ...options.policies, catchupWindow },
  }))
}

/** Which ledger the master's runs go by; undefined where there is none yet, or it is out of reach. */
function ledgerOf(app: App, master: Master): Promise<string | undefined> {
  return app.onCloud(master, readInstallation).catch(() => undefined)
}

export interface ChangedSchedules {
  readonly schedules: readonly ScheduleStatus[]
  /** The hold of the master that has ended with it. */
  readonly lifted: Hold | undefined
}

/**
 * Changes the schedules of a master that are there. A hold of the master ends with `resume`, whether there are any or
 * not.
 * @throws SyncError SCHEDULE_MISSING
 */
export async function changeSchedules(
  app: App,
  master: Master,
  change: 'pause' | 'resume' | 'remove',
  note: string,
): Promise<ChangedSchedules> {
  const client = await app.temporal()
  const lifted = change === 'resume' ? await ofHold(app, master, liftHold) : undefined
  let changed = 0
  for (const id of SCHEDULED.map((what) => scheduleId(master, what))) {
    const one =
      change === 'remove'
        ? client.schedule.getHandle(id).delete()
        : pauseSchedule(client, id, change === 'pause', note)
    if (await unlessMissing(one)) changed += 1
  }
  if (changed === 0 && lifted === undefined) throw missing(master)
  return { schedules: await scheduleStatus(app, [master]), lifted }
}

/** Whether there was a schedule to be changed. */
async function unlessMissing(change: Promise<unknown>): Promise<boolean> {
  try {
    await change
    return true
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return false
    throw error
  }
}

function missing(master: Master): SyncError {
  const asked = SCHEDULED.some((what) => timesOf(master, what) !== undefined)
  return new SyncError('SCHEDULE_MISSING', `${master.master} has no schedule`, {
    ...(asked
      ? {}
      : { remedy: 'Its file asks for none: add schedule: to it, then master-sync schedule apply.' }),
  })
}
