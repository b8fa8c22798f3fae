import type { ListCounts } from '../core/list-changes.js'
import { formatPlace } from '../core/target-list.js'
import type { Key } from '../core/ids.js'
import { demand } from '../db/checks.js'
import { clearMoves, moveLost, nextDropped, nextMoves, noteLostPlaced } from '../db/list-moves.js'
import { clearStage, closeStage, stageTable } from '../db/list-stage.js'
import {
  findUnstorable,
  notStorable,
  dropEntries,
  placeEntries,
  tableDigest,
  tableEntries,
  type ListTable,
  type Placement,
} from '../db/list-table.js'
import { READ_COMMITTED, transaction, type Session } from '../db/session.js'
import { nextStaged, placesOf } from '../db/staged-list.js'
import { pages } from './pages.js'
import { entriesDigest, takeStaged, takeTable, type ChangedBy } from '../db/target-entries.js'

/** What the taking over of lists works with. */
export interface Lists {
  readonly source: Session
  readonly cloud: Session
  readonly master: string
  readonly table: ListTable
  /** Whether the cloud keeps notes. */
  readonly notes: boolean
  readonly who: ChangedBy
  readonly heard: () => void
}

/** How many ids travel in one statement. */
const PAGE = 100_000

/** @throws SyncError PERMISSION_DENIED with the grant that is missing */
export async function mayWrite({ source, table }: Pick<Lists, 'source' | 'table'>): Promise<void> {
  const note = table.hasNote ? ['note'] : []
  await demand(source, table.table, 'insert', [...table.key.map(({ name }) => name), ...note])
  await demand(source, table.table, 'delete', [])
  if (table.hasNote) await demand(source, table.table, 'update', note)
}

/**
 * Brings the ledger up to date with what people wrote into the on-prem table themselves, and puts back what they took
 * out although a list names it: whether or not that list can be read today.
 */
export async function takeTableOver(lists: Lists): Promise<void> {
  const { source, cloud, master, notes, table, who } = lists
  if (await stageChangedTable(lists))
    await transaction(cloud, READ_COMMITTED, () =>
      takeTable(cloud, { master, notes }, table.hasNote, { ...who, by: null }),
    )
  if ((await moveLost(cloud, master, notes)) === 0) return
  await transaction(source, READ_COMMITTED, () =>
    placeMoves(lists, '', (placement) => ({ ...placement, owns: placement.owns && notes })),
  )
  await noteLostPlaced(cloud, master, notes)
}

/** Stages the table where it is not what the ledger knows; two numbers tell. */
async function stageChangedTable({ source, cloud, master, table }: Lists): Promise<boolean> {
  const [there, known] = await Promise.all([
    tableDigest(source, table),
    entriesDigest(cloud, master, table.hasNote),
  ])
  if (there === known) return false
  await clearStage(cloud, 'table')
  await stageTable(source, cloud, tableEntries(table))
  await closeStage(cloud, 'table')
  return true
}

/**
 * Looks whether the table can hold the ids of the staged list as they are.
 * @throws SyncError ID_INVALID with the place of the first that it cannot
 */
export async function checkStaged({ source, cloud, table, heard }: Lists, list: string): Promise<void> {
  // A server in UTF-8 keeps every text as it is.
  if (table.utf8 && table.key.every(({ type }) => type === 'text')) return
  for await (const keys of stagedKeys(cloud)) {
    const found = await findUnstorable(source, table, keys)
    heard()
    if (found === undefined) continue
    const [place] = await placesOf(cloud, table, [found.key])
    const { line, column } = { line: place?.line ?? 0, column: place?.column ?? 0 }
    throw notStorable(table, found, `${formatPlace(list, { line, column })} `)
  }
}

/** The ids of the staged list, many at a time. */
export async function* stagedKeys(cloud: Session): AsyncGenerator<readonly Key[]> {
  for await (const page of pages((behind) => nextStaged(cloud, behind, PAGE)))
    yield page.map(({ key }) => key)
}

/**
 * Makes the entries of a list what its stage holds: in the ledger, which flags the list, and in the table, which gets
 * what is new and loses what no list names any more. What the table refuses is known before either commits. Killed
 * between the two commits, the list stays flagged, and the next reading brings the table what it lacks.
 * @param check looks at what changes, as the last thing before the commits
 */
export async function takeListOver(
  lists: Lists,
  list: string,
  check: (changes: ListCounts) => Promise<void> | void,
): Promise<ListCounts> {
  const { source, cloud, master, notes, table, who, heard } = lists
  await clearMoves(cloud)
  return transaction(source, READ_COMMITTED, () =>
    transaction(cloud, READ_COMMITTED, async () => {
      const changes = await takeStaged(cloud, { master, list, notes }, who)
      await placeMoves(lists, list, (placement) => placement)
      for await (const page of pages((behind) => nextDropped(cloud, master, list, behind, PAGE))) {
        await dropEntries(
          source,
          table,
          page.map(({ key }) => key),
        )
        heard()
      }
      await check(changes)
      return changes
    }),
  )
}

async function placeMoves(
  { source, cloud, master, table, heard }: Lists,
  list: string,
  as: (placement: Placement) => Placement,
): Promise<void> {
  for (let behind = '0'; ;) {
    const page = await nextMoves(cloud, master, list, behind, PAGE)
    const last = page.at(-1)
    if (last === undefined) return
    await placeEntries(source, table, page.map(as))
    behind = last.n
    heard()
  }
}
