import { ScheduleNotFoundError, type Client } from '@temporalio/client'
import { intervalOf } from '../core/interval.js'
import type { Master } from '../core/master.js'
import { scheduleId } from '../core/names.js'
import type { ScheduleState } from '../core/schedule-watch.js'

const PATIENCE_MS = 10_000

/** A master's schedule as Temporal has it; undefined where it has none. */
export async function describeSchedule(client: Client, master: Master): Promise<ScheduleState | undefined> {
  const handle = client.schedule.getHandle(scheduleId(master))
  const found = await client
    .withDeadline(Date.now() + PATIENCE_MS, () => handle.describe())
    .catch((error: unknown) => {
      if (error instanceof ScheduleNotFoundError) return undefined
      throw error
    })
  if (found === undefined) return undefined
  const { info, state } = found
  const changed = Math.max(info.createdAt.getTime(), info.lastUpdatedAt?.getTime() ?? 0)
  return {
    missed: info.numActionsMissedCatchupWindow,
    skipped: info.numActionsSkippedOverlap,
    paused: state.paused,
    intervalMs: intervalOf(info.nextActionTimes),
    age: (Date.now() - changed) / 1000,
  }
}
