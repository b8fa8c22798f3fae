import type { Mode } from '../core/report.js'
import type { RunTask } from '../core/task.js'
import { formatTableName } from '../core/table-name.js'
import { readTable } from '../db/catalog.js'
import { takeImport, waitingOf } from '../db/imports.js'
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
      const id = input.import ?? (await answered(source, ledger, run, input.answers))
      await begin(cloud, lease, input)
      if (id !== undefined)
        await transaction(source, READ_COMMITTED, () =>
          takeImport(source, formatTableName(table), id, ledger, run),
        )
      return {
        ref: { master: master.master, run, token: lease.token, ledger, ...names },
        ...(id === undefined ? {} : { import: id }),
        leaseMs: deps.leaseMs,
        chained: master.schedule?.after === 'import',
      }
    })
  })
}

/** The import that waits for an answer; once taken, it is that of the run that answers. */
async function answered(
  source: Session,
  ledger: string,
  run: number,
  question: number | undefined,
): Promise<string | undefined> {
  if (question === undefined) return undefined
  const id = (await waitingOf(source, ledger, question)) ?? (await waitingOf(source, ledger, run))
  if (id === undefined)
    throw new SyncError('IMPORT_GONE', `what run ${question} has held is not there any more`)
  return id
}

async function begin(cloud: Session, lease: Lease, { answers, by }: OpenImportInput): Promise<void> {
  if (answers === undefined) return
  await transaction(cloud, READ_COMMITTED, async () => {
    await acceptQuestion(cloud, lease, answers, by)
    await checkLease(cloud, lease)
  })
}
