import { Context } from '@temporalio/activity'
import { parseDuration } from '../core/duration.js'
import { emptyReport } from '../core/empty-report.js'
import { SyncError } from '../core/errors.js'
import { knownColumns } from '../core/layout.js'
import type { RunReport } from '../core/report.js'
import { questionsOf } from '../db/answers.js'
import { isDatabaseFailure, readFailure } from '../db/failures.js'
import { forgetHistory } from '../db/history.js'
import { countHeld, readHeld } from '../db/held.js'
import { storeFirstColumns, storeKnownColumns } from '../db/known-columns.js'
import { holdsLease, releaseLease } from '../db/lease.js'
import { putOnHold, holdAfterUndo } from '../db/holds.js'
import { askHeld, dropAnswered, dropPlan } from '../db/questions.js'
import { forgetSettled } from '../db/rejects.js'
import {
  newRun,
  noteQuestion,
  readContext,
  readRun,
  recordRun,
  storeClose,
  type RunContext,
} from '../db/runs.js'
import { inSession, READ_COMMITTED, transaction, type Session } from '../db/session.js'
import { carryPublications, readDates } from './carry-publications.js'
import type { ActivityDeps } from './deps.js'
import type { CloseRunInput } from './ended-run.js'
import { makeReport, readMissing, type HeldBack } from './report.js'
import { asActivity, databasesOf, executionIds } from './step.js'

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
        const context = await readContext(cloud, run)
        const report = await close(deps, cloud, input, run, context)
        await forgetOld(cloud, input, context)
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
  context: RunContext | undefined,
): Promise<RunReport> {
  const standing = await readRun(cloud, run)
  if (standing?.report) return standing.report
  const finished = input.ended.kind === 'finished'
  // Before the transaction: a source that is slow keeps nobody waiting.
  const missing = await readMissing(deps, cloud, input, context)
  const dates =
    input.ref === undefined || context === undefined || !finished || !isFull(input)
      ? undefined
      : await readDates(deps, input.ref.source, context.layout.source.table)
  return transaction(cloud, READ_COMMITTED, async () => {
    // One that was taken over after its last step has no say in what is asked, nor in what the next runs go by.
    const mine = input.ref !== undefined && (await holdsLease(cloud, { ...input.ref, run }))
    const full = context !== undefined && finished && mine && isFull(input)
    if (finished && input.mode === 'apply') await forgetSettled(cloud, input.master, run, context?.only)
    const within = parseDuration(context?.master.guards.approval_within ?? '') ?? 0
    const held = finished
      ? await settleHeld(cloud, input.master, run, full ? within : undefined)
      : NOTHING_HELD
    if (full && dates !== undefined) await carryPublications(cloud, input.master, run, dates)
    const report = await makeReport(cloud, input, context, blank(input, run), missing, held)
    await dropPlan(cloud, run, held.question?.run === run ? { but: 'held' } : undefined)
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

const NOTHING_HELD: HeldBack = { counts: {}, kinds: [], question: null }

/**
 * What a run has held back, and the question that stands for it.
 * @param within seconds that a question waits for its answer; missing: the run is none that asks
 */
async function settleHeld(
  cloud: Session,
  master: string,
  run: number,
  within: number | undefined,
): Promise<HeldBack> {
  const counted = { counts: await countHeld(cloud, run), kinds: await readHeld(cloud, run) }
  const asked = within === undefined ? undefined : await askHeld(cloud, master, run, within)
  if (asked === undefined) return { ...counted, question: null }
  await noteQuestion(cloud, run, asked)
  const found = (await questionsOf(cloud, [run])).get(run)
  if (found === undefined) return { ...counted, question: null }
  const { startedBy: _, about: __, ...question } = found
  return { ...counted, question }
}

/** What is old enough to be forgotten, after every full run; where that fails, the next one does it. */
async function forgetOld(
  cloud: Session,
  input: CloseRunInput,
  context: RunContext | undefined,
): Promise<void> {
  if (context === undefined || input.ended.kind !== 'finished' || !isFull(input)) return
  const keep = parseDuration(context.master.history.keep) ?? Infinity
  await forgetHistory(cloud, input.master, context.run, keep).catch(() => undefined)
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
  const { master, mode, startedAt, seconds, bytes, ended, by, only, answers, undoes } = input
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
    only: only?.length ?? null,
    seconds,
    bytes,
    started_by: by ?? null,
    answers: answers ?? null,
    undoes: undoes ?? null,
    failure: ended.kind === 'failed' ? ended.failure : null,
  }
}
