import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow'
import type { Activities } from '../activities/index.js'

/**
 * The steps with their timeouts, all following from one number. A statement ends by itself after 0.4 of a lease
 * (worker), a step that is not heard of is retried after 0.5, a run is taken over after 1: in that order.
 * Retried without end: what does not pass by itself comes back as an error that is not retried.
 */
export function proxySteps(leaseMs: number): {
  readonly short: ReturnType<typeof proxyActivities<Activities>>
  readonly long: ReturnType<typeof proxyActivities<Activities>>
} {
  const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' } as const
  return {
    short: proxyActivities<Activities>({
      startToCloseTimeout: leaseMs,
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      retry,
    }),
    long: proxyActivities<Activities>({
      startToCloseTimeout: '1 day',
      heartbeatTimeout: leaseMs / 2,
      cancellationType: 'WAIT_CANCELLATION_COMPLETED',
      retry,
    }),
  }
}

/**
 * Telling people how a run ended: tried a few times, within a minute, and then given up, for the run has ended. What a
 * message is about stands in the ledger whether it arrives or not.
 */
export const { notify } = proxyActivities<Pick<Activities, 'notify'>>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 3, maximumAttempts: 4 },
})

/** The application failure behind a failed step, if that is what failed it. */
export function applicationFailure(error: unknown): ApplicationFailure | undefined {
  if (error instanceof ApplicationFailure) return error
  return error instanceof ActivityFailure ? applicationFailure(error.cause) : undefined
}
