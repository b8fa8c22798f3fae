import type { Master } from '../core/master.js'
import type { Held } from '../core/question.js'
import type { RunReport } from '../core/report.js'
import { timezoneOf } from '../core/schedule-times.js'
import { questionsBetween, type AskedQuestion } from '../db/answers.js'
import { requireLedger } from '../db/migrate.js'
import { daysOfRuns, monthBounds, notableRuns, type DayOfRuns } from '../db/run-months.js'
import { readRuns } from '../db/runs.js'
import type { App } from './app.js'
import { seenToday } from './runs.js'

/** What the runs of a master did in a month, by the clock of the master. */
export interface Month {
  readonly days: readonly DayOfRuns[]
  /** Runs that a person should know of, oldest first. */
  readonly notable: readonly RunReport[]
  /** Whether there are more of them. */
  readonly more: boolean
  /** What was asked or decided. */
  readonly questions: readonly AskedOfMonth[]
}

export interface AskedOfMonth {
  readonly question: AskedQuestion
  /** What the run held that asked first. */
  readonly held: readonly Held[]
}

const NOTABLE = 200

/** @param month 2026-11 */
export function monthOf(app: App, master: Master, month: string): Promise<Month> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    const zone = timezoneOf(master)
    const bounds = await monthBounds(cloud, month, zone)
    const questions = await questionsBetween(cloud, master.master, bounds)
    const asking = await readRuns(
      cloud,
      questions.map(({ run }) => run),
    )
    const found = await notableRuns(cloud, master.master, bounds, NOTABLE + 1)
    return {
      days: await daysOfRuns(cloud, master.master, bounds, zone),
      notable: await seenToday(cloud, found.slice(0, NOTABLE)),
      more: found.length > NOTABLE,
      questions: questions.map((question) => ({
        question,
        held: asking.find(({ run }) => run === question.run)?.report?.held ?? [],
      })),
    }
  })
}

export type { DayOfRuns } from '../db/run-months.js'
