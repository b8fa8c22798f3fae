import { Context } from '@temporalio/activity'
import { emptyReport, NO_ROWS } from '../core/empty-report.js'
import { SyncError } from '../core/errors.js'
import type { Key } from '../core/ids.js'
import {
  differences,
  type Mode,
  type Outcome,
  type RowCounts,
  type RunFailure,
  type RunReport,
} from '../core/report.js'
import { isDatabaseFailure, readFailure } from '../db/failures.js'
import type { PlanCounts } from '../db/ledger.js'
import { releaseLease } from '../db/lease.js'
import { samplePlan } from '../db/plan-rows.js'
import { sampleMissing, type MissingId } from '../db/missing.js'
import { countRejects, forgetSettled } from '../db/rejects.js'
import { closeRun as storeClose, readContext, recordRun, walPosition, type RunContext } from '../db/runs.js'
import { sumSegments, type RunTotals } from '../db/segments.js'
import { inSession, type Session } from '../db/session.js'
import type { ActivityDeps, RunRef, Traffic } from './deps.js'
import type { ProvenSegment } from './prove-segment.js'
import { asActivity, databasesOf, executionIds } from './step.js'

export interface CloseRunInput {
  readonly master: string
  readonly mode: Mode
  readonly only?: readonly Key[]
  /** Missing where the run could not be opened. */
  readonly ref?: RunRef
  readonly wal?: number
  readonly bytes: Traffic
  readonly seconds: RunReport['seconds']
  readonly startedAt: string
  /** Rows that a step had to see to. */
  readonly work: number
  readonly proof: ProvenSegment
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
        const context = await readContext(cloud, run)
        const report = await makeReport(deps, cloud, input, run, context)
        await storeClose(cloud, report, report.failure)
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

function record(deps: ActivityDeps, cloud: Session, { master, mode, only }: CloseRunInput): Promise<number> {
  return recordRun(cloud, { master: deps.loadMaster(master), mode, only, ...executionIds() })
}

function blank(input: CloseRunInput, run: number): RunReport {
  const { workflowId, executionId } = executionIds()
  const { master, mode, startedAt, seconds, bytes, ended } = input
  return {
    ...emptyReport({
      run,
      master,
      mode,
      startedAt,
      seconds: seconds.total,
      workflow: { id: workflowId, run_id: executionId },
    }),
    outcome: ended.kind === 'finished' ? 'nothing_to_do' : ended.kind,
    seconds,
    bytes,
    failure: ended.kind === 'failed' ? ended.failure : null,
  }
}

async function makeReport(
  deps: ActivityDeps,
  cloud: Session,
  input: CloseRunInput,
  run: number,
  context: RunContext | undefined,
): Promise<RunReport> {
  const totals = await sumSegments(cloud, run)
  const missing = totals.listed - totals.present
  const finished = input.ended.kind === 'finished'
  if (finished && input.mode === 'apply') await forgetSettled(cloud, input.master, run, context?.only)
  const rejected = await countRejects(cloud, input.master)
  const rows: RowCounts =
    input.mode === 'apply'
      ? { ...writtenRows(totals, input.proof, await countRejects(cloud, input.master, run)), rejected }
      : { ...plannedRows(totals), rejected }
  return {
    ...blank(input, run),
    outcome: finished ? outcomeOf(input, rows, rejected) : blank(input, run).outcome,
    targets: totals.listed,
    missing,
    missing_ids:
      missing > 0 && finished && context !== undefined && context.only === undefined
        ? [...(await readMissing(deps, input, context))]
        : [],
    // A run that broke off has not looked at every row.
    rows: finished ? rows : { ...rows, unchanged: 0 },
    wal: input.wal === undefined ? 0 : Math.max(0, (await walPosition(cloud)) - input.wal),
    equal: finished ? equality(input, rows) : null,
    unequal_ids: input.mode === 'verify' ? [...(await samplePlan(cloud, run))] : [...input.proof.sample],
  }
}

function outcomeOf(input: CloseRunInput, rows: RowCounts, rejected: number): Outcome {
  if (rejected > 0) return 'completed_with_rejects'
  return input.work === 0 && rows.moved === 0 ? 'nothing_to_do' : 'completed'
}

/** A plan proves nothing; a verification does by its comparison, an apply by the proof of what it wrote. */
function equality(input: CloseRunInput, rows: RowCounts): boolean | null {
  if (input.mode === 'plan') return null
  return input.mode === 'verify' ? differences(rows) === 0 : input.proof.unequal === 0
}

/** @param refused rows that this run refused, or found refused again */
function writtenRows({ present, written }: RunTotals, proof: ProvenSegment, refused: number): RowCounts {
  const of = (name: string): number => written[name] ?? 0
  const changed = of('inserted') + of('restored') + of('updated') + of('adopted')
  return {
    ...NO_ROWS,
    inserted: of('inserted'),
    restored: of('restored'),
    updated: of('updated'),
    adopted: of('adopted'),
    removed: of('removed'),
    unchanged: Math.max(0, present - changed - (refused - of('stuck')) - of('moved')),
    moved: of('moved') + proof.moved,
  }
}

function plannedRows({ present, planned }: RunTotals): RowCounts {
  const of = (kind: keyof PlanCounts): number => planned[kind] ?? 0
  const changed = of('insert') + of('restore') + of('update') + of('adopt')
  return {
    ...NO_ROWS,
    inserted: of('insert'),
    restored: of('restore'),
    updated: of('update'),
    adopted: of('adopt'),
    removed: of('untargeted') + of('gone'),
    unchanged: Math.max(0, present - changed),
  }
}

function readMissing(
  deps: ActivityDeps,
  input: CloseRunInput,
  context: RunContext,
): Promise<readonly MissingId[]> {
  const variable = input.ref?.source ?? context.master.source.database
  // Only a help: a source that is away, or slow, does not keep a run from closing.
  return inSession(deps.database('source', variable), (source) =>
    sampleMissing(source, context.layout),
  ).catch(() => [])
}
