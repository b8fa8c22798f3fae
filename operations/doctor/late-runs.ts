import type { ScheduleDescription } from '@temporalio/client'
import { SyncError } from '../../core/errors.js'
import { intervalOf } from '../../core/interval.js'
import type { Master } from '../../core/master.js'
import type { Scheduled } from '../../core/schedule-times.js'
import { formatSpan } from '../../core/span.js'

/** In intervals: a start takes a moment. */
const LATE = 1.1

/**
 * Runs that were due since the last one began. Those left out before it are made good: a run looks at everything,
 * whatever was missed.
 */
export function late(
  { master }: Pick<Master, 'master'>,
  what: Scheduled,
  { info, state }: Pick<ScheduleDescription, 'info' | 'state'>,
  now: number,
): readonly SyncError[] {
  const interval = intervalOf(info.nextActionTimes)
  const began = info.recentActions.at(-1)?.takenAt ?? info.createdAt
  const since = now - Math.max(began.getTime(), info.lastUpdatedAt?.getTime() ?? 0)
  if (state.paused || interval === undefined || since < interval * LATE) return []
  const span = formatSpan((now - began.getTime()) / 1000)
  const run = what === 'sync' ? 'run' : 'import'
  if (info.runningActions.length > 0 && info.numActionsSkippedOverlap > 0) {
    const message = `the ${run} that began ${span} ago is still under way, so that the ${run}s of ${master} due since were left out`
    return [new SyncError('RUNS_SKIPPED', message, { remedy: waitingFor(master, what) })]
  }
  if (info.numActionsMissedCatchupWindow === 0) return []
  const message = `the last ${run} of ${master} began ${span} ago; those due since could not be started in time, and are not made up`
  const remedy =
    what === 'sync' ? `master-sync start-sync ${master}` : `master-sync import --master ${master}`
  return [new SyncError('RUNS_MISSED', message, { remedy })]
}

/** A sync that is under way can be followed by starting it; an import can not. */
function waitingFor(master: string, what: Scheduled): string {
  const number = `master-sync runs --master ${master}; master-sync cancel RUN --master ${master}`
  if (what === 'import') return `See its number, to stop it: ${number}`
  return `See what it waits for: master-sync start-sync ${master}\nand its number, to stop it: ${number}`
}
