import { NO_LIST_CHANGES, type ListChanges, type ListCounts } from '../core/list-changes.js'
import { SyncError } from '../core/errors.js'
import type { ErrorCode } from '../core/error-catalogue.js'
import type { ReadList, RunFailure } from '../core/report.js'
import { readTable } from '../db/catalog.js'
import { explainFailure, sideOf } from '../db/failures.js'
import { checkLease } from '../db/lease.js'
import { READ_COMMITTED, transaction } from '../db/session.js'
import { wouldTake } from '../db/target-entries.js'
import { knownList, noteRead, noteUnread, storeReadLists } from '../db/target-lists.js'
import { openList } from '../targets/open.js'
import { fingerprintOf, stageReading } from '../targets/stage-reading.js'
import { listTable } from '../targets/table.js'
import {
  checkStaged,
  mayWrite,
  settleTable,
  takeListOver,
  takeTableOver,
  type Lists,
} from '../targets/take-list.js'
import type { ActivityDeps } from './deps.js'
import type { StepTools } from './step.js'

/**
 * Reads the lists of the master into the on-prem table. One that cannot be read leaves in force what was read of it
 * before. A plan and a verification read them too, and store nothing.
 */
export async function readLists(deps: ActivityDeps, tools: StepTools): Promise<void> {
  const { context, cloud } = tools
  const { targets } = context.master
  if (targets.lists.length === 0) return
  const lists = await listsOf(tools)
  if (context.mode === 'apply') await takeTableOver(lists)
  const read: ReadList[] = []
  for (const list of targets.lists) read.push(await readOne(deps, tools, lists, list))
  await storeReadLists(cloud, context.run, read)
}

async function readOne(
  deps: ActivityDeps,
  { cloud, context, lease, heard }: StepTools,
  lists: Lists,
  list: string,
): Promise<ReadList> {
  const { master, mode } = context
  const known = await knownList(cloud, master.master, list)
  const kept = { master: master.master, list, notes: master.targets.notes }
  try {
    const opened = openList(list, { columns: master.source.key, folder: deps.listsFolder })
    if (known.fingerprint !== null && (await fingerprintOf(opened, heard)) === known.fingerprint)
      return told(list, known.entries, NO_LIST_CHANGES)
    const reading = await stageReading(cloud, opened, heard)
    if (mode !== 'apply') return told(list, reading.entries, counted(await wouldTake(cloud, kept)))
    await mayWrite(lists)
    await checkStaged(lists, list)
    const changes = await transaction(cloud, READ_COMMITTED, async () => {
      const taken = await takeListOver(lists, list)
      await checkLease(cloud, lease)
      return taken
    })
    await settleTable(lists, list)
    await noteRead(cloud, master.master, list, reading)
    return told(list, reading.entries, changes)
  } catch (error) {
    const failure = failureOfList(error)
    if (failure === undefined) throw error
    if (mode === 'apply') await noteUnread(cloud, master.master, list, failure)
    return { ...told(list, known.entries, NO_LIST_CHANGES), failure }
  }
}

/** What is wrong with a list, or with the table that is to hold it; undefined for anything else. */
export function failureOfList(error: unknown): RunFailure | undefined {
  const explained = sideOf(error) === 'source' ? explainFailure(error) : error
  if (!(explained instanceof SyncError) || !OF_THE_LIST.has(explained.code)) return undefined
  const { code, message, remedy } = explained
  return { code, message, remedy }
}

/** These keep no run from going on with what was read of the list before. */
const OF_THE_LIST: ReadonlySet<ErrorCode> = new Set([
  'LIST_INVALID',
  'LIST_UNREADABLE',
  'LIST_URI_INVALID',
  'ID_INVALID',
  'PERMISSION_DENIED',
  'STATEMENT_REFUSED',
])

function counted({ added, changed, removed }: ListChanges): ListCounts {
  return { added: added.rows, changed: changed.rows, removed: removed.rows }
}

function told(list: string, entries: number | null, counts: ListCounts): ReadList {
  return { list, entries, ...counts, failure: null }
}

async function listsOf({ source, cloud, context, heard }: StepTools): Promise<Lists> {
  const { layout, master, run } = context
  return {
    source,
    cloud,
    master: master.master,
    table: listTable(
      await readTable(source, 'target list', layout.list.table),
      master.source.key,
      layout.source.utf8,
    ),
    notes: master.targets.notes,
    who: { run, by: null },
    heard,
  }
}
