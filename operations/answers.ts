import { questionClosed } from '../core/closed-question.js'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { importName, workflowName } from '../core/names.js'
import type { RunReport } from '../core/report.js'
import { noteReason, openQuestion, questionsOf, rejectQuestion, type AskedQuestion } from '../db/answers.js'
import { checkLedgerAccess } from '../db/checks.js'
import { rejectImportOf } from '../db/imports.js'
import { readInstallation } from '../db/installation.js'
import { requireLedger } from '../db/migrate.js'
import { readRun } from '../db/runs.js'
import type { Session } from '../db/session.js'
import type { App } from './app.js'
import { importInput } from './import-input.js'
import { oneRun } from './runs.js'
import { inputOf, startImportRun, startSingle, type StartedRun } from './start.js'

/**
 * Starts a run that does what a run has asked for, as far as it is still what was asked.
 * @param run the run that asked, or a later one that asks the same
 * @param reason why, for the record
 * @throws SyncError RUN_UNKNOWN, QUESTION_CLOSED, APPROVER_IS_STARTER
 */
export async function approveRun(
  app: App,
  master: Master,
  run: number,
  reason: string | null = null,
): Promise<StartedRun> {
  const by = app.operator
  const { question, ledger } = await app.onCloud(master, async (cloud) => ({
    question: await askedBy(cloud, master, run),
    ledger: await readInstallation(cloud),
  }))
  if (master.guards.approval_by_another && question.startedBy === by) {
    const message = `run ${question.run} of ${master.master} was started by ${by}; someone else must approve what it asks`
    throw new SyncError('APPROVER_IS_STARTER', message)
  }
  const client = await app.temporal()
  const answer = { answers: question.run, by }
  const summary = `approve run ${question.run}`
  // Of two people who approve at once the second follows the run of the first.
  const idOf = (name: string): string => `${name}-approve-${question.run}`
  const started = await (question.about === 'import'
    ? startImportRun(
        app,
        client,
        master,
        { ...importInput(app, master, ledger), ...answer },
        { workflowId: idOf(importName(master)), summary },
      )
    : startSingle(
        app,
        client,
        master,
        { ...inputOf(app, master, 'apply', ledger, by), ...answer },
        { workflowId: idOf(workflowName(master)), summary },
      ))
  if (started.how === 'started')
    await app.onCloud(master, (cloud) => noteReason(cloud, question.run, by, reason))
  return started
}

/**
 * Answers with no: what was held is not written, and not asked again as long as it is the same.
 * @param reason why, for the record
 * @throws SyncError RUN_UNKNOWN, QUESTION_CLOSED
 */
export async function rejectRun(
  app: App,
  master: Master,
  run: number,
  reason: string | null = null,
): Promise<RunReport> {
  const { question, ledger } = await app.onCloud(master, async (cloud) => {
    const asked = await askedBy(cloud, master, run)
    if (!(await rejectQuestion(cloud, asked.run, app.operator, reason))) {
      // Someone else was faster.
      await askedBy(cloud, master, run)
      throw new SyncError('QUESTION_CLOSED', `run ${run} of ${master.master} asks nothing any more`)
    }
    return { question: asked, ledger: await readInstallation(cloud) }
  })
  // The answer stands in the ledger: rows that stay behind on-prem are cleared away by the next import.
  if (question.about === 'import')
    await app
      .onSource(master, (source) => rejectImportOf(source, ledger, question.run))
      .catch(() => undefined)
  return (await oneRun(app, master, question.run)).report
}

/** The open question that a run asked, or points at. */
async function askedBy(cloud: Session, master: Master, run: number): Promise<AskedQuestion> {
  await checkLedgerAccess(cloud)
  await requireLedger(cloud)
  const found = await readRun(cloud, run)
  if (found === undefined) throw new SyncError('RUN_UNKNOWN', `there is no run ${run}`)
  if (found.master !== master.master)
    throw new SyncError('RUN_UNKNOWN', `run ${run} is one of ${found.master}, not of ${master.master}`, {
      remedy: `Say which master: --master ${found.master}`,
    })
  const question = (await questionsOf(cloud, [run])).get(run)
  if (question?.state === 'open') return question
  const about = found.report?.kind === 'import' ? 'import' : 'sync'
  const open = await openQuestion(cloud, master.master, about)
  throw questionClosed(master.master, run, question, open?.run)
}
