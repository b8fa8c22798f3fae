import type { ScheduleDescription } from '@temporalio/client'
import { SyncError } from '../../core/errors.js'
import type { Master } from '../../core/master.js'
import { scheduleId } from '../../core/names.js'
import { timesOf, type Scheduled, type Times } from '../../core/schedule-times.js'
import type { App } from '../app.js'
import { describeSchedule } from '../found-schedule.js'
import { scheduleOptions } from '../schedule-options.js'
import { examine, skipped, type Examined, type Seen } from './examine.js'
import { late } from './late-runs.js'
import { optional } from './optional.js'
import { differences } from './schedule-differences.js'

export interface ExaminedSchedule {
  /** Imports that are neither scheduled nor to be are not worth a word. */
  readonly examined: readonly Examined[]
  readonly found: ScheduleDescription | undefined
}

const CHECKS = { sync: 'schedule', import: 'import_schedule' } as const satisfies Record<Scheduled, string>

/** What Temporal has for a master, held against the master's file. */
export async function examineSchedule(
  app: App,
  master: Master,
  what: Scheduled,
  temporal: boolean,
): Promise<ExaminedSchedule> {
  const about = { check: CHECKS[what], master: master.master }
  const asked = what === 'sync' || timesOf(master, what) !== undefined
  if (!temporal)
    return { examined: asked ? [skipped(about, 'Temporal is out of reach')] : [], found: undefined }
  let found: ScheduleDescription | undefined
  const examined = await examine(about, async () => {
    found = await describeSchedule(await app.temporal(), master, what)
    return found === undefined ? absent(master, what) : compare(app, master, what, found)
  })
  const told = asked || found !== undefined || examined.check.ok !== true
  return { examined: told ? [examined] : [], found }
}

/** How it is told what a schedule is for. */
const WORDS = {
  sync: {
    schedule: 'schedule',
    does: 'run',
    runs: 'runs',
    paused: 'no runs are started, the copy grows old',
  },
  import: {
    schedule: 'import schedule',
    does: 'look for published files',
    runs: 'imports',
    paused: 'published files are not looked for',
  },
} as const satisfies Record<Scheduled, object>

function applyCommand({ master }: Master): string {
  return `master-sync schedule apply --master ${master}`
}

function absent(master: Master, what: Scheduled): Seen {
  const times = timesOf(master, what)
  if (times === undefined) return { seen: "none in the master's file, none in Temporal" }
  const { does, schedule, runs } = WORDS[what]
  const message = `${master.master} is to ${does} at ${times.cron} ${times.timezone}, but has no ${schedule} in Temporal: nothing starts its ${runs}`
  return {
    seen: 'none in Temporal',
    findings: [new SyncError('SCHEDULE_MISSING', message, { remedy: applyCommand(master) })],
  }
}

function compare(app: App, master: Master, what: Scheduled, found: ScheduleDescription): Seen {
  const { schedule, runs } = WORDS[what]
  const times = timesOf(master, what)
  if (times === undefined) {
    const message = `the file of ${master.master} has no ${schedule}, but Temporal has one that starts ${runs}`
    return {
      seen: scheduleId(master, what),
      findings: [new SyncError('SCHEDULE_LEFT_OVER', message, { remedy: applyCommand(master) })],
    }
  }
  const wanted = optional(() => scheduleOptions(app, master, what, times))
  const differing = wanted === undefined ? [] : differences(wanted, found)
  return {
    seen: describe(times, found),
    findings: [
      ...differing.map(
        (difference) =>
          new SyncError(
            'SCHEDULE_DIFFERS',
            `the ${schedule} of ${master.master} is not what its file says: ${difference}`,
            { remedy: applyCommand(master) },
          ),
      ),
      ...paused(master, what, found),
      ...late(master, what, found, Date.now()),
    ],
  }
}

function describe({ cron, timezone }: Times, { state, info }: ScheduleDescription): string {
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

function paused({ master }: Master, what: Scheduled, { state }: ScheduleDescription): readonly SyncError[] {
  if (!state.paused) return []
  const words = WORDS[what]
  const note = state.note === undefined || state.note === '' ? '' : ` (${state.note})`
  const message = `the ${words.schedule} of ${master} is paused${note}: ${words.paused}`
  return [
    new SyncError('SCHEDULE_PAUSED', message, { remedy: `master-sync schedule resume --master ${master}` }),
  ]
}
