import { isGrpcServiceError, NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/client'
import { SyncError } from '../core/errors.js'

/** gRPC status codes with which a server is away, overloaded, or does not let us in. */
const AWAY: ReadonlySet<number> = new Set([
  4, // deadline exceeded
  7, // permission denied
  8, // resource exhausted
  14, // unavailable
  16, // unauthenticated
])

/** Turns a failure of the Temporal server into an error for people; any other error is given back as it is. */
export function explainTemporal(error: unknown): unknown {
  if (error instanceof NamespaceNotFoundError) {
    const message = `Temporal has no namespace ${JSON.stringify(error.namespace)}`
    return new SyncError('TEMPORAL_UNREACHABLE', message, { cause: error })
  }
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
  if (!isGrpcServiceError(cause) || !AWAY.has(cause.code)) return error
  return new SyncError('TEMPORAL_UNREACHABLE', `Temporal: ${cause.details || cause.message}`, {
    cause: error,
  })
}

/** Temporal has no such run, or no longer. */
export function isRunUnknown(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError
}
