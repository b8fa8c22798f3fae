import {
  isGrpcServiceError,
  ScheduleClient,
  type Client,
  type ScheduleDescription,
  type ScheduleUpdateOptions,
  type WorkflowService,
} from '@temporalio/client'
import { waitForTemporal } from './wait.js'

/*
 * Temporal takes what reaches a schedule at one moment in an order of its own: pauses first, then an update, whose
 * state undoes them; and of several pauses or updates the last alone. All have been acknowledged by then. So whoever
 * changes a schedule looks whether it came to be, and does it again where it did not.
 */

/** @throws ScheduleNotFoundError */
export function pauseSchedule(client: Client, id: string, paused: boolean, note: string): Promise<true> {
  const schedule = client.schedule.getHandle(id)
  return waitForTemporal(`the schedule ${id} to be ${paused ? 'paused' : 'resumed'}`, async () => {
    await (paused ? schedule.pause(note) : schedule.unpause(note))
    return (await schedule.describe()).state.paused === paused ? true : undefined
  })
}

/**
 * What others change meanwhile, a pause above all, is never undone: `change` is asked again, with the schedule as it
 * is then.
 * @returns the schedule as it is afterwards
 * @throws ScheduleNotFoundError, and what `change` throws
 */
export function updateSchedule(
  client: Client,
  id: string,
  change: (previous: ScheduleDescription) => ScheduleUpdateOptions,
): Promise<ScheduleDescription> {
  return waitForTemporal(`the schedule ${id} to be updated`, async () => {
    const schedules = new ScheduleAsSeen(client)
    const seen = await schedules.see(id)
    const schedule = schedules.getHandle(id)
    await schedule.update(() => change(seen)).catch(unlessChanged)
    const after = await schedule.describe()
    return updateOf(after) === updateOf(seen) ? undefined : after
  })
}

/** Its updates count only where the schedule is as it was when it was seen, which the client's own cannot say. */
class ScheduleAsSeen extends ScheduleClient {
  #token: Uint8Array | null | undefined

  constructor({ connection, options: { namespace, identity } }: Client) {
    super({ connection, namespace, identity })
  }

  async see(id: string): Promise<ScheduleDescription> {
    const seen = await this.getHandle(id).describe()
    this.#token = seen.raw.conflictToken
    return seen
  }

  override get workflowService(): WorkflowService {
    const update = (request: UpdateRequest): Promise<unknown> =>
      super.workflowService.updateSchedule({ ...request, conflictToken: this.#token ?? null })
    return new Proxy(super.workflowService, {
      get: (service, name): unknown => (name === 'updateSchedule' ? update : Reflect.get(service, name)),
    })
  }
}

type UpdateRequest = Parameters<WorkflowService['updateSchedule']>[0]

/** gRPC status codes with which a server refuses such an update, where it does not just drop it. */
const REFUSED: ReadonlySet<number> = new Set([
  9, // failed precondition
])

function unlessChanged(error: unknown): void {
  const cause = error instanceof Error ? error.cause : undefined
  if (!isGrpcServiceError(cause) || !REFUSED.has(cause.code)) throw error
}

function updateOf({ info }: ScheduleDescription): number | undefined {
  return info.lastUpdatedAt?.getTime()
}
