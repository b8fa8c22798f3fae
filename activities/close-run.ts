import { Context } from '@temporalio/activity'
import { parseDuration } from '../core/duration.js'
import { emptyReport } from '../core/empty-report.js'
import { SyncError } from '../core/errors.js'
import { knownColumns } from '../core/layout.js'
import type { Mode, RowCounts, RunFailure, RunReport } from '../core/report.js'
import type { RunTask } from '../core/task.js'
import { isDatabaseFailure, readFailure } from '../db/failures.js'
import { forgetHistory } from '../db/history.js'
import { storeFirstColumns, storeKnownColumns } from '../db/known-columns.js'
import { holdsLease, releaseLease } from '../db/lease.js'
import { putOnHold, holdAfterUndo } from '../db/holds.js'
import { askHeld, dropAnswered, dropPlan } from '../db/questions.js'
import { forgetSettled } from '../db/rejects.js'
import { newRun, readContext, readRun, recordRun, storeClose, type RunContext } from '../db/runs.js'
import { inSession, READ_COMMITTED, transaction, type Session } from '../db/session.js'
import type { ActivityDeps, RunRef, Traffic } from './deps.js'
import type { ProvenSegment } from './prove-segment.js'
import { makeReport, readMissing } from './report.js'
import { asActivity, databasesOf, executionIds } from './step.js'

export interface CloseRunInput extends RunTask {
  readonly master: string
  readonly mode: Mode
  /** Missing where the run could not be opened. */
  readonly ref?: RunRef
  readonly wal?: number
  readonly bytes: Traffic
  readonly seconds: RunReport['seconds']
  readonly startedAt: string
  /** Rows that a step had to see to. */
  readonly work: number
  readonly proof: ProvenSegment
  /** Of an undo: what it has taken back. */
  readonly undone?: Partial<RowCounts>
  readonly ended:
    | { readonly kind: 'finished' }
    | { readonly kind: 'cancelled' }
    | { readonly kind: 'failed'; readonly failure: RunFailure }
}

/** Writes the report and releases the lease. A run that could not even be recorded gets a report without a number. */
export function closeRun(deps: ActivityDeps): (input: CloseRunInput) => Promise<RunReport> {
  return asActivity(async (input: CloseRunInput) => {
    // The ledger at hand is not the run's.
    if (input.ended.kind === 'failed' && input.ended.failure.code === 'WORKER_ELSEWHERE')
      return blank(input, 0)
    try {
      // An open run closes by what it was opened with, whatever has become of the master's file.
      const names = input.ref ?? databasesOf(deps.loadMaster(input.master))
      return await inSession(deps.database('cloud', names.cloud), async (cloud) => {
        const run = input.ref?.run ?? (await record(deps, cloud, input))
        const report = await close(deps, cloud, input, run)
        await forgetOld(cloud, input, run)
        await releaseLease(cloud, input.master, run)
        return report
      })
    } catch (error) {
      // What kept the run from opening keeps it from being recorded as well; it is told all the same.
      const given = input.ref === undefined && input.ended.kind !== 'finished'
      if (!given || (passes(error) && Context.current().info.attempt < ATTEMPTS)) throw error
      return blank(input, 0)
    }
  })
}

/** Whether another attempt may fare better; a ledger that is not there refuses every one. */
function passes(error: unknown): boolean {
  if (error instanceof SyncError) return false
  return !isDatabaseFailure(error) || readFailure(error).verdict !== 'person'
}

/** How often the recording of a run that could not be opened is tried. */
const ATTEMPTS = 4

function record(deps: ActivityDeps, cloud: Session, input: CloseRunInput): Promise<number> {
  return recordRun(cloud, newRun(deps.loadMaster(input.master), input.mode, input, executionIds()))
}

/** The report, and with it all that the end of a run settles: in one transaction, once. */
async function close(
  deps: ActivityDeps,
  cloud: Session,
  input: CloseRunInput,
  run: number,
): Promise<RunReport> {
  const context = await readContext(cloud, run)
  const standing = await readRun(cloud, run)
  if (standing?.report) return standing.report
  const finished = input.ended.kind === 'finished'
  // Before the transaction: a source that is slow keeps nobody waiting.
  const missing = await readMissing(deps, cloud, input, context)
  return transaction(cloud, READ_COMMITTED, async () => {
    // One that was taken over after its last step has no say in what is asked, nor in what the next runs go by.
    const mine = input.ref !== undefined && (await holdsLease(cloud, { ...input.ref, run }))
    const full = context !== undefined && finished && mine && isFull(input)
    if (finished && input.mode === 'apply') await forgetSettled(cloud, input.master, run, context?.only)
    const within = parseDuration(context?.master.guards.approval_within ?? '') ?? 0
    const report = await makeReport(cloud, input, context, blank(input, run), missing, () =>
      full ? askHeld(cloud, input.master, run, within) : Promise.resolve(undefined),
    )
    if (report.question?.run !== run) await dropPlan(cloud, run)
    else await dropPlan(cloud, run, { but: 'held' })
    if (input.answers !== undefined) await dropAnswered(cloud, input.answers, run)
    // Somebody may have lifted the hold while the undo was under way: it is for what comes after.
    if (finished && input.undoes !== undefined)
      await putOnHold(cloud, input.master, holdAfterUndo(input.undoes, run, input.by))
    if (full) await remember(cloud, context, report)
    // Whatever has written rows first, its columns are known from then on.
    else if (context !== undefined && finished && input.mode === 'apply' && input.undoes === undefined)
      await storeFirstColumns(cloud, input.master, knownColumns(context.layout))
    await storeClose(cloud, report, report.failure)
    return report
  })
}

/** What is old enough to be forgotten, after every full run; where that fails, the next one does it. */
async function forgetOld(cloud: Session, input: CloseRunInput, run: number): Promise<void> {
  const context = await readContext(cloud, run)
  if (context === undefined || input.ended.kind !== 'finished' || !isFull(input)) return
  const keep = parseDuration(context.master.history.keep) ?? Infinity
  await forgetHistory(cloud, input.master, run, keep).catch(() => undefined)
}

/** A run that looked at every row, and was free to write what it found. */
function isFull({ mode, only, answers, undoes }: CloseRunInput): boolean {
  return mode === 'apply' && only === undefined && answers === undefined && undoes === undefined
}

/** What the next runs go by. */
async function remember(cloud: Session, { master, layout }: RunContext, report: RunReport): Promise<void> {
  // While edits wait for an answer, it stays known that their columns were protected.
  if (!report.held.some(({ kind }) => kind === 'edits'))
    await storeKnownColumns(cloud, master.master, knownColumns(layout))
}

function blank(input: CloseRunInput, run: number): RunReport {
  const { workflowId, executionId } = executionIds()
  const { master, mode, startedAt, seconds, bytes, ended, by, answers, undoes } = input
  return {
    ...emptyReport({
      run,
      master,
      mode,
      startedAt,
      seconds: seconds.total,
      workflow: { id: workflowId, run_id: executionId },
    }),
    kind: undoes === undefined ? 'sync' : 'undo',
    outcome: ended.kind === 'finished' ? 'nothing_to_do' : ended.kind,
    seconds,
    bytes,
    started_by: by ?? null,
    answers: answers ?? null,
    undoes: undoes ?? null,
    failure: ended.kind === 'failed' ? ended.failure : null,
  }
}
