import type { Server } from 'node:http'
import { hostname } from 'node:os'
import { Client } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { createActivities } from '../activities/index.js'
import { readFolder, readMaster, readMasters } from '../config/masters.js'
import { secretsOf } from '../config/secrets.js'
import { temporalConfig } from '../config/temporal.js'
import type { Environment } from '../core/options.js'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { redactor } from '../core/redact.js'
import { Databases } from '../db/databases.js'
import type { Database } from '../db/session.js'
import { workflowSource, type WorkflowSource } from './bundle.js'
import { Collector } from './collect.js'
import { describeSchedule } from './describe-schedule.js'
import { serveHealth } from './health.js'
import { stepLog } from './step-log.js'
import { watchers } from './watchers.js'
import { watchSchedules } from './watch-schedules.js'
import { readWebhook } from './webhook.js'

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
 * @throws SyncError OPTION_INVALID, MASTER_FILE_INVALID, TEMPORAL_UNREACHABLE, PORT_TAKEN
 */
export async function startWorker(
  environment: Environment,
  workflows: WorkflowSource = workflowSource(),
): Promise<RunningWorker> {
  const folder = environment.required('MASTERS_DIR')
  const variables = readMasters(folder).flatMap(({ source, cloud }) => [source.database, cloud.database])
  const masters = (): readonly Master[] => readFolder(folder).masters
  const slots = environment.number('WORKER_SLOTS')
  const leaseMs = environment.number('LEASE_SECONDS') * 1000
  const webhook = readWebhook(environment, redactor(secretsOf(environment, variables)))
  const databases = new Databases({
    url: environment.required,
    // One connection a step, and one for what is short: lease renewals and cancellations, which must never wait for a
    // step, and looks at the ledger.
    poolSize: slots + 1,
    statementTimeoutMs: leaseMs * STATEMENT_SHARE,
  })
  const ledger = (variable: string): Database => databases.get('cloud', variable)
  const begun: { worker?: Worker } = {}
  // First, for what would keep it from being opened needs no connection to tell.
  const health = await openHealth(environment, begun, slots, new Collector(masters, ledger))
  try {
    const { connectionOptions, namespace } = temporalConfig()
    const connection = await NativeConnection.connect(connectionOptions).catch((cause: unknown) => {
      const message = `Temporal at ${connectionOptions.address} does not answer`
      throw new SyncError('TEMPORAL_UNREACHABLE', message, { cause })
    })
    const worker = await Worker.create({
      connection,
      namespace,
      taskQueue: environment.required('TASK_QUEUE'),
      identity: `master-sync ${hostname()} ${process.pid}`,
      ...workflows,
      activities: createActivities({
        loadMaster: (name) => readMaster(folder, name),
        database: databases.get,
        leaseMs,
        listsFolder: folder,
        segmentRows: environment.number('SEGMENT_ROWS'),
        batchRows: environment.number('BATCH_ROWS'),
        webhook,
      }),
      interceptors: { activity: [stepLog] },
      maxConcurrentActivityTaskExecutions: slots,
      maxCachedWorkflows: CACHED_WORKFLOWS,
      stickyQueueScheduleToStartTimeout: leaseMs * STICKY_SHARE,
      // A cancellation reaches a step with the answer to its heartbeat.
      maxHeartbeatThrottleInterval: '2s',
      shutdownGraceTime: SHUTDOWN_GRACE_SECONDS * 1000,
      shutdownForceTime: SHUTDOWN_FORCE_SECONDS * 1000,
    })
    begun.worker = worker
    const client = new Client({ connection, namespace })
    const watch = watchSchedules({
      masters,
      database: ledger,
      describe: (master) => describeSchedule(client, master),
      ...watchers(webhook),
    })
    const stopped = worker.run().finally(async () => {
      health?.close()
      await watch.stop()
      await databases.close()
      await connection.close()
    })
    return { worker, stopped }
  } catch (error) {
    health?.close()
    throw error
  }
}

async function openHealth(
  environment: Environment,
  begun: { readonly worker?: Worker },
  slots: number,
  collector: Collector,
): Promise<Server | undefined> {
  const port = environment.number('HEALTH_PORT')
  if (port === 0) return undefined
  const state = (): string => begun.worker?.getState() ?? 'STARTING'
  return serveHealth(
    {
      state,
      worker: () => ({
        running: state() === 'RUNNING',
        steps: begun.worker?.getStatus().numInFlightActivities ?? 0,
        slots,
      }),
      masters: () => collector.collect(),
    },
    port,
    environment.text('HEALTH_HOST') ?? '127.0.0.1',
  )
}
