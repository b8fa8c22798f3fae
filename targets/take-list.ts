import type { ListChanges } from '../core/list-changes.js'
import type { Key } from '../core/ids.js'
import { demand } from '../db/checks.js'
import { forgetDropped, nextDropped, nextPlacements, notePlaced } from '../db/list-pending.js'
import { clearStage, stageTable } from '../db/list-stage.js'
import {
  checkStorable,
  dropEntries,
  placeEntries,
  tableDigest,
  tableEntries,
  type ListTable,
} from '../db/list-table.js'
import { READ_COMMITTED, transaction, type Session } from '../db/session.js'
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
const PAGE = 5_000

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
export async function stageChangedTable({ source, cloud, master, table }: Lists): Promise<boolean> {
  const [there, known] = [await tableDigest(source, table), await entriesDigest(cloud, master, table.hasNote)]
  if (there === known) return false
  await clearStage(cloud, 'table')
  await stageTable(source, cloud, tableEntries(table))
  return true
}

/**
 * Makes the ledger's entries of a list what its stage holds, within a transaction of the cloud.
 * @throws SyncError ID_INVALID before anything is changed where the table cannot hold an id as it is
 */
export async function takeListOver(lists: Lists, list: string): Promise<ListChanges> {
  const { source, cloud, master, notes, table, who, heard } = lists
  const changes = await takeStaged(cloud, { master, list, notes }, who)
  await eachPage(
    (behind, limit) => nextPlacements(cloud, master, list, behind, limit),
    async (page) => {
      await checkStorable(
        source,
        table,
        page.map(({ key }) => key),
      )
      heard()
    },
  )
  return changes
}

/** Puts into the table what a list that is staged names, and takes out what none names any more. */
export async function settleTable(
  { source, cloud, master, table, heard }: Lists,
  list: string,
): Promise<void> {
  await transaction(source, READ_COMMITTED, async () => {
    await eachPage(
      (behind, limit) => nextPlacements(cloud, master, list, behind, limit),
      async (page) => {
        await placeEntries(source, table, page)
        heard()
      },
    )
    await eachPage(
      async (behind, limit) => (await nextDropped(cloud, master, behind, limit)).map((key) => ({ key })),
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
  // Killed before this, the next reading does it again, to no effect.
  await notePlaced(cloud, master, list)
  await forgetDropped(cloud, master)
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
