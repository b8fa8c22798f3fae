import { parseDuration } from '../core/duration.js'
import { dataSources, type DataSource } from '../core/data-source.js'
import { emptyReport } from '../core/empty-report.js'
import type { ImportReport, ImportWritten } from '../core/import-plan.js'
import { told } from '../core/import-told.js'
import type { Master } from '../core/master.js'
import type { Question } from '../core/question.js'
import type { RunFailure, RunReport } from '../core/report.js'
import { formatTableName } from '../core/table-name.js'
import { openQuestion, questionsOf } from '../db/answers.js'
import { readHeld } from '../db/held.js'
import { forgetImports } from '../db/import-history.js'
import { askImport } from '../db/import-questions.js'
import type { Prints } from '../db/import-plan.js'
import { rejectionOf } from '../db/import-found.js'
import { importDetail } from '../db/import-detail.js'
import { dropImport, writtenBy } from '../db/imports.js'
import { checkLease, holdsLease, releaseLease } from '../db/lease.js'
import { named } from '../db/read-layout.js'
import { newRun, noteQuestion, readRun, recordRun, starterOf, storeClose } from '../db/runs.js'
import { inSession, READ_COMMITTED, transaction, type Session } from '../db/session.js'
import { readDates } from './carry-publications.js'
import type { ActivityDeps, Traffic } from './deps.js'
import { importOutcome, importRows, stagedRows } from './import-counts.js'
import type { ImportRef } from './import-step.js'
import type { ImportTask } from './open-import.js'
import { asActivity, databasesOf, executionIds } from './step.js'

/** What is known of a run that imports when it has ended. */
export interface CloseImportInput extends ImportTask {
  readonly master: string
  readonly ref?: ImportRef
  /** The very same files were applied before, as that import. */
  readonly loadedBefore?: string
  readonly held: Prints
  readonly written?: ImportWritten
  readonly bytes: Traffic
  readonly seconds: RunReport['seconds']
  readonly startedAt: string
  readonly ended:
    | { readonly kind: 'finished' }
    | { readonly kind: 'cancelled' }
    | { readonly kind: 'failed'; readonly failure: RunFailure }
}

/** Writes the report, asks what was held, and releases the lease. A run that could not be recorded gets no number. */
export function closeImport(deps: ActivityDeps): (input: CloseImportInput) => Promise<RunReport> {
  return asActivity(async (input: CloseImportInput) => {
    const { ended, ref } = input
    if (ended.kind === 'failed' && ended.failure.code === 'WORKER_ELSEWHERE') return blank(input, 0)
    try {
      const master = deps.loadMaster(input.master)
      const names = ref ?? databasesOf(master)
      const found = await fromSource(deps, input, names.source)
      const sources = dataSources((await readDates(deps, names.source, named(master.source.table))) ?? [])
      const within = parseDuration(master.guards.approval_within) ?? 0
      return await inSession(deps.database('cloud', names.cloud), async (cloud) => {
        const run =
          ref?.run ??
          (await recordRun(cloud, { ...newRun(master, 'apply', input, executionIds()), kind: 'import' }))
        const report = await close(cloud, input, run, { found, sources }, within)
        if (input.written !== undefined) await forgetOld(deps, names.source, master)
        await releaseLease(cloud, input.master, run)
        return report
      })
    } catch (error) {
      // What kept the run from opening keeps it from being recorded as well; it is told all the same.
      if (ref !== undefined || ended.kind === 'finished') throw error
      return blank(input, 0)
    }
  })
}

/** What was found, without values. What a run that did not finish has staged is not needed any more. */
async function fromSource(
  deps: ActivityDeps,
  input: CloseImportInput,
  variable: string,
): Promise<ImportReport | null> {
  const id = input.loadedBefore ?? input.import
  if (id === undefined) return null
  const { ended, ref, loadedBefore } = input
  const read = inSession(deps.database('source', variable), async (source) => {
    if (ended.kind !== 'finished' && input.import !== undefined)
      await transaction(source, READ_COMMITTED, () => dropImport(source, input.import ?? ''))
    // A run that was stopped may have written all the same: the step that did was not heard of any more.
    const written = input.written ?? (ref === undefined ? null : await writtenBy(source, id, ref))
    const rejected = ref === undefined ? undefined : await rejectionOf(source, id, ref.ledger)
    const detail = await importDetail(source, id)
    return {
      ...detail,
      written,
      ...(loadedBefore === undefined || rejected === undefined ? {} : { rejected }),
    }
  })
  // A run closes without its source as well; the next import clears away what stays behind.
  const detail = await (ended.kind === 'finished' ? read : read.catch(() => undefined))
  return detail === undefined ? null : { ...detail, loaded_before: loadedBefore !== undefined }
}

/** What is old enough to be forgotten; where that fails, the next import does it. */
async function forgetOld(deps: ActivityDeps, variable: string, { source, history }: Master): Promise<void> {
  const keep = parseDuration(history.keep) ?? Infinity
  await inSession(deps.database('source', variable), (session) =>
    forgetImports(session, formatTableName(named(source.table)), keep),
  ).catch(() => undefined)
}

/** What is told of the table that was imported into, without values of its rows. */
interface OnPrem {
  readonly found: ImportReport | null
  readonly sources: DataSource[]
}

async function close(
  cloud: Session,
  input: CloseImportInput,
  run: number,
  { found, sources }: OnPrem,
  within: number,
): Promise<RunReport> {
  const standing = await readRun(cloud, run)
  if (standing?.report) return standing.report
  return transaction(cloud, READ_COMMITTED, async () => {
    const { ref, held } = input
    const finished = input.ended.kind === 'finished'
    const mine = ref !== undefined && (await holdsLease(cloud, { ...ref, run }))
    const holds = finished && Object.keys(held).length > 0
    if (holds && ref !== undefined) await checkLease(cloud, { ...ref, run })
    if (holds) {
      await askImport(cloud, input.master, run, held, within)
      await noteQuestion(cloud, run, run)
    } else if (finished && mine && input.loadedBefore !== undefined) {
      const asked = await openQuestion(cloud, input.master, 'import')
      if (asked !== undefined) await noteQuestion(cloud, run, asked.run)
    }
    const question = await questionIn(cloud, run)
    const kinds = finished ? await readHeld(cloud, run) : []
    const rows = importRows(
      found,
      finished,
      kinds.reduce((sum, kind) => sum + kind.rows, 0),
    )
    const empty = blank(input, run)
    const report: RunReport = {
      ...empty,
      outcome: finished ? importOutcome(rows, question?.state === 'open', input) : empty.outcome,
      started_by: empty.started_by ?? (await starterOf(cloud, empty.workflow.run_id)),
      targets: found === null ? 0 : stagedRows(found),
      sources,
      rows,
      held: [...kinds],
      question,
      equal: finished && found?.written !== null && found !== null ? found.written.unwritten === 0 : null,
      import: found && told(found),
    }
    await storeClose(cloud, report, report.failure)
    return report
  })
}

async function questionIn(cloud: Session, run: number): Promise<Question | null> {
  const asked = (await questionsOf(cloud, [run])).get(run)
  if (asked === undefined) return null
  const { startedBy: _, about: __, ...question } = asked
  return question
}

function blank(input: CloseImportInput, run: number): RunReport {
  const { workflowId, executionId } = executionIds()
  const { master, startedAt, seconds, bytes, ended, by, answers } = input
  return {
    ...emptyReport({
      ...{ run, master, mode: 'apply', startedAt, seconds: seconds.total },
      workflow: { id: workflowId, run_id: executionId },
    }),
    kind: 'import',
    outcome: ended.kind === 'finished' ? 'nothing_to_do' : ended.kind,
    seconds,
    bytes,
    started_by: by ?? null,
    answers: answers ?? null,
    failure: ended.kind === 'failed' ? ended.failure : null,
  }
}
