import { parseDuration } from '../core/duration.js'
import { SyncError } from '../core/errors.js'
import { formatKey } from '../core/ids.js'
import type { Master } from '../core/master.js'
import type { Undoable } from '../core/history.js'
import { readTable } from '../db/catalog.js'
import { checkLedgerAccess, demand } from '../db/checks.js'
import { readInstallation } from '../db/installation.js'
import { requireLedger } from '../db/migrate.js'
import { replacedIds } from '../db/replaced-ids.js'
import { named } from '../db/read-layout.js'
import type { Session } from '../db/session.js'
import { undoableRows, type UndoableRow } from '../db/undoable-rows.js'
import { countUndoable, deletedColumns, readFormerRun } from '../db/undoable.js'
import type { App } from './app.js'
import { inputOf, startOwn, type StartedRun } from './start.js'

/**
 * What an undo of the run would take back.
 * @throws SyncError RUN_UNKNOWN, UNDO_IMPOSSIBLE, IMPORT_NOT_UNDONE
 */
export function previewUndo(app: App, master: Master, run: number): Promise<Undoable> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    return lookAt(cloud, master, run)
  })
}

/** A row that an undo would take back. */
export interface SeenUndoable extends Omit<UndoableRow, 'key'> {
  readonly id: string
}

/** Some rows of each kind of what an undo would take back. */
export function sampleUndo(
  app: App,
  master: Master,
  run: number,
  limit: number,
): Promise<readonly SeenUndoable[]> {
  return app.onCloud(master, async (cloud) => {
    const rows = await undoableRows(cloud, master.master, run, limit)
    return rows.map(({ key, ...row }) => ({ id: formatKey(key), ...row }))
  })
}

/**
 * Starts a run that takes another one back.
 * @throws SyncError RUN_UNKNOWN, UNDO_IMPOSSIBLE, IMPORT_NOT_UNDONE, PERMISSION_DENIED
 */
export async function startUndo(app: App, master: Master, run: number): Promise<StartedRun> {
  const ledger = await app.onCloud(master, async (cloud) => {
    await checkLedgerAccess(cloud)
    await requireLedger(cloud)
    const { kinds } = await lookAt(cloud, master, run)
    if (kinds.removed !== undefined) await checkInsertion(cloud, master, run)
    return readInstallation(cloud)
  })
  const input = { ...inputOf(app, master, 'apply', ledger, app.operator), undoes: run }
  return startOwn(app, await app.temporal(), master, input, { name: 'undo', summary: `undo run ${run}` })
}

/** A sync need not write the columns that only the cloud has; what brings a deleted row back must. */
async function checkInsertion(
  cloud: Session,
  { master, cloud: { table } }: Master,
  run: number,
): Promise<void> {
  const shape = await readTable(cloud, 'cloud', named(table))
  const deleted = await deletedColumns(cloud, master, run)
  const written = shape.columns.filter(({ name, generated }) => !generated && deleted.has(name))
  await demand(
    cloud,
    shape.table,
    'insert',
    written.map(({ name }) => name),
  )
}

async function lookAt(cloud: Session, master: Master, run: number): Promise<Undoable> {
  const keep = parseDuration(master.history.keep) ?? 0
  const found = await readFormerRun(cloud, run, keep)
  if (found === undefined) throw new SyncError('RUN_UNKNOWN', `there is no run ${run}`)
  if (found.master !== master.master)
    throw new SyncError('RUN_UNKNOWN', `run ${run} is one of ${found.master}, not of ${master.master}`)
  if (found.kind === 'import')
    throw new SyncError(
      'IMPORT_NOT_UNDONE',
      `run ${run} imported files into the on-prem ${master.source.table}; an undo takes back what runs wrote to the cloud`,
    )
  if (found.mode !== 'apply')
    throw new SyncError('UNDO_IMPOSSIBLE', `run ${run} changed nothing: its mode was ${found.mode}`)
  if (found.open) throw new SyncError('UNDO_IMPOSSIBLE', `run ${run} is under way`)
  if (found.old) throw new SyncError('UNDO_IMPOSSIBLE', `what run ${run} changed is not remembered any more`)
  const kinds = await countUndoable(cloud, master.master, run)
  const rows = Object.values(kinds).reduce((sum, count) => sum + count, 0)
  if (rows === 0)
    throw new SyncError('UNDO_IMPOSSIBLE', `run ${run} changed no row, or all it changed is taken back`)
  return { run, rows, kinds, replaced: await replacedIds(cloud, master.master, run, true) }
}
