import { WorkflowNotFoundError, type ScheduleDescription } from '@temporalio/client'
import { SyncError } from '../../core/errors.js'
import type { Master } from '../../core/master.js'
import type { RunFailure } from '../../core/report.js'
import { formatSpan } from '../../core/span.js'
import { lastClosed, type ClosedRun } from '../../db/copy-state.js'
import { findRun } from '../../db/runs.js'
import type { App } from '../app.js'
import { followRun } from '../follow.js'
import { examine, type Examined } from './examine.js'

/** How the last run ended: as the ledger has it, or, where it could not even be recorded, as Temporal has. */
export function examineLastRun(
  app: App,
  master: Master,
  schedule: ScheduleDescription | undefined,
): Promise<Examined> {
  const { master: name } = master
  return examine({ check: 'last_run', master: name }, async () => {
    const last = await app.onCloud(master, (cloud) => lastClosed(cloud, name))
    const unrecorded = await failedToOpen(app, master, last, schedule)
    if (unrecorded !== undefined)
      return {
        seen: unrecorded.workflowId,
        findings: [failed(name, unrecorded.workflowId, unrecorded.failure)],
      }
    if (last === undefined) return { seen: 'none yet' }
    const seen = `run ${last.run} ${last.outcome.replaceAll('_', ' ')}, ${formatSpan(last.age)} ago`
    if (last.outcome !== 'failed') return { seen }
    return { seen, findings: [failed(name, `run ${last.run}`, last.failure)] }
  })
}

interface Unrecorded {
  readonly workflowId: string
  readonly failure: RunFailure | null
}

/** The last run that the schedule started, where it failed and came after all that the ledger knows. */
async function failedToOpen(
  app: App,
  master: Master,
  last: ClosedRun | undefined,
  schedule: ScheduleDescription | undefined,
): Promise<Unrecorded | undefined> {
  const action = schedule?.info.recentActions.at(-1)
  if (action === undefined) return undefined
  if (last !== undefined && action.takenAt.getTime() < Date.now() - last.age * 1000) return undefined
  const { workflowId, firstExecutionRunId: runId } = action.action.workflow
  if ((await app.onCloud(master, (cloud) => findRun(cloud, runId))) !== undefined) return undefined
  const client = await app.temporal()
  const status = await client.workflow
    .getHandle(workflowId, runId)
    .describe()
    .then((description) => description.status.name)
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined
      throw error
    })
  if (status !== 'FAILED' && status !== 'TERMINATED' && status !== 'TIMED_OUT') return undefined
  return { workflowId, failure: await failureOf(app, master, { workflowId, runId }) }
}

async function failureOf(
  app: App,
  master: Master,
  run: { readonly workflowId: string; readonly runId: string },
): Promise<RunFailure | null> {
  try {
    const report = await followRun(app, master, { ...run, how: 'attached' }, () => undefined)
    return report.failure
  } catch (error) {
    if (!(error instanceof SyncError)) throw error
    return { code: error.code, message: error.message, remedy: '' }
  }
}

function failed(master: string, run: string, failure: RunFailure | null): SyncError {
  const { code, message, remedy } = failure ?? { code: 'UNKNOWN', message: 'it does not say why', remedy: '' }
  return new SyncError('LAST_RUN_FAILED', `${run} of ${master} failed: [${code}] ${message}`, {
    remedy: [...(remedy === '' ? [] : [remedy]), `then: master-sync start-sync ${master}`].join('\n'),
  })
}
