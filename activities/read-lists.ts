import { NO_LIST_CHANGES, type ListChanges, type ListCounts } from '../core/list-changes.js'
import { SyncError } from '../core/errors.js'
import type { ErrorCode } from '../core/error-catalogue.js'
import type { ReadList, RunFailure } from '../core/report.js'
import { readTable } from '../db/catalog.js'
import { explainFailure, sideOf } from '../db/failures.js'
import { checkLease } from '../db/lease.js'
import { withListLock } from '../db/list-lock.js'
import { named } from '../db/read-layout.js'
import { isToBePlaced, noteSettled } from '../db/list-moves.js'
import { wouldTake } from '../db/take-staged.js'
import { forgetNotes } from '../db/target-entries.js'
import {
  type KnownList,
  knownList,
  noteRead,
  noteUnread,
  readListsOf,
  storeReadLists,
} from '../db/target-lists.js'
import { openList } from '../targets/open.js'
import { fingerprintOf, stageReading } from '../targets/stage-reading.js'
import { listTable } from '../targets/table.js'
import { checkStaged } from '../targets/check-staged.js'
import { checkDamage } from '../targets/damaged-ids.js'
import { mayWrite, takeListOver, takeTableOver, type Lists } from '../targets/take-list.js'
import type { ActivityDeps } from './deps.js'
import type { StepTools } from './step.js'

/**
 * Reads the lists of the master into the target list. One that cannot be read leaves in force what was read of it
 * before. A plan and a verification read them too, and store nothing.
 */
export async function readLists(deps: ActivityDeps, tools: StepTools): Promise<void> {
  const { context, cloud, heard } = tools
  if (!(await isDue(tools))) return
  const lists = await listsOf(tools)
  await alive(heard, () =>
    context.mode === 'apply'
      ? withListLock(cloud, context.master.master, heard, () => readAll(deps, tools, lists))
      : readAll(deps, tools, lists),
  )
}

/** A master that moved its list between table and ledger has something to take over, also where it names no lists. */
async function isDue({ cloud, context }: StepTools): Promise<boolean> {
  const { master, mode, layout } = context
  if (master.targets.lists.length > 0) return true
  return mode === 'apply' && (layout.list === undefined || (await isToBePlaced(cloud, master.master)))
}

async function readAll(deps: ActivityDeps, tools: StepTools, lists: Lists): Promise<void> {
  const { context, cloud } = tools
  const { master, targets } = context.master
  const unusable = context.mode === 'apply' ? await takeOver(lists) : undefined
  // Another attempt of this step may have read some of them.
  const before = await readListsOf(cloud, context.run)
  const read: ReadList[] = []
  for (const list of targets.lists) {
    const known = await knownList(cloud, master, list)
    const now =
      unusable === undefined
        ? await readOne(deps, tools, lists, list, known)
        : { ...told(list, known.entries, NO_LIST_CHANGES), failure: unusable }
    read.push(
      together(
        before.find((one) => one.list === list),
        now,
      ),
    )
    await storeReadLists(cloud, context.run, read)
  }
}

/** @returns why the table cannot be brought together with the ledger: then no list can be read into it */
async function takeOver(lists: Lists): Promise<RunFailure | undefined> {
  try {
    if (!lists.notes) await forgetNotes(lists.cloud, lists.master)
    await takeTableOver(lists)
    return undefined
  } catch (error) {
    const failure = failureOfList(error)
    // Where there are no lists to tell it of, the run itself cannot go by what the table lacks.
    if (failure === undefined || lists.read.length === 0) throw error
    return failure
  }
}

function together(before: ReadList | undefined, now: ReadList): ReadList {
  if (before === undefined) return now
  const { added, changed, removed } = before
  return {
    ...now,
    added: added + now.added,
    changed: changed + now.changed,
    removed: removed + now.removed,
  }
}

/** How often a step says that it lives while it waits for somebody else's server. */
const BEAT_MS = 5_000

export async function alive<T>(heard: () => void, work: () => Promise<T>): Promise<T> {
  const beat = setInterval(heard, BEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(beat)
  }
}

async function readOne(
  deps: ActivityDeps,
  { cloud, context, lease, heard }: StepTools,
  lists: Lists,
  list: string,
  known: KnownList,
): Promise<ReadList> {
  const { master, mode } = context
  const kept = { master: master.master, list, notes: master.targets.notes }
  try {
    const opened = openList(list, { columns: master.source.key, folder: deps.listsFolder })
    if (known.fingerprint !== null && (await fingerprintOf(opened, heard)) === known.fingerprint)
      return told(list, known.entries, NO_LIST_CHANGES)
    const reading = await stageReading(cloud, opened, heard)
    if (mode !== 'apply') return told(list, reading.entries, counted(await wouldTake(cloud, kept)))
    await mayWrite(lists)
    await checkStaged(lists, list)
    await checkDamage(lists, list, await readTable(lists.source, 'source', named(master.source.table)))
    const { changes } = await takeListOver(lists, list, () => checkLease(cloud, lease))
    await noteSettled(cloud, master.master, list)
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
  'LIST_DAMAGED',
  'LIST_UNREADABLE',
  'LIST_UNREACHABLE',
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

export async function listsOf({ source, cloud, context, heard }: StepTools): Promise<Lists> {
  const { layout, master, run } = context
  const { utf8 } = layout.source
  return {
    source,
    cloud,
    master: master.master,
    key: master.source.key,
    table:
      layout.list === undefined
        ? undefined
        : listTable(await readTable(source, 'target list', layout.list.table), master.source.key, utf8),
    utf8,
    read: master.targets.lists,
    notes: master.targets.notes,
    who: { run, by: null },
    heard,
  }
}
