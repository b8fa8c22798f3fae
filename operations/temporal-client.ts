import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client'
import { temporalConfig } from '../config/temporal.js'
import { SyncError } from '../core/errors.js'

/** A client of Temporal's, with a connection of its own. */
export interface TemporalClient {
  readonly client: Client
  /** Calls under way fail; none is tried again. */
  readonly close: () => Promise<void>
}

/** @throws SyncError TEMPORAL_UNREACHABLE */
export async function connectTemporal(): Promise<TemporalClient> {
  const { connectionOptions, namespace } = temporalConfig()
  const { retryableDecider, delayFunction } = defaultGrpcRetryOptions()
  let closed = false
  let lastRetry = 0
  const retrying = makeGrpcRetryInterceptor({
    retryableDecider: (attempt, status) => !closed && retryableDecider(attempt, status),
    delayFunction: (attempt, status) => {
      const wait = delayFunction(attempt, status)
      lastRetry = Math.max(lastRetry, performance.now() + wait)
      return wait
    },
  })
  const connection = await Connection.connect({
    connectTimeout: '10s',
    ...connectionOptions,
    interceptors: [retrying],
  }).catch((cause: unknown) => {
    throw new SyncError('TEMPORAL_UNREACHABLE', `Temporal at ${connectionOptions.address} does not answer`, {
      cause,
    })
  })
  return {
    client: new Client({ connection, namespace }),
    close: async () => {
      closed = true
      const wait = lastRetry - performance.now()
      if (wait <= 0) return connection.close()
      // A retry on a closed connection would throw where nobody can catch it, and nobody waits for it any more.
      setTimeout(() => void connection.close(), wait + RETRY_BEGINS_MS)
    },
  }
}

/** A retry whose time has come has begun by then. */
const RETRY_BEGINS_MS = 100
