import { SyncError } from '../../core/errors.js'
import type { ListChanges } from '../../core/list-changes.js'
import type { Master } from '../../core/master.js'
import type { ReadTargets } from '../../core/results.js'
import { READ_COMMITTED, transaction } from '../../db/session.js'
import { noteRead } from '../../db/target-lists.js'
import { mayWrite, settleTable, takeListOver, takeTableOver } from '../../targets/take-list.js'
import type { App } from '../app.js'
import { lookAt } from './check.js'
import { withLists } from './open.js'

export interface ApplyOptions {
  /** Take nothing over where anything should be looked at. */
  readonly strict: boolean
  /** Asked once what would change is known. */
  readonly agreed: (found: ReadTargets) => Promise<boolean>
}

/**
 * Makes the entries of a list what it holds now: in the on-prem table, and in the ledger, which knows where each entry
 * came from. What a list added it alone takes out again.
 * @throws SyncError LIST_REFUSED, LIST_CHANGED, and what reading the list throws; nothing was changed then
 */
export function applyTargets(
  app: App,
  master: Master,
  uri: string,
  { strict, agreed }: ApplyOptions,
): Promise<ReadTargets> {
  return withLists(app, master, async (lists) => {
    const { reading, found } = await lookAt(lists, master, uri)
    if (strict && found.problems.length > 0) throw refused(found)
    if (!(await agreed(found))) return found
    await mayWrite(lists)
    await takeTableOver(lists)
    await transaction(lists.cloud, READ_COMMITTED, async () => {
      if (!isSame(await takeListOver(lists, uri), found))
        throw new SyncError('LIST_CHANGED', `${uri} would change something else by now`)
    })
    await settleTable(lists, uri)
    await noteRead(lists.cloud, lists.master, uri, reading)
    return { ...found, applied: true }
  })
}

function isSame(one: ListChanges, other: ListChanges): boolean {
  return (['added', 'changed', 'removed'] as const).every((what) => one[what].rows === other[what].rows)
}

const NAMED = 5

function refused({ list, problems, duplicates, unknown }: ReadTargets): SyncError {
  const told = problems
    .slice(0, NAMED)
    .map(
      ({ problem, id, line, column }) =>
        `${list}:${line ?? 0}:${column ?? 0} ${problem}: ${id ?? 'the list'}`,
    )
  const counts = `${duplicates} duplicates, ${unknown} not in the source`
  return new SyncError('LIST_REFUSED', [`${list}: ${counts}`, ...told].join('\n'))
}
