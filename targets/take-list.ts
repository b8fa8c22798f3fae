import type { ListCounts } from '../core/list-changes.js'
import { formatPlace } from '../core/target-list.js'
import type { Key } from '../core/ids.js'
import { demand } from '../db/checks.js'
import { clearMoves, nextDropped, nextMoves, noteSettled } from '../db/list-moves.js'
import { clearStage, closeStage, stageTable } from '../db/list-stage.js'
import {
  findUnstorable,
  notStorable,
  dropEntries,
  placeEntries,
  tableDigest,
  tableEntries,
  type ListTable,
} from '../db/list-table.js'
import { READ_COMMITTED, transaction, type Session } from '../db/session.js'
import { nextStaged, placesOf } from '../db/staged-list.js'
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
export async function mayWrite({ source, table }: Lists): Promise<void> {
  const note = table.hasNote ? ['note'] : []
  await demand(source, table.table, 'insert', [...table.key.map(({ name }) => name), ...note])
  await demand(source, table.table, 'delete', [])
  if (table.hasNote) await demand(source, table.table, 'update', note)
}

/**
 * Brings the ledger up to date with what people wrote into the on-prem table themselves.
 * @returns whether anything had changed
 */
export async function takeTableOver(lists: Lists): Promise<boolean> {
  const { cloud, master, notes, table, who } = lists
  if (!(await stageChangedTable(lists))) return false
  await transaction(cloud, READ_COMMITTED, () =>
    takeTable(cloud, { master, notes }, table.hasNote, { ...who, by: null }),
  )
  return true
}

/** Stages the table where it is not what the ledger knows; two numbers tell. */
async function stageChangedTable({ source, cloud, master, table }: Lists): Promise<boolean> {
  const [there, known] = [await tableDigest(source, table), await entriesDigest(cloud, master, table.hasNote)]
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
  if (table.key.every(({ type }) => type === 'text')) return
  await eachPage(
    (behind, limit) => nextStaged(cloud, behind, limit),
    async (page) => {
      const found = await findUnstorable(
        source,
        table,
        page.map(({ key }) => key),
      )
      heard()
      if (found === undefined) return
      const [place] = await placesOf(cloud, table, [found.key])
      const { line, column } = { line: place?.line ?? 0, column: place?.column ?? 0 }
      throw notStorable(table, found, `${formatPlace(list, { line, column })} `)
    },
  )
}

/** Makes the ledger's entries of a list what its stage holds, within a transaction of the cloud. */
export async function takeListOver({ cloud, master, notes, who }: Lists, list: string): Promise<ListCounts> {
  await clearMoves(cloud)
  return takeStaged(cloud, { master, list, notes }, who)
}

/**
 * Puts into the table what is new in a list that was just taken over, and takes out what none names any more. Killed
 * before its end, the list stays flagged, and the next reading does it again, to no effect on what is done.
 */
export async function settleTable(
  { source, cloud, master, table, heard }: Lists,
  list: string,
): Promise<void> {
  await transaction(source, READ_COMMITTED, async () => {
    let behind = '0'
    for (;;) {
      const page = await nextMoves(cloud, master, list, behind, PAGE)
      const last = page.at(-1)
      if (last === undefined) break
      await placeEntries(source, table, page)
      behind = last.n
      heard()
    }
    await eachPage(
      async (after, limit) => (await nextDropped(cloud, master, after, limit)).map((key) => ({ key })),
      async (page) => {
        await dropEntries(
          source,
          table,
          page.map(({ key }) => key),
        )
        heard()
      },
    )
  })
  await noteSettled(cloud, master, list)
}

/** Reads pages behind each other, and works on each. */
export async function eachPage<T extends { readonly key: Key }>(
  read: (behind: Key | undefined, limit: number) => Promise<readonly T[]>,
  work: (page: readonly T[]) => Promise<void>,
): Promise<void> {
  let behind: Key | undefined
  for (;;) {
    const page = await read(behind, PAGE)
    const last = page.at(-1)
    if (last === undefined) return
    await work(page)
    behind = last.key
  }
}
