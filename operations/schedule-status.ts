import type { Client, ScheduleDescription } from '@temporalio/client'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { scheduleId } from '../core/names.js'
import type { Hold } from '../core/question.js'
import type { ScheduleStatus } from '../core/results.js'
import { SCHEDULED, timesOf, type Scheduled, type Times } from '../core/schedule-times.js'
import { readHold } from '../db/holds.js'
import { requireLedger } from '../db/migrate.js'
import type { Session } from '../db/session.js'
import type { App } from './app.js'
import { describeSchedule } from './found-schedule.js'

/** The schedules of masters, and for each its syncs even where there is none. */
export async function scheduleStatus(
  app: App,
  masters: readonly Master[],
): Promise<readonly ScheduleStatus[]> {
  const client = await app.temporal()
  const all = masters.flatMap((master) => SCHEDULED.map((what) => statusOf(app, client, master, what)))
  return (await Promise.all(all)).filter(({ what, state }) => what === 'sync' || state !== 'none')
}

async function statusOf(app: App, client: Client, master: Master, what: Scheduled): Promise<ScheduleStatus> {
  const [found, hold] = await Promise.all([
    describeSchedule(client, master, what),
    what === 'sync' ? ofHold(app, master, readHold).catch(unreachable) : undefined,
  ])
  const times = timesOf(master, what)
  const paused = found?.state.paused === true
  return {
    master: master.master,
    what,
    schedule: scheduleId(master, what),
    state: stateOf(times, found, paused),
    cron: times?.cron ?? null,
    timezone: times?.timezone ?? null,
    after_import: what === 'sync' && master.schedule?.after === 'import',
    next: paused ? null : (found?.info.nextActionTimes[0]?.toISOString() ?? null),
    last: found?.info.recentActions.at(-1)?.takenAt.toISOString() ?? null,
    skipped: found?.info.numActionsSkippedOverlap ?? 0,
    missed: found?.info.numActionsMissedCatchupWindow ?? 0,
    hold: hold ?? null,
  }
}

function stateOf(
  times: Times | undefined,
  found: ScheduleDescription | undefined,
  paused: boolean,
): ScheduleStatus['state'] {
  if (found === undefined) return times === undefined ? 'none' : 'absent'
  if (times === undefined) return 'stale'
  return paused ? 'paused' : 'active'
}

/** A schedule can be looked at while the cloud database is away. */
function unreachable(error: unknown): undefined {
  if (!(error instanceof SyncError)) throw error
}

/** Works on the hold of a master, which is of its syncs; before the ledger is set up there is none. */
export async function ofHold(
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
