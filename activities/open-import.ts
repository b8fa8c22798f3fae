import type { Mode } from '../core/report.js'
import type { RunTask } from '../core/task.js'
import { formatTableName } from '../core/table-name.js'
import { readTable } from '../db/catalog.js'
import { findRejected } from '../db/import-found.js'
import { closeGone } from '../db/import-questions.js'
import { dropImport, readImport, takeImport, waitingOf } from '../db/imports.js'
import { checkInstallation, readInstallation } from '../db/installation.js'
import { acquireLease, checkLease, type Lease } from '../db/lease.js'
import { requireLedger } from '../db/migrate.js'
import { acceptQuestion } from '../db/questions.js'
import { named } from '../db/read-layout.js'
import { newRun, recordRun } from '../db/runs.js'
import { READ_COMMITTED, transaction, type Session } from '../db/session.js'
import { SyncError } from '../core/errors.js'
import type { ActivityDeps } from './deps.js'
import type { ImportRef } from './import-step.js'
import { asActivity, databasesOf, executionIds, withSessions } from './step.js'

/** What an import is asked to do. */
export interface ImportTask extends Pick<RunTask, 'approve' | 'answers' | 'by'> {
  /** The number of the import that was staged; missing: its files are to be fetched. */
  readonly import?: string
}

export interface OpenImportInput extends ImportTask {
  readonly master: string
  readonly ledger?: string
}

export interface OpenedImport {
  readonly ref: ImportRef
  readonly import?: string
  /** The import of the very same files that a person said no to. */
  readonly loadedBefore?: string
  readonly leaseMs: number
  /** Whether a sync is to follow. */
  readonly chained: boolean
}

const MODE: Mode = 'apply'

/**
 * Records the run, waits for the lease that it shares with the syncs of the master, and takes the import. Done again after the lease was lost, it takes both again.
 */
export function openImport(deps: ActivityDeps): (input: OpenImportInput) => Promise<OpenedImport> {
  return asActivity(async (input: OpenImportInput) => {
    const master = deps.loadMaster(input.master)
    const names = databasesOf(master)
    return withSessions(deps, names, async (source, cloud) => {
      await requireLedger(cloud)
      await checkInstallation(cloud, input.ledger)
      const ledger = await readInstallation(cloud)
      const run = await recordRun(cloud, { ...newRun(master, MODE, input, executionIds()), kind: 'import' })
      const lease = await acquireLease(cloud, master.master, run, deps.leaseMs)
      const { table } = await readTable(source, 'source', named(master.source.table))
      const name = formatTableName(table)
      const taken = await transaction(source, READ_COMMITTED, () =>
        input.answers === undefined
          ? take(source, name, ledger, run, input)
          : answer(source, cloud, name, ledger, lease, input.answers, input),
      )
      return {
        ref: { master: master.master, run, token: lease.token, ledger, ...names },
        ...taken,
        leaseMs: deps.leaseMs,
        chained: master.schedule?.after === 'import',
      }
    })
  })
}

/** Takes what the command has staged, unless a person said no to the very same before. */
async function take(
  source: Session,
  table: string,
  ledger: string,
  run: number,
  { import: id, approve }: OpenImportInput,
): Promise<Pick<OpenedImport, 'import' | 'loadedBefore'>> {
  if (id === undefined) return {}
  const { digest, forced } = await readImport(source, id)
  const rejected = forced || approve === true ? undefined : await findRejected(source, { table, digest })
  if (rejected !== undefined) {
    await dropImport(source, id)
    return { loadedBefore: rejected }
  }
  await takeImport(source, table, id, ledger, run)
  return { import: id }
}

/**
 * Takes what waits for an answer, and then the answer: what is not there any more is not approved.
 * @throws SyncError IMPORT_GONE, QUESTION_CLOSED
 */
async function answer(
  source: Session,
  cloud: Session,
  table: string,
  ledger: string,
  lease: Lease,
  question: number,
  { by }: OpenImportInput,
): Promise<Pick<OpenedImport, 'import'>> {
  const { run } = lease
  // Once taken, it is that of the run that answers.
  const id = (await waitingOf(source, ledger, question)) ?? (await waitingOf(source, ledger, run))
  const gone = id === undefined && (await closeGone(cloud, question))
  if (gone) throw importGone(question)
  if (id !== undefined) await takeImport(source, table, id, ledger, run)
  await transaction(cloud, READ_COMMITTED, async () => {
    await acceptQuestion(cloud, lease, question, by)
    await checkLease(cloud, lease)
  })
  if (id === undefined) throw importGone(question)
  return { import: id }
}

function importGone(question: number): SyncError {
  return new SyncError(
    'IMPORT_GONE',
    `what run ${question} has held is not there any more: another import of the table was begun since`,
  )
}
