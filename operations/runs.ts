import type { Client } from '@temporalio/client'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { reportSchema, type Mode, type RunReport } from '../core/report.js'
import type { Reject } from '../core/results.js'
import { releaseLease } from '../db/lease.js'
import { requireLedger } from '../db/migrate.js'
import { listRejects } from '../db/rejects.js'
import { closeRun, findRun, listRuns, readRun, type StoredRun } from '../db/runs.js'
import { formatKey } from '../core/ids.js'
import { emptyReport } from '../core/empty-report.js'
import type { App } from './app.js'
import type { StartedRun } from './start.js'

const REJECTS_SHOWN = 100

/** The last runs of a master, newest first; one under way has outcome null. */
export function lastRuns(app: App, master: Master, limit: number): Promise<readonly RunReport[]> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    return (await listRuns(cloud, master.master, limit)).map(reportOf)
  })
}

export interface RunDetail {
  readonly report: RunReport
  /** Rows of the master that the cloud refuses at present. */
  readonly rejects: readonly Reject[]
}

/** @throws SyncError RUN_UNKNOWN */
export function oneRun(app: App, master: Master, run: number): Promise<RunDetail> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    const found = await readRun(cloud, run)
    if (found === undefined) throw new SyncError('RUN_UNKNOWN', `there is no run ${run}`)
    const rejects = await listRejects(cloud, found.master, REJECTS_SHOWN)
    return {
      report: reportOf(found),
      rejects: rejects.map(({ key, ...refusal }) => ({ id: formatKey(key), ...refusal })),
    }
  })
}

/**
 * Asks a run to stop. What it has written stays; the run closes in order. One that was terminated in Temporal could
 * not close itself: it is closed here.
 * @param lost close it even where Temporal does not know it; should it be under way in another, it may write no more
 * @throws SyncError RUN_UNKNOWN
 */
export async function cancelRun(app: App, master: Master, run: number, lost = false): Promise<StartedRun> {
  const found = await app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    return readRun(cloud, run)
  })
  if (found === undefined) throw new SyncError('RUN_UNKNOWN', `there is no run ${run}`)
  if (found.report !== null)
    throw new SyncError('RUN_UNKNOWN', `run ${run} has ended: ${found.report.outcome ?? 'unknown'}`)
  const client = await app.temporal()
  const { workflowId, executionId } = found
  const fate = await fateOf(client, found)
  if (fate === 'unknown' && !lost) {
    const message = `Temporal does not know ${workflowId} of run ${run}: it is another server or namespace, or keeps its past for a shorter time`
    throw new SyncError('RUN_UNKNOWN', message, {
      remedy: `Check TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE. If they are right, close the run: master-sync cancel ${run} --lost --master ${found.master}`,
    })
  }
  if (fate === 'running') {
    await client.workflow.getHandle(workflowId, undefined, { firstExecutionRunId: executionId }).cancel()
  } else {
    await app.onCloud(master, async (cloud) => {
      await closeRun(cloud, { ...reportOf(found), outcome: 'cancelled' }, null)
      await releaseLease(cloud, found.master, run)
    })
  }
  return { workflowId, runId: executionId, how: 'attached' }
}

/**
 * What Temporal knows of a run. Of the executions of one workflow id only the last can be running; it may have gone
 * on as new a few times.
 */
export async function fateOf(
  client: Client,
  { workflowId, executionId }: StoredRun,
): Promise<'running' | 'ended' | 'unknown'> {
  try {
    const { raw, status } = await client.workflow.getHandle(workflowId).describe()
    const isLast = raw.workflowExecutionInfo?.firstRunId === executionId
    return status.name === 'RUNNING' && isLast ? 'running' : 'ended'
  } catch (cause) {
    const { WorkflowNotFoundError } = await import('@temporalio/client')
    if (!(cause instanceof WorkflowNotFoundError)) throw cause
    return 'unknown'
  }
}

function reportOf(stored: StoredRun): RunReport {
  if (stored.report !== null) return reportSchema.parse(stored.report)
  return emptyReport({
    run: stored.run,
    master: stored.master,
    mode: stored.mode,
    startedAt: stored.startedAt.toISOString(),
    seconds: (Date.now() - stored.startedAt.getTime()) / 1000,
    workflow: { id: stored.workflowId, run_id: stored.executionId },
  })
}

/** The report of a run that has just been started, as it is so far; `run` is 0 until it is recorded. */
export async function startedReport(
  app: App,
  master: Master,
  started: StartedRun,
  mode: Mode,
): Promise<RunReport> {
  const stored = await app.onCloud(master, (cloud) => findRun(cloud, started.runId))
  if (stored !== undefined) return reportOf(stored)
  return emptyReport({
    run: 0,
    master: master.master,
    mode,
    startedAt: new Date().toISOString(),
    seconds: 0,
    workflow: { id: started.workflowId, run_id: started.runId },
  })
}
