import type { Client } from '@temporalio/client'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { releaseLease } from '../db/lease.js'
import { requireLedger } from '../db/migrate.js'
import { readRun, storeClose, type StoredRun } from '../db/runs.js'
import type { App } from './app.js'
import { reportOf } from './runs.js'
import type { StartedRun } from './start.js'

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
      await storeClose(cloud, { ...reportOf(found), outcome: 'cancelled' }, null)
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
  { workflowId, executionId }: Pick<StoredRun, 'workflowId' | 'executionId'>,
): Promise<'running' | 'ended' | 'unknown'> {
  try {
    const { raw, status } = await client.workflow.getHandle(workflowId).describe()
    const isLast = raw.workflowExecutionInfo?.firstRunId === executionId
    return status.name === 'RUNNING' && isLast ? 'running' : 'ended'
  } catch (cause) {
    const { isRunUnknown } = await import('./temporal-failures.js')
    if (!isRunUnknown(cause)) throw cause
    return 'unknown'
  }
}
