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
  const { status } = await client.workflow.getHandle(started.workflowId, started.runId).describe()
  if (status.name === 'RUNNING') return { state: 'waiting' }
  const report = await followRun(app, master, { ...started, how: 'attached' }, () => undefined)
  return report.run > 0 ? { state: 'recorded', run: report.run } : { state: 'ended', report }
}
