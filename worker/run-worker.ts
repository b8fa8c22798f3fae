import { hostname } from 'node:os'
import { NativeConnection, Worker } from '@temporalio/worker'
import { createActivities } from '../activities/index.js'
import { readMaster, readMasters } from '../config/masters.js'
import { temporalConfig } from '../config/temporal.js'
import type { Environment } from '../core/options.js'
import { SyncError } from '../core/errors.js'
import { Databases } from '../db/databases.js'
import { workflowSource, type WorkflowSource } from './bundle.js'
import { serveHealth } from './health.js'

/** Share of a lease after which a statement ends: before its step counts as dead (0.5) and the run as lost (1). */
const STATEMENT_SHARE = 0.4

/** Share of a lease after which a worker that does not take on a run it knows is passed over: one that was killed. */
const STICKY_SHARE = 1 / 12

/** A batch commits well within this; what has not is rolled back and done again. */
const SHUTDOWN_GRACE_SECONDS = 30
/** What stops a worker (systemd, a container) must wait longer than this. */
export const SHUTDOWN_FORCE_SECONDS = 45

/** A worker of its own is small: workflows of this project wait for activities most of their life. */
const CACHED_WORKFLOWS = 50

export interface RunningWorker {
  readonly worker: Worker
  /** Resolves when the worker has stopped and its connections are closed. */
  readonly stopped: Promise<void>
}

/**
 * Starts the process's worker. It reads the masters' files when a run opens, so that a changed file needs no restart.
 * @throws SyncError OPTION_INVALID, MASTER_FILE_INVALID, TEMPORAL_UNREACHABLE
 */
export async function startWorker(
  environment: Environment,
  workflows: WorkflowSource = workflowSource(),
): Promise<RunningWorker> {
  const folder = environment.text('MASTERS_DIR') ?? 'masters'
  readMasters(folder)
  const slots = environment.number('WORKER_SLOTS')
  const leaseMs = environment.number('LEASE_SECONDS') * 1000
  const databases = new Databases({
    url: environment.required,
    // One connection a step, and one for lease renewals and cancellations, which must never wait for a step.
    poolSize: slots + 1,
    statementTimeoutMs: leaseMs * STATEMENT_SHARE,
  })
  const { connectionOptions, namespace } = temporalConfig()
  const connection = await NativeConnection.connect(connectionOptions).catch((cause: unknown) => {
    throw new SyncError('TEMPORAL_UNREACHABLE', `Temporal at ${connectionOptions.address} does not answer`, {
      cause,
    })
  })
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: environment.text('TASK_QUEUE') ?? 'master-sync',
    identity: `master-sync ${hostname()} ${process.pid}`,
    ...workflows,
    activities: createActivities({
      loadMaster: (name) => readMaster(folder, name),
      database: databases.get,
      leaseMs,
      segmentRows: environment.number('SEGMENT_ROWS'),
      batchRows: environment.number('BATCH_ROWS'),
    }),
    maxConcurrentActivityTaskExecutions: slots,
    maxCachedWorkflows: CACHED_WORKFLOWS,
    stickyQueueScheduleToStartTimeout: leaseMs * STICKY_SHARE,
    // A cancellation reaches a step with the answer to its heartbeat.
    maxHeartbeatThrottleInterval: '2s',
    shutdownGraceTime: SHUTDOWN_GRACE_SECONDS * 1000,
    shutdownForceTime: SHUTDOWN_FORCE_SECONDS * 1000,
  })
  const port = environment.number('HEALTH_PORT')
  const health = port === 0 ? undefined : await serveHealth(worker, port)
  const stopped = worker.run().finally(async () => {
    health?.close()
    await databases.close()
    await connection.close()
  })
  return { worker, stopped }
}
