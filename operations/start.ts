import { randomUUID } from 'node:crypto'
import {
  ScheduleOverlapPolicy,
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type ScheduleDescription,
} from '@temporalio/client'
import { SyncError } from '../core/errors.js'
import { parseKey, type Key } from '../core/ids.js'
import type { Master } from '../core/master.js'
import { scheduleId, summaryOf, workflowName } from '../core/names.js'
import type { Mode } from '../core/report.js'
import { noteStarter } from '../db/answers.js'
import { asKeyOf, checkLedgerAccess, checkOnly } from '../db/checks.js'
import { readInstallation } from '../db/installation.js'
import { requireLedger } from '../db/migrate.js'
import { readLayout } from '../db/read-layout.js'
import type { ImportInput, SyncInput } from '../workflows/messages.js'
import type { App } from './app.js'
import { checkOwner, describeSchedule } from './found-schedule.js'
import { waitForTemporal } from './wait.js'

export interface StartOptions {
  readonly mode: Mode
  /** Ids as typed; empty: all. */
  readonly only: readonly string[]
  /** The limits, kept edits and a hold of the master are waived. */
  readonly approve?: boolean
  /** Who asks; without it as OPERATOR says. */
  readonly by?: string
}

export interface StartedRun {
  readonly workflowId: string
  readonly runId: string
  /** attached: a run was under way and is followed instead. */
  readonly how: 'started' | 'attached'
}

/** The design's bounds on `--only`; a longer list is a full run. */
export const ONLY_ROWS = 1_000
const ONLY_BYTES = 48 * 1024

const WORKFLOW = 'syncMaster'

/**
 * Starts a run, or attaches to the one that is under way. A plain run goes through the master's schedule, so that
 * the two are never under way at once; other modes are workflows of their own and queue for the lease.
 */
export async function startSync(app: App, master: Master, options: StartOptions): Promise<StartedRun> {
  const { only, ledger } = await lookAhead(
    app,
    master,
    options.only.map((text) => parseKey(text, master.source.key)),
  )
  const client = await app.temporal()
  const approve = options.approve === true
  if (approve && master.guards.approval_by_another)
    throw new SyncError('APPROVER_IS_STARTER', `of ${master.master} nobody approves alone what they start`, {
      remedy: 'Start it without --approve, and let another person approve what it asks.',
    })
  const by = options.by ?? app.operator
  const input: SyncInput = {
    ...inputOf(app, master, options.mode, ledger, by),
    ...(only.length > 0 && isBounded(only) ? { only } : {}),
    ...(approve ? { approve } : {}),
  }
  if (options.mode !== 'apply' || only.length > 0 || approve) {
    const what = input.only === undefined ? options.mode : `${options.mode}, ${input.only.length} id(s)`
    const name = input.only === undefined ? options.mode : 'only'
    return startOwn(app, client, master, input, { name, summary: approve ? `${what}, approved` : what })
  }
  const scheduled = await startThroughSchedule(client, master, ledger)
  if (scheduled === undefined)
    return startSingle(app, client, master, input, { workflowId: workflowName(master), summary: 'sync' })
  if (scheduled.how === 'started')
    await app.onCloud(master, (cloud) => noteStarter(cloud, scheduled.runId, by))
  return scheduled
}

/**
 * What would keep the run from beginning at all is told at once, rather than by a run that fails.
 * @returns the keys of `--only` as the list and the ledger write them, and which ledger it is
 */
function lookAhead(
  app: App,
  master: Master,
  typed: readonly Key[],
): Promise<{ readonly only: readonly Key[]; readonly ledger: string }> {
  return app.onSource(master, (source) =>
    app.onCloud(master, async (cloud) => {
      await checkLedgerAccess(cloud)
      await requireLedger(cloud)
      const ledger = await readInstallation(cloud)
      if (typed.length === 0) return { only: [], ledger }
      const layout = await readLayout(source, cloud, master)
      const columns = layout.key.map((column) => column.source)
      const keys = typed.map((key) => asKeyOf(columns, key))
      await checkOnly(source, cloud, layout, master.master, keys)
      return { only: keys, ledger }
    }),
  )
}

function isBounded(only: readonly Key[]): boolean {
  return only.length <= ONLY_ROWS && Buffer.byteLength(JSON.stringify(only)) <= ONLY_BYTES
}

/** What every run that a person starts is told. */
export function inputOf(app: App, master: Master, mode: Mode, ledger: string, by: string): SyncInput {
  return { master: master.master, mode, ledger, leaseMs: app.leaseMs, by }
}

/** Starts a workflow of its own, which queues for the lease. */
export async function startOwn(
  app: App,
  client: Client,
  master: Master,
  input: SyncInput,
  { name, summary }: { readonly name: string; readonly summary: string },
): Promise<StartedRun> {
  const handle = await client.workflow.start(WORKFLOW, {
    workflowId: `${workflowName(master)}-${name}-${randomUUID()}`,
    taskQueue: app.taskQueue,
    args: [input],
    staticSummary: summaryOf(master, summary),
  })
  return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId, how: 'started' }
}

interface Named {
  readonly workflowId: string
  readonly summary: string
}

/** Starts a sync under that id, or attaches to it where it is under way. */
export function startSingle(
  app: App,
  client: Client,
  master: Master,
  input: SyncInput,
  named: Named,
): Promise<StartedRun> {
  return startOnce(app, client, master, WORKFLOW, input, named)
}

/** The same with an import. */
export function startImportRun(
  app: App,
  client: Client,
  master: Master,
  input: ImportInput,
  named: Named,
): Promise<StartedRun> {
  return startOnce(app, client, master, 'importMaster', input, named)
}

async function startOnce(
  app: App,
  client: Client,
  master: Master,
  workflow: string,
  input: SyncInput | ImportInput,
  { workflowId, summary }: Named,
): Promise<StartedRun> {
  try {
    const handle = await client.workflow.start(workflow, {
      workflowId,
      // Of two people at once one starts it, and the other is to know.
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      taskQueue: app.taskQueue,
      args: [input],
      staticSummary: summaryOf(master, summary),
    })
    return { workflowId, runId: handle.firstExecutionRunId, how: 'started' }
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    const { raw, runId } = await client.workflow.getHandle(workflowId).describe()
    const first = raw.workflowExecutionInfo?.firstRunId ?? ''
    return { workflowId, runId: first === '' ? runId : first, how: 'attached' }
  }
}

/**
 * @returns undefined where the master has no schedule
 * @throws SyncError SCHEDULE_ELSEWHERE
 */
async function startThroughSchedule(
  client: Client,
  master: Master,
  ledger: string,
): Promise<StartedRun | undefined> {
  const handle = client.schedule.getHandle(scheduleId(master))
  const before = await describeSchedule(client, master, 'sync')
  if (before === undefined) return undefined
  checkOwner(scheduleId(master), before, ledger)
  const running = lastRunning(before)
  if (running !== undefined) return { ...running, how: 'attached' }
  const known = new Set(before.info.recentActions.map((action) => action.action.workflow.firstExecutionRunId))
  // The default of the client is ALLOW_ALL, which would start a second run beside one that has just begun.
  await handle.trigger(ScheduleOverlapPolicy.SKIP)
  // Trigger answers nothing: the run shows as a new action, or, where it was skipped, as the run that was faster.
  return waitForTemporal('the schedule to start the run', async () => {
    const now = await describeSchedule(client, master, 'sync')
    if (now === undefined)
      throw new SyncError('SCHEDULE_MISSING', `the schedule of ${master.master} was removed meanwhile`)
    const started = now.info.recentActions
      .map((action) => action.action.workflow)
      .find((run) => !known.has(run.firstExecutionRunId))
    if (started !== undefined)
      return { workflowId: started.workflowId, runId: started.firstExecutionRunId, how: 'started' } as const
    const other = lastRunning(now)
    return other === undefined ? undefined : ({ ...other, how: 'attached' } as const)
  })
}

function lastRunning(
  description: ScheduleDescription,
): { readonly workflowId: string; readonly runId: string } | undefined {
  const action = description.info.runningActions.at(-1)
  return action === undefined
    ? undefined
    : { workflowId: action.workflow.workflowId, runId: action.workflow.firstExecutionRunId }
}
