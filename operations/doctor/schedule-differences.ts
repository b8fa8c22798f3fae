import { isDeepStrictEqual } from 'node:util'
import type { ScheduleDescription } from '@temporalio/client'
import { cronValues } from '../../core/cron.js'
import { intervalOf } from '../../core/interval.js'
import { formatSpan } from '../../core/span.js'
import type { scheduleOptions } from '../schedule-options.js'
import { calendarValues } from './calendar.js'

/** How the schedule that is there differs from the one that `schedule apply` would make; empty: not at all. */
export function differences(
  wanted: ReturnType<typeof scheduleOptions>,
  found: ScheduleDescription,
): readonly string[] {
  const { spec, action, policies, state } = found
  const told: string[] = []
  const compare = (what: string, there: unknown, file: unknown): void => {
    if (!isDeepStrictEqual(there, file)) told.push(`${what} ${show(there)}, not ${show(file)}`)
  }
  if (!hasTimes(found, wanted.spec.cronExpressions))
    told.push(`its times are not those of ${wanted.spec.cronExpressions.join(', ')}`)
  compare('the time zone is', spec.timezone, wanted.spec.timezone)
  compare('it starts', action.workflowType, wanted.action.workflowType)
  compare('its runs are called', action.workflowId, wanted.action.workflowId)
  compare('the task queue is', action.taskQueue, wanted.action.taskQueue)
  compare('it starts with', withoutStarter(action.args), withoutStarter(wanted.action.args))
  compare('the summary is', action.staticSummary, wanted.action.staticSummary)
  compare('when a run is under way it does', policies.overlap, wanted.policies.overlap)
  compare('pausing on failure is', policies.pauseOnFailure, wanted.policies.pauseOnFailure)
  if (state.remainingActions !== undefined) told.push(`it ends after ${state.remainingActions} more runs`)
  const window = catchupDifference(found)
  return window === undefined ? told : [...told, window]
}

/** A run goes by the lease of the worker that opens it, whoever applied the schedule; and the file names no ledger. */
function withoutStarter(args: readonly object[] | undefined): readonly object[] | undefined {
  return args?.map((input) => ({ ...input, leaseMs: undefined, ledger: undefined }))
}

function show(value: unknown): string {
  return value === undefined ? 'not set' : typeof value === 'string' ? value : JSON.stringify(value)
}

/** Temporal keeps the values of a cron line, not the line. */
function hasTimes({ spec }: ScheduleDescription, cron: readonly string[]): boolean {
  const { calendars = [], intervals = [], skip = [], startAt, endAt, jitter } = spec
  const plain = intervals.length === 0 && skip.length === 0 && startAt === undefined && endAt === undefined
  return (
    plain && jitter === undefined && isDeepStrictEqual(calendars.map(calendarValues), cron.map(cronValues))
  )
}

/** Which of the coming gaps is the longest depends on the day: only another order of size is a difference. */
function catchupDifference({ info, policies }: ScheduleDescription): string | undefined {
  const interval = intervalOf(info.nextActionTimes)
  if (interval === undefined) return undefined
  const share = policies.catchupWindow / Math.max(60_000, interval)
  if (share >= 0.5 && share <= 2) return undefined
  const [window, wanted] = [policies.catchupWindow, interval].map((ms) => formatSpan(ms / 1000))
  return `a run is made up within ${window ?? ''}, not within one interval, ${wanted ?? ''}`
}
