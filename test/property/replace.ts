import { isEdited, isEmpty } from './cells.js'
import type { Task } from './model.js'
import {
  cellsOf,
  COLUMNS,
  marksOf,
  type Cells,
  type Change,
  type CloudRow,
  type Column,
  type Replacement,
  type State,
  type Tracked,
} from './state.js'

/** Ids that are issued anew, as docs/decisions/0017-replace.md says. */

/** An id that was itself replaced takes no other's place, but for that of its own successor. */
export function isRefused({ replacements, tracked, knownList }: State, id: string, next: string): boolean {
  const found = replacements.get(next)
  if (found === undefined || found.run === null || found.next === id) return false
  const meant = found.listedSince || (found.offList && knownList.has(next))
  return tracked.get(next)?.outside === 'replaced' && !meant
}

/** Asks for it; the new id is on the list from then on, and meant, also where it was replaced itself. */
export function askModel(state: State, id: string, next: string): void {
  const { replacements } = state
  lookAtList(state)
  state.list.add(next)
  lookAtList(state)
  const opposite = replacements.get(next)
  if (opposite !== undefined && opposite.run !== null) opposite.offList = true
  const known = replacements.get(id)
  if (known?.next === next && known.run !== null && state.tracked.get(id)?.outside === 'replaced') {
    Object.assign(known, { offList: false, listedSince: false })
    return
  }
  if (opposite?.next === id && opposite.run === null) replacements.delete(next)
  const asked = 1 + Math.max(0, ...[...replacements.values()].map((one) => one.asked))
  replacements.set(id, { next, run: null, offList: false, asked, givenUp: false, listedSince: false })
}

/** A command, or a run that has replacements to look at, looks at the list as it is. */
function lookAtList({ list, knownList, replacements }: State): void {
  for (const [id, one] of replacements) {
    if (one.run === null && !list.has(one.next)) one.givenUp = true
    if (!list.has(id)) one.listedSince = false
    else if (one.run !== null && !knownList.has(id)) one.listedSince = true
  }
  knownList.clear()
  for (const id of list) knownList.add(id)
}

/** Whether the row is still to give what it has: nobody has given up the id that is to take its place. */
export function isAwaited({ replacements }: State, id: string): boolean {
  const found = replacements.get(id)
  return found?.run === null && !found.givenUp
}

/** Whether another row has taken its place, or is to, and nobody has listed it again since. */
export function isStillReplaced(state: State, id: string): boolean {
  if (state.tracked.get(id)?.outside !== 'replaced') return false
  const found = state.replacements.get(id)
  return isAwaited(state, id) || (found !== undefined && isLeaving(found))
}

/** Whether the old id is still to leave the list: nobody has listed it since. */
function isLeaving({ run, offList, listedSince }: Replacement): boolean {
  return run !== null && !offList && !listedSince
}

/** @returns what the report counts of it */
export function replaceRows(state: State, task: Task, run: number): readonly Change['kind'][] {
  const { replacements } = state
  giveUp(state)
  const isMeant = (...ids: readonly string[]): boolean =>
    !state.hold ||
    (task.approve === true && (task.only === undefined || ids.some((id) => task.only?.includes(id))))
  const counted: Change['kind'][] = []
  const pending = [...replacements]
    .filter(([, one]) => one.run === null)
    .map(([id, { next, asked }]) => ({ id, next, asked }))
    .sort((a, b) => a.asked - b.asked || (a.id < b.id ? -1 : 1))
  for (const { id, next } of pending) {
    const replacement = replacements.get(id)
    if (replacement?.next !== next || !isMeant(id, next)) continue
    const kinds = replaceRow(state, id, next, run)
    if (kinds === undefined) continue
    counted.push(...kinds)
    Object.assign(replacement, { run, listedSince: false })
    passOn(state, id, replacement)
  }
  takeOffList(state, isMeant)
  return counted
}

/** What waits for a new id that has left the list is forgotten. */
function giveUp(state: State): void {
  const { replacements } = state
  if (![...replacements.values()].some(({ run }) => run === null)) return
  lookAtList(state)
  for (const [id, { run, givenUp }] of [...replacements]) if (run === null && givenUp) replacements.delete(id)
}

/** What waits for the old id waits for the new one; the other way round it has nothing more to wait for. */
function passOn({ replacements }: State, id: string, { next, asked }: Replacement): void {
  const opposite = replacements.get(next)
  if (opposite?.run === null && opposite.next === id) replacements.delete(next)
  for (const one of replacements.values())
    if (one.run === null && one.next === id) Object.assign(one, { next, asked: Math.max(one.asked, asked) })
}

/** @returns undefined: it waits */
function replaceRow(
  state: State,
  id: string,
  next: string,
  run: number,
): readonly Change['kind'][] | undefined {
  const [row, tracked] = [state.cloud.get(next), state.tracked.get(next)]
  if (row === undefined || tracked === undefined || tracked.outside !== null || row.locked) return undefined
  const known = tracked.since === run || state.history.some((one) => one.id === next && one.run === run)
  const old = state.cloud.get(id)
  const former = state.tracked.get(id)
  const columns =
    old === undefined || former === undefined ? [] : columnsToCarry(state, old, former, row, tracked, run)
  if (old !== undefined && columns.length > 0) {
    const pick = (from: CloudRow): Cells => Object.fromEntries(columns.map((c) => [c, from.values[c]]))
    state.cloud.set(next, { ...row, values: { ...row.values, ...pick(old) } })
    remember(state, { id: next, kind: 'updated', before: pick(row), after: pick(old), tracked }, run)
  }
  const updated = columns.length > 0 && !known
  if (former === undefined) return updated ? ['updated'] : []
  const marked = old !== undefined && !old.locked
  const removed = { reason: `replaced by ${next}`, at: old?.removed.at ?? `run ${run}` }
  if (marked) state.cloud.set(id, { ...old, removed })
  remember(
    state,
    marked
      ? { id, kind: 'marked', before: marksOf(old), after: marksOf({ removed }), tracked: former }
      : { id, kind: 'noted', before: {}, after: {}, tracked: former },
    run,
  )
  state.tracked.set(id, { ...former, outside: 'replaced', conflicts: {} })
  return [...(updated ? (['updated'] as const) : []), ...(marked ? (['marked'] as const) : [])]
}

/** The cells that the old row has to give, and that the new one takes. */
function columnsToCarry(
  { rules: { policies } }: State,
  old: CloudRow,
  former: Tracked,
  row: CloudRow,
  tracked: Tracked,
  run: number,
): readonly Column[] {
  return COLUMNS.filter((column) => {
    const [wanted, present] = [old.values[column], row.values[column]]
    const policy = policies[column]
    if (policy === 'overwrite' || wanted === present) return false
    if (policy === 'insert_only')
      return wanted !== null && (present === null || (tracked.origin === 'synced' && tracked.since === run))
    const base = tracked.bases[column]
    const free = base !== undefined && (isEmpty(present) || present === base)
    return free && isEdited(policy, wanted, former.bases[column])
  })
}

/** What happened to a row in one run is one entry of its history. */
function remember(
  state: State,
  made: Pick<Change, 'id' | 'tracked'> & {
    readonly kind: 'updated' | 'marked' | 'noted'
    readonly before: Cells
    readonly after: Cells
  },
  run: number,
): void {
  const { id, kind, tracked } = made
  const index = state.history.findIndex((change) => change.id === id && change.run === run)
  const earlier = state.history[index]
  const came =
    earlier === undefined
      ? tracked?.since === run && tracked.origin === 'synced'
      : earlier.kind === 'restored' || earlier.kind === 'inserted'
  const row = state.cloud.get(id)
  const before = { ...made.before, ...earlier?.before }
  const after = came && row !== undefined ? cellsOf(row) : { ...earlier?.after, ...made.after }
  const change: Change = {
    id,
    run,
    kind: came
      ? 'inserted'
      : earlier?.kind === 'adopted' || (kind === 'noted' && earlier !== undefined)
        ? earlier.kind
        : kind,
    before: orNull(before),
    after: orNull(after),
    tracked: earlier === undefined ? (came ? undefined : tracked) : earlier.tracked,
    why: null,
    undoneBy: null,
  }
  if (index === -1) state.history.push(change)
  else state.history[index] = change
}

function orNull(cells: Cells): Cells | null {
  return Object.keys(cells).length === 0 ? null : cells
}

/** Of a row that is compared again the id stays where it is. */
function takeOffList(state: State, isMeant: (...ids: readonly string[]) => boolean): void {
  const { replacements, tracked, list } = state
  const leaving = [...replacements].filter(
    ([id, one]) => isLeaving(one) && tracked.get(id)?.outside !== null && isMeant(id, one.next),
  )
  if (leaving.length > 0) lookAtList(state)
  for (const [id, replacement] of leaving) {
    list.delete(id)
    replacement.offList = true
  }
  if (leaving.length > 0) lookAtList(state)
}
