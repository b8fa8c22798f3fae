import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ContinueAsNew,
  isCancellation,
} from '@temporalio/workflow'
import type { RunFailure, RunReport } from '../core/report.js'
import { explain } from './explain.js'
import { applicationFailure } from './steps.js'

type Ended = { readonly kind: 'cancelled' } | { readonly kind: 'failed'; readonly failure: RunFailure }

/**
 * Does the steps of a run, and closes it where they fail or are cancelled: a failed run fails with the error's code as
 * type and the report as detail.
 */
export async function endInOrder(
  steps: () => Promise<RunReport>,
  close: (ended: Ended) => Promise<RunReport>,
): Promise<RunReport> {
  try {
    return await steps()
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error
    const failure = applicationFailure(error)
    // A step that would have been tried again, but for the cancellation, fails with what was to pass by itself.
    const asked = CancellationScope.current().consideredCancelled && failure?.nonRetryable !== true
    if (asked || isCancellation(error)) {
      await CancellationScope.nonCancellable(() => close({ kind: 'cancelled' }))
      throw isCancellation(error) ? error : new CancelledFailure('the run was cancelled')
    }
    // Anything else is a fault of this code: the task is retried until a corrected worker takes it on.
    if (failure === undefined) throw error
    const report = await CancellationScope.nonCancellable(() =>
      close({ kind: 'failed', failure: explain(failure) }),
    )
    throw ApplicationFailure.nonRetryable(failure.message, failure.type, report)
  }
}
