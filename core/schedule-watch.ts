import type { ScheduleNotice } from './notice.js'

/** A schedule as Temporal has it. */
export interface ScheduleState {
  /** Runs that were due and too late to be made up, since the schedule was created. */
  readonly missed: number
  /** Runs that were due while the one before was under way. */
  readonly skipped: number
  readonly paused: boolean
  /** The longest gap between the coming runs; undefined where less than two are to come. */
  readonly intervalMs: number | undefined
  /** Seconds since it was created, or changed. */
  readonly age: number
}

/** The last full run that brought the copy up to date. */
export interface LastSuccess {
  readonly run: number
  readonly age: number
}

/** What people know already. */
export interface Watched {
  readonly missed: number
  readonly skipped: number
  /** The run whose copy was told to be old, 0 where there was none; null: none was. */
  readonly oldSince: number | null
}

/** How many intervals of its schedule a copy may be old. */
export const OLD_AFTER = 2

/** Something that people are to know: at first sight, and where counters began anew, without being told. */
export interface WatchStep {
  readonly next: Watched
  readonly notice?: ScheduleNotice
}

/**
 * What is to be told, one after the other.
 * @param known undefined at first sight, when what was before is nobody's news
 */
export function watchSchedule(
  master: string,
  known: Watched | undefined,
  schedule: ScheduleState,
  success: LastSuccess | undefined,
): readonly WatchStep[] {
  const { missed, skipped, paused } = schedule
  const steps: WatchStep[] = []
  let now: Watched = known ?? { missed, skipped, oldSince: null }
  if (known === undefined) steps.push({ next: now })
  for (const kind of ['missed', 'skipped'] as const) {
    const count = schedule[kind] - now[kind]
    if (count === 0) continue
    now = { ...now, [kind]: schedule[kind] }
    // Fewer than before: the schedule was created anew, and counts from nothing.
    steps.push(count < 0 ? { next: now } : { next: now, notice: { kind, master, count } })
  }
  const oldSince = isOld(schedule, success) ? (success?.run ?? 0) : null
  if (oldSince === now.oldSince) return steps
  const next = { ...now, oldSince }
  if (oldSince === null) return [...steps, { next }]
  const seconds = success === undefined ? {} : { seconds: success.age }
  return [...steps, { next, notice: { kind: 'old', master, paused, ...seconds } }]
}

/** One that was never made counts from when its schedule was. */
function isOld({ intervalMs, age }: ScheduleState, success: LastSuccess | undefined): boolean {
  return intervalMs !== undefined && (success?.age ?? age) * 1000 > OLD_AFTER * intervalMs
}
