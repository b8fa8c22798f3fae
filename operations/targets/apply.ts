import { SyncError } from '../../core/errors.js'
import { checkGuards } from '../../core/guard.js'
import { LIST_CHANGES, type ListCounts } from '../../core/list-changes.js'
import type { Master } from '../../core/master.js'
import type { ReadTargets } from '../../core/results.js'
import { withListLock } from '../../db/list-lock.js'
import { nextDropped, nextMoves, noteSettled } from '../../db/list-moves.js'
import type { Session } from '../../db/session.js'
import type { Taken } from '../../db/take-staged.js'
import { noteRead } from '../../db/target-lists.js'
import { countTracked } from '../../db/tracked.js'
import { mayWrite, takeListOver, takeTableOver, type Lists } from '../../targets/take-list.js'
import type { App } from '../app.js'
import { awaitedIn, isIdle, NOTHING, WHOLE, type AwaitedRows } from './at-once.js'
import { lookAt } from './check.js'
import { openGiven, withLists, type GivenList } from './open.js'

export interface ApplyOptions {
  /** Take nothing over where anything should be looked at. */
  readonly strict: boolean
  /** Asked once what would change is known. */
  readonly agreed: (found: ReadTargets) => Promise<boolean>
}

export interface AppliedTargets extends ReadTargets {
  readonly awaited: AwaitedRows
}

/**
 * Makes the entries of a list what it holds now: in the on-prem table, and in the ledger, which knows where each entry
 * came from. What a list added it alone takes out again.
 * @throws SyncError LIST_REFUSED, LIST_CHANGED, and what reading the list throws; nothing was changed then
 */
export function applyTargets(
  app: App,
  master: Master,
  given: GivenList,
  { strict, agreed }: ApplyOptions,
): Promise<AppliedTargets> {
  const list = openGiven(app, master, given)
  return withLists(app, master, async (lists) => {
    const { reading, found } = await lookAt(lists, master, list)
    if (strict && found.problems.length > 0) throw refused(found)
    if (!(await agreed(found))) return { ...found, awaited: NOTHING }
    await mayWrite(lists)
    return withListLock(lists.cloud, lists.master, lists.heard, async () => {
      await takeTableOver(lists)
      const taken = await takeListOver(lists, list.uri, (changes) => {
        if (!isSame(changes, found))
          throw new SyncError('LIST_CHANGED', `${list.uri} would change something else by now`)
      })
      const awaited = await awaitedRows(lists, master, list.uri, taken)
      if (!taken.isNew) await noteSettled(lists.cloud, lists.master, list.uri)
      await noteRead(lists.cloud, lists.master, list.uri, reading)
      return { ...found, applied: true, awaited }
    })
  })
}

/** Of more ids nobody looks which of them need a run. */
const PAGE = 5_000

/**
 * The rows that a run has to look at, while what has changed is not settled yet. A run for some ids knows no limits, as
 * a person has named each. Nobody has named those of a file: what limits may hold of them is left to a full run.
 */
async function awaitedRows(
  { source, cloud }: Lists,
  master: Master,
  list: string,
  { moves: where, isNew }: Taken,
): Promise<AwaitedRows> {
  try {
    const dropped = isNew ? [] : await nextDropped(cloud, master.master, list, undefined, PAGE)
    const left = dropped.map(({ key }) => key)
    if (left.length === PAGE || !isIdle(await awaitedIn(source, cloud, master, { left }))) return WHOLE
    const moves = await nextMoves(cloud, { master: master.master, list }, where, undefined, PAGE)
    if (moves.length === PAGE) return WHOLE
    const { ids, whole } = await awaitedIn(source, cloud, master, { moved: moves.map(({ key }) => key) })
    if (whole) return WHOLE
    return (await mayBeHeld(cloud, master, ids.length)) ? WHOLE : { ids, whole }
  } catch (error) {
    // Tables that do not fit are a run's to tell: the list is taken over all the same.
    if (error instanceof SyncError) return WHOLE
    throw error
  }
}

/** Whether a full run may hold so many new rows. */
async function mayBeHeld(cloud: Session, { master, guards }: Master, insert: number): Promise<boolean> {
  const tracked = await countTracked(cloud, master)
  const found = { planned: { insert }, listed: tracked, present: tracked, tracked, seasoned: true }
  return checkGuards(guards, found).length > 0
}

function isSame(counts: ListCounts, found: ReadTargets): boolean {
  return LIST_CHANGES.every((what) => counts[what] === found[what].rows)
}

const NAMED = 5

function refused({ list, problems, duplicates, unknown }: ReadTargets): SyncError {
  const told = problems
    .slice(0, NAMED)
    .map(
      ({ problem, id, line, column, did_you_mean: meant }) =>
        `${list}:${line ?? 0}:${column ?? 0} ${problem}: ${id ?? 'the list'}${meant === null ? '' : `; did you mean / もしかして ${meant}?`}`,
    )
  const counts = `${duplicates} duplicates, ${unknown} not in the source`
  return new SyncError('LIST_REFUSED', [`${list}: ${counts}`, ...told].join('\n'))
}
