import { randomUUID } from 'node:crypto'
import { SyncError } from '../core/errors.js'
import type { ReadingOptions } from '../core/import-reading.js'
import type { Master } from '../core/master.js'
import { importName } from '../core/names.js'
import { readTable } from '../db/catalog.js'
import { checkLedgerAccess } from '../db/checks.js'
import { readInstallation } from '../db/installation.js'
import { requireLedger } from '../db/migrate.js'
import { named } from '../db/read-layout.js'
import { stageFiles } from '../feeds/stage-files.js'
import type { ImportInput } from '../workflows/messages.js'
import type { App } from './app.js'
import { importInput } from './import-input.js'
import { isUrl, namedFiles, placesOf } from './import.js'
import { showingValues } from './shown-values.js'
import { startImportRun, type StartedRun } from './start.js'

export interface ImportOptions {
  /** Files of this machine, or URLs; empty: those of the master's file. */
  readonly from: readonly string[]
  readonly reading: ReadingOptions
  /** The limits are waived. */
  readonly approve: boolean
}

/**
 * Starts an import. Files of this machine are read and staged by this process, for no other may see them; URLs are
 * fetched by the run.
 * @throws SyncError IMPORT_*, APPROVER_IS_STARTER
 */
export async function startImport(
  app: App,
  master: Master,
  { from, reading, approve }: ImportOptions,
): Promise<StartedRun> {
  const ledger = await app.onCloud(master, async (cloud) => {
    await checkLedgerAccess(cloud)
    await requireLedger(cloud)
    return readInstallation(cloud)
  })
  if (approve && master.guards.approval_by_another)
    throw new SyncError('APPROVER_IS_STARTER', `of ${master.master} nobody approves alone what they start`, {
      remedy: 'Start it without --approve, and let another person approve what it asks.',
    })
  const client = await app.temporal()
  const local = from.length > 0 && !from.some(isUrl)
  if (!local) placesOf(master, from)
  const staged = local ? await stage(app, master, from, reading) : undefined
  const input: ImportInput = {
    ...importInput(app, master, ledger),
    ...(staged === undefined ? { reading } : { import: staged }),
    ...(staged === undefined && from.length > 0 ? { from } : {}),
    ...(approve ? { approve } : {}),
    by: app.operator,
  }
  return startImportRun(app, client, master, input, {
    workflowId: `${importName(master)}-${staged ?? randomUUID()}`,
    summary: approve ? 'import, approved' : 'import',
  })
}

function stage(app: App, master: Master, files: readonly string[], reading: ReadingOptions): Promise<string> {
  return app.onSource(master, async (source) => {
    const shape = await readTable(source, 'source', named(master.source.table))
    const { id } = await showingValues(() => stageFiles(source, master, shape, namedFiles(files), reading))
    return id
  })
}
