import type { Key } from '../core/ids.js'
import type { ListCounts } from '../core/list-changes.js'
import { demand } from '../db/checks.js'
import {
  clearMoves,
  moveLost,
  nextDropped,
  nextMoves,
  noteLostPlaced,
  placeLater,
  type Moves,
} from '../db/list-moves.js'
import { clearStage, closeStage, stageTable } from '../db/list-stage.js'
import {
  dropEntries,
  placeEntries,
  tableDigest,
  tableEntries,
  type ListTable,
  type Placement,
} from '../db/list-table.js'
import { READ_COMMITTED, transaction, type Session } from '../db/session.js'
import { takeStaged, type Taken } from '../db/take-staged.js'
import { entriesDigest, takeTable } from '../db/take-table.js'
import type { ChangedBy } from '../db/target-entries.js'
import { pages } from './pages.js'

/** What the taking over of lists works with. */
export interface Lists {
  readonly source: Session
  readonly cloud: Session
  readonly master: string
  /** The names of the key's columns. */
  readonly key: readonly string[]
  /** undefined: the list stands in the ledger alone. */
  readonly table: ListTable | undefined
  /** Whether the source keeps texts as UTF-8. */
  readonly utf8: boolean
  /** The lists that every run reads. */
  readonly read: readonly string[]
  /** Whether the cloud keeps notes. */
  readonly notes: boolean
  readonly who: ChangedBy
  readonly heard: () => void
}

/** How many ids travel in one statement. */
const PAGE = 100_000
/** How many are put into the table with one: the fewer, the more is done at once. */
const PLACED = 25_000

/** @throws SyncError PERMISSION_DENIED with the grant that is missing */
export async function mayWrite({ source, table }: Pick<Lists, 'source' | 'table'>): Promise<void> {
  if (table === undefined) return
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
  if (table === undefined) return placeLater(cloud, master)
  if (await stageChangedTable(lists, table))
    await transaction(cloud, READ_COMMITTED, () =>
      takeTable(cloud, { master, notes }, table.hasNote, { ...who, by: null }),
    )
  if ((await moveLost(cloud, master, notes)) === 0) return
  await transaction(source, READ_COMMITTED, () =>
    placeMoves(lists, table, '', 'moved', (placement) => ({ ...placement, owns: placement.owns && notes })),
  )
  await noteLostPlaced(cloud, master, notes, lists.read)
}

/** Stages the table where it is not what the ledger knows; two numbers tell. */
async function stageChangedTable({ source, cloud, master }: Lists, table: ListTable): Promise<boolean> {
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
 * Makes the entries of a list what its stage holds: in the ledger, which flags the list, and in a table, which gets
 * what is new and loses what no list names any more. What the table refuses is known before either commits. Killed
 * between the two commits, the list stays flagged, and the next reading brings the table what it lacks.
 * @param check looks at what changes, as the last thing before the commits
 */
export async function takeListOver(
  lists: Lists,
  list: string,
  check: (changes: ListCounts) => Promise<void> | void,
): Promise<Taken> {
  const { source, cloud, table } = lists
  await clearMoves(cloud)
  if (table === undefined)
    return transaction(cloud, READ_COMMITTED, async () => {
      const taken = await take(lists, list)
      await check(taken.changes)
      return taken
    })
  return transaction(source, READ_COMMITTED, () =>
    transaction(cloud, READ_COMMITTED, async () => {
      const taken = await take(lists, list)
      await placeMoves(lists, table, list, taken.moves, (placement) => placement)
      if (!taken.isNew) await dropLeft(lists, table, list)
      await check(taken.changes)
      return taken
    }),
  )
}

async function dropLeft(
  { source, cloud, master, heard }: Lists,
  table: ListTable,
  list: string,
): Promise<void> {
  for await (const page of pages((behind) => nextDropped(cloud, master, list, behind, PAGE))) {
    await dropEntries(
      source,
      table,
      page.map(({ key }) => key),
    )
    heard()
  }
}

function take({ cloud, master, notes, who }: Lists, list: string): Promise<Taken> {
  return takeStaged(cloud, { master, list, notes }, who)
}

async function placeMoves(
  { source, cloud, master, heard }: Lists,
  table: ListTable,
  list: string,
  moves: Moves,
  as: (placement: Placement) => Placement,
): Promise<void> {
  // The cloud gives the next while the source takes these.
  const after = (behind?: Key) => nextMoves(cloud, { master, list }, moves, behind, PLACED)
  let page = await after()
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    const [following] = await Promise.all([after(last.key), placeEntries(source, table, page.map(as))])
    page = following
    heard()
  }
}
