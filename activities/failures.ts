import { Context } from '@temporalio/activity'
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import { ERRORS, type ErrorCode } from '../core/error-catalogue.js'
import { SyncError } from '../core/errors.js'
import { explainFailure, isDatabaseFailure } from '../db/failures.js'

interface Retry {
  /** Before the next attempt; without it the step's own back-off. */
  readonly after?: '1s' | '30s'
  /** Then a person is asked; without it never. */
  readonly attempts?: number
}

/** How Temporal goes about errors that pass by themselves; all others end the run. */
const RETRIED: Partial<Record<ErrorCode, Retry>> = {
  LEASE_HELD: { after: '1s' },
  CHECKPOINT_MOVED: { after: '1s' },
  DATABASE_UNREACHABLE: {},
  // Secrets rotate: the right password may come, but need not be asked for every second.
  DATABASE_REFUSED: { after: '30s' },
  // A busy server, or a lock, may pass; a statement that is too large for its time does not.
  STATEMENT_TOO_SLOW: { attempts: 20 },
  WEBHOOK_UNREACHABLE: {},
  // Ten minutes; a site that is down for longer is asked again by the next run.
  IMPORT_UNREACHABLE: { after: '30s', attempts: 20 },
}

/** The failure of an activity, as Temporal and the workflow are to see it: the code is its type. */
export function toFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error
  const explained = error instanceof SyncError || isDatabaseFailure(error) ? explainFailure(error) : undefined
  // A fault of ours: Temporal retries it, so that a corrected worker goes on where this one stood.
  if (explained === undefined) return error instanceof Error ? error : new Error(String(error))
  const { code, message, remedy } = explained
  const retried = RETRIED[code]
  const { attempt } = Context.current().info
  return ApplicationFailure.create({
    type: code,
    message: message.slice(0, 1_000),
    nonRetryable: retried === undefined || attempt >= (retried.attempts ?? Infinity),
    ...(retried?.after === undefined ? {} : { nextRetryDelay: retried.after }),
    ...(code === 'LEASE_HELD' ? { category: 'BENIGN' as const } : {}),
    details: [
      { code, message: message.slice(0, 1_000), remedy: remedy.slice(0, 1_000), exit: ERRORS[code].exit },
    ],
  })
}
