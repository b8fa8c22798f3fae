import type { Client } from '@temporalio/client'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import type { RunReport } from '../core/report.js'
import { findRun } from '../db/runs.js'
import type { App } from './app.js'
import { followRun } from './follow.js'
import type { StartedRun } from './start.js'

/** What has become of a run that was started just now. */
export type Begun =
  | { readonly state: 'recorded'; readonly run: number }
  /** Nobody has taken it up yet. */
  | { readonly state: 'waiting' }
  /** It ended before it could be recorded. */
  | { readonly state: 'ended'; readonly report: RunReport }

/** @throws SyncError RUN_UNKNOWN, TEMPORAL_UNREACHABLE */
export async function begunRun(
  app: App,
  master: Master,
  started: Pick<StartedRun, 'workflowId' | 'runId'>,
): Promise<Begun> {
  const stored = await app.onCloud(master, (cloud) => findRun(cloud, started.runId))
  if (stored !== undefined) return { state: 'recorded', run: stored.run }
  const client = await app.temporal()
  if (await isRunning(client, started)) return { state: 'waiting' }
  const report = await followRun(app, master, { ...started, how: 'attached' }, () => undefined)
  return report.run > 0 ? { state: 'recorded', run: report.run } : { state: 'ended', report }
}

async function isRunning(
  client: Client,
  { workflowId, runId }: Pick<StartedRun, 'workflowId' | 'runId'>,
): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId, runId).describe()
    return status.name === 'RUNNING'
  } catch (cause) {
    const { isRunUnknown } = await import('./temporal-failures.js')
    if (!isRunUnknown(cause)) throw cause
    throw new SyncError('RUN_UNKNOWN', `Temporal does not know the run ${workflowId}`, { cause })
  }
}
