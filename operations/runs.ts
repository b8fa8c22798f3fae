import { emptyReport } from '../core/empty-report.js'
import { SyncError } from '../core/errors.js'
import { formatKey } from '../core/ids.js'
import type { Master } from '../core/master.js'
import type { Question, SampleRow } from '../core/question.js'
import { reportSchema, type Mode, type Outcome, type RunReport } from '../core/report.js'
import type { LeftRow, Reject } from '../core/results.js'
import { questionsOf, readSample, type AskedQuestion } from '../db/answers.js'
import { countConflicts } from '../db/conflicts.js'
import { requireLedger } from '../db/migrate.js'
import { listRejects } from '../db/rejects.js'
import { findRun, listRuns, readRun, type StoredRun } from '../db/runs.js'
import type { Session } from '../db/session.js'
import type { App } from './app.js'
import { leftBy } from './history.js'
import type { StartedRun } from './start.js'

const REJECTS_SHOWN = 100
const LEFT_SHOWN = 100

/** The last runs of several masters, newest first. */
export async function lastRunsOfAll(
  app: App,
  masters: readonly Master[],
  limit: number,
): Promise<readonly RunReport[]> {
  const each = await Promise.all(masters.map((master) => lastRuns(app, master, limit)))
  return each
    .flat()
    .sort((a, b) => b.started_at.localeCompare(a.started_at) || b.run - a.run)
    .slice(0, limit)
}

/**
 * The last runs of a master, newest first; one under way has outcome null.
 * @param before only those that are older than that run
 */
export function lastRuns(
  app: App,
  master: Master,
  limit: number,
  before?: number,
): Promise<readonly RunReport[]> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    return seenToday(cloud, await listRuns(cloud, master.master, limit, before))
  })
}

export interface RunDetail {
  readonly report: RunReport
  /** Some rows of what the run was to do, with the values of both sides. */
  readonly sample: readonly SampleRow[]
  /** Rows of the master that the cloud refuses at present. */
  readonly rejects: readonly Reject[]
  /** Values of the master that both sides have changed, at present. */
  readonly conflicts: number
  /** Of an undo: rows that it let be. */
  readonly left: readonly LeftRow[]
}

/** @throws SyncError RUN_UNKNOWN */
export function oneRun(app: App, master: Master, run: number): Promise<RunDetail> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    const found = await readRun(cloud, run)
    const [report] = found === undefined ? [] : await seenToday(cloud, [found])
    if (report === undefined) throw new SyncError('RUN_UNKNOWN', `there is no run ${run}`)
    const rejects = await listRejects(cloud, report.master, REJECTS_SHOWN)
    return {
      report,
      sample: await readSample(cloud, run),
      rejects: rejects.map(({ key, ...refusal }) => ({ id: formatKey(key), ...refusal })),
      conflicts: (await countConflicts(cloud, report.master)).all,
      left: report.kind === 'undo' ? await leftBy(cloud, report.master, run, LEFT_SHOWN) : [],
    }
  })
}

/** The reports of runs with what has become of their questions since. */
export async function seenToday(cloud: Session, stored: readonly StoredRun[]): Promise<readonly RunReport[]> {
  const questions = await questionsOf(
    cloud,
    stored.map(({ run }) => run),
  )
  return stored.map((run) => reportOf(run, questions.get(run.run)))
}

/** The report of a run, so far as it is; `asked`: what it has asked. */
export function reportOf(stored: StoredRun, asked?: AskedQuestion): RunReport {
  const begun = emptyReport({
    run: stored.run,
    master: stored.master,
    mode: stored.mode,
    startedAt: stored.startedAt.toISOString(),
    seconds: (Date.now() - stored.startedAt.getTime()) / 1000,
    workflow: { id: stored.workflowId, run_id: stored.executionId },
  })
  const { kind, startedBy, answers, undoes } = stored
  const empty: RunReport = { ...begun, kind, started_by: startedBy, answers, undoes }
  if (stored.report === null) return empty
  // A report of an earlier release lacks what is new.
  const report = reportSchema.parse({ ...empty, ...stored.report })
  if (asked === undefined) return report
  const { startedBy: _, about: __, ...question } = asked
  return { ...report, question, outcome: outcomeToday(report, question) }
}

/** A run that waited for an answer waits no more when the question is closed. */
function outcomeToday({ outcome, rows }: RunReport, { state }: Question): Outcome | null {
  if (outcome !== 'awaiting_approval' || state === 'open') return outcome
  if (state === 'rejected') return 'rejected'
  return rows.rejected > 0 ? 'completed_with_rejects' : 'completed'
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
