import { setTimeout as delay } from 'node:timers/promises'
import {
  ApplicationFailure,
  type Client,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client'
import { defaultPayloadConverter, type Payload } from '@temporalio/common'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { reportSchema, type RunReport } from '../core/report.js'
import { findRun } from '../db/runs.js'
import type { Progress } from '../workflows/state.js'
import type { App } from './app.js'
import type { StartedRun } from './start.js'

/** What is seen of a run from outside. */
export interface Sight {
  /** undefined while no worker answers. */
  readonly progress: Progress | undefined
  /** Why a step is being tried again, in the step's own words. */
  readonly retrying: string | undefined
}

const POLL_MS = 300
/** A question that is not answered by then is asked again with the next look. */
const LOOK_MS = 3_000
/** How long Temporal may be away before a command stops following; the run itself goes on. */
const PATIENCE_MS = 60_000

/** Follows a run to its end. */
export async function followRun(
  app: App,
  master: Master,
  started: StartedRun,
  onSight: (sight: Sight) => void,
): Promise<RunReport> {
  const client = await app.temporal()
  const ended = new AbortController()
  const watching = watch(client, started, onSight, ended.signal)
  try {
    return await result(app, client, master, started)
  } finally {
    ended.abort()
    await watching
  }
}

async function watch(
  client: Client,
  started: StartedRun,
  onSight: (sight: Sight) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const sight = await look(client, started).catch(() => undefined)
    if (signal.aborted) return
    if (sight !== undefined) onSight(sight)
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined)
  }
}

/** Looks at a run once. */
export async function look(client: Client, started: Pick<StartedRun, 'workflowId'>): Promise<Sight> {
  const handle = client.workflow.getHandle(started.workflowId)
  const soon = <T>(ask: () => Promise<T>): Promise<T | undefined> =>
    client.connection.withDeadline(Date.now() + LOOK_MS, ask).catch(() => undefined)
  const [progress, description] = await Promise.all([
    soon(() => handle.query<Progress>('progress')),
    soon(() => handle.describe()),
  ])
  const steps = description?.raw.pendingActivities ?? []
  const copied = steps.reduce((sum, step) => sum + rowsOf(step.heartbeatDetails?.payloads?.[0]), 0)
  return {
    progress: progress === undefined ? undefined : withRows(progress, copied),
    retrying: steps.map((step) => step.lastFailure?.message).find((message) => message) ?? undefined,
  }
}

/** Rows that a step under way has copied so far, from its heartbeat. */
function rowsOf(payload: Payload | undefined): number {
  const rows: unknown = payload === undefined ? 0 : defaultPayloadConverter.fromPayload(payload)
  return typeof rows === 'number' ? rows : 0
}

/** The workflow counts a segment's rows when it is done; those of steps under way come on top. */
function withRows(progress: Progress, copied: number): Progress {
  if (progress.phase !== 'apply') return progress
  const { done, total } = progress.rows
  return { ...progress, rows: { done: Math.min(total, done + copied), total } }
}

async function result(
  app: App,
  client: Client,
  master: Master,
  { workflowId, runId }: StartedRun,
): Promise<RunReport> {
  let lastAnswer = performance.now()
  for (;;) {
    const asked = performance.now()
    try {
      return reportSchema.parse(await client.workflow.getHandle(workflowId, runId).result())
    } catch (error) {
      if (error instanceof WorkflowFailedError)
        return await reportOfFailed(app, master, error, workflowId, runId)
      if (error instanceof WorkflowNotFoundError) {
        const stored = await storedReport(app, master, runId)
        if (stored === undefined) throw error
        return stored
      }
      // A long poll that lasted was an answer of a kind; what counts is how long nothing came at all.
      if (performance.now() - asked > 10_000) lastAnswer = performance.now()
      if (performance.now() - lastAnswer > PATIENCE_MS) {
        throw new SyncError(
          'TEMPORAL_UNREACHABLE',
          `Temporal has not answered for a minute; the run ${workflowId} goes on when it is back`,
          { cause: error },
        )
      }
      await delay(1_000)
    }
  }
}

/** A failed run carries its report; that of a cancelled or terminated one is in the ledger, if anywhere. */
async function reportOfFailed(
  app: App,
  master: Master,
  error: WorkflowFailedError,
  workflowId: string,
  runId: string,
): Promise<RunReport> {
  if (error.cause instanceof ApplicationFailure) {
    const parsed = reportSchema.safeParse(error.cause.details?.[0])
    if (parsed.success) return parsed.data
  }
  const stored = await storedReport(app, master, runId)
  if (stored !== undefined) return stored
  throw new SyncError(
    'RUN_UNKNOWN',
    `the run ${workflowId} ended without a report: ${error.cause?.message ?? error.message}`,
  )
}

async function storedReport(app: App, master: Master, runId: string): Promise<RunReport | undefined> {
  const stored = await app.onCloud(master, (cloud) => findRun(cloud, runId))
  return stored?.report ?? undefined
}
