import type { Client, ScheduleDescription } from '@temporalio/client'
import { SyncError } from '../../core/errors.js'
import { intervalOf } from '../../core/interval.js'
import type { Master } from '../../core/master.js'
import { scheduleId } from '../../core/names.js'
import { syncTimes, type Times } from '../../core/schedule-times.js'
import { formatSpan } from '../../core/span.js'
import type { App } from '../app.js'
import { describeSchedule, scheduleOptions } from '../schedules.js'
import { examine, type Examined, type Seen } from './examine.js'
import { optional } from './optional.js'
import { differences } from './schedule-differences.js'

export interface ExaminedSchedule {
  readonly examined: Examined
  readonly found: ScheduleDescription | undefined
}

/** What Temporal has for a master, held against the master's file; Temporal answers. */
export async function examineSchedule(app: App, master: Master): Promise<ExaminedSchedule> {
  let found: ScheduleDescription | undefined
  const examined = await examine({ check: 'schedule', master: master.master }, async () => {
    found = await describeSchedule(await app.temporal(), master)
    return found === undefined ? absent(master) : compare(app, master, found)
  })
  return { examined, found }
}

function applyCommand({ master }: Master): string {
  return `master-sync schedule apply --master ${master}`
}

function absent(master: Master): Seen {
  const times = syncTimes(master)
  if (times === undefined) return { seen: "none in the master's file, none in Temporal" }
  const message = `${master.master} is to run at ${times.cron} ${times.timezone}, but has no schedule in Temporal: nothing starts its runs`
  return {
    seen: 'none in Temporal',
    findings: [new SyncError('SCHEDULE_MISSING', message, { remedy: applyCommand(master) })],
  }
}

function compare(app: App, master: Master, found: ScheduleDescription): Seen {
  const schedule = syncTimes(master)
  if (schedule === undefined) {
    const message = `the file of ${master.master} has no schedule, but Temporal has one that starts runs`
    return {
      seen: scheduleId(master),
      findings: [new SyncError('SCHEDULE_LEFT_OVER', message, { remedy: applyCommand(master) })],
    }
  }
  const wanted = optional(() => scheduleOptions(app, master, schedule))
  const differing = wanted === undefined ? [] : differences(wanted, found)
  return {
    seen: describe(schedule, found),
    findings: [
      ...differing.map(
        (difference) =>
          new SyncError(
            'SCHEDULE_DIFFERS',
            `the schedule of ${master.master} is not what its file says: ${difference}`,
            {
              remedy: applyCommand(master),
            },
          ),
      ),
      ...paused(master, found),
      ...late(master, found, Date.now()),
    ],
  }
}

function describe(
  { cron, timezone }: Times,
  { state, info }: ScheduleDescription,
): string {
  const next = info.nextActionTimes[0]
  const counts = [
    ...(info.numActionsSkippedOverlap > 0 ? [`${info.numActionsSkippedOverlap} skipped so far`] : []),
    ...(info.numActionsMissedCatchupWindow > 0
      ? [`${info.numActionsMissedCatchupWindow} missed so far`]
      : []),
  ]
  const coming = state.paused || next === undefined ? [] : [`next ${next.toISOString()}`]
  return [`${cron} ${timezone}`, ...coming, ...counts].join(', ')
}

function paused({ master }: Master, { state }: ScheduleDescription): readonly SyncError[] {
  if (!state.paused) return []
  const note = state.note === undefined || state.note === '' ? '' : ` (${state.note})`
  const message = `the schedule of ${master} is paused${note}: no runs are started, the copy grows old`
  return [
    new SyncError('SCHEDULE_PAUSED', message, { remedy: `master-sync schedule resume --master ${master}` }),
  ]
}

/**
 * Runs that were due since the last one began. Those left out before it are made good: a run looks at everything,
 * whatever was missed.
 */
export function late(
  { master }: Pick<Master, 'master'>,
  { info, state }: Pick<ScheduleDescription, 'info' | 'state'>,
  now: number,
): readonly SyncError[] {
  const interval = intervalOf(info.nextActionTimes)
  const began = info.recentActions.at(-1)?.takenAt ?? info.createdAt
  const since = now - Math.max(began.getTime(), info.lastUpdatedAt?.getTime() ?? 0)
  if (state.paused || interval === undefined || since < interval * LATE) return []
  const span = formatSpan((now - began.getTime()) / 1000)
  if (info.runningActions.length > 0 && info.numActionsSkippedOverlap > 0) {
    return [
      new SyncError(
        'RUNS_SKIPPED',
        `the run that began ${span} ago is still under way, so that the runs of ${master} due since were left out`,
        {
          remedy: `See what it waits for: master-sync start-sync ${master}\nand its number, to stop it: master-sync runs --master ${master}; master-sync cancel RUN --master ${master}`,
        },
      ),
    ]
  }
  if (info.numActionsMissedCatchupWindow === 0) return []
  const message = `the last run of ${master} began ${span} ago; those due since could not be started in time, and are not made up`
  return [new SyncError('RUNS_MISSED', message, { remedy: `master-sync start-sync ${master}` })]
}

/** In intervals: a start takes a moment. */
const LATE = 1.1

/** Schedules of ours on this task queue that no file stands for; `masters` are all there are. */
export function examineLeftOver(app: App, masters: readonly Master[]): Promise<Examined> {
  return examine({ check: 'left_over' }, async () => {
    const client = await app.temporal()
    const known = new Set(masters.map(scheduleId))
    const others: string[] = []
    for await (const { scheduleId: id, action } of client.schedule.list()) {
      const ours = action?.workflowType === 'syncMaster' && id.startsWith('sync-') && !known.has(id)
      if (ours && (await taskQueueOf(client, id)) === app.taskQueue) others.push(id)
    }
    return {
      seen: 'every schedule has its master file',
      findings: others.map((id) => leftOver(id, client.options.namespace)),
    }
  })
}

function leftOver(id: string, namespace: string): SyncError {
  const message = `the schedule ${id} starts runs of a master whose file is gone: they fail`
  return new SyncError('SCHEDULE_LEFT_OVER', message, {
    remedy: `Bring the file back, or: temporal schedule delete --namespace ${namespace} --schedule-id ${id}`,
  })
}

async function taskQueueOf(client: Client, id: string): Promise<string | undefined> {
  // One that was deleted meanwhile is none.
  const found = await client.schedule
    .getHandle(id)
    .describe()
    .catch(() => undefined)
  return found?.action.taskQueue
}
