import { ScheduleNotFoundError, type Client, type ScheduleDescription } from '@temporalio/client'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { scheduleId } from '../core/names.js'
import type { Scheduled } from '../core/schedule-times.js'
import type { ImportInput, SyncInput } from '../workflows/messages.js'

/** A schedule of a master as Temporal has it; undefined where it has none. */
export async function describeSchedule(
  client: Client,
  master: Master,
  what: Scheduled,
): Promise<ScheduleDescription | undefined> {
  try {
    return await client.schedule.getHandle(scheduleId(master, what)).describe()
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined
    throw error
  }
}

/**
 * Two installations that share a namespace share the names of schedules.
 * @throws SyncError SCHEDULE_ELSEWHERE where the schedule is of another one
 */
export function checkOwner(
  id: string,
  { action }: Pick<ScheduleDescription, 'action'>,
  ledger: string,
): void {
  const [input] = (action.args ?? []) as readonly Partial<SyncInput | ImportInput>[]
  if (input?.ledger === undefined || input.ledger === ledger) return
  throw new SyncError(
    'SCHEDULE_ELSEWHERE',
    `the schedule ${id} in this namespace is that of another cloud database`,
  )
}
