import { hasEdits, imageOf, seenOf } from './cells.js'
import {
  cellsOf,
  COLUMNS,
  rowOf,
  type Cells,
  type Change,
  type CloudRow,
  type State,
  type Tracked,
} from './state.js'

/** Takes back what a run did, cell by cell, as docs/decisions/0010-what-an-undo-takes-back.md says. */
export function undo(state: State, undoes: number, run: number): readonly Change[] {
  state.hold = true
  state.undoes.set(run, undoes)
  const changes = whatRunDid(state, undoes).map((did): Change => {
    const tracked = state.tracked.get(did.id)
    const made = takeBack(state, did, tracked)
    return { id: did.id, run, tracked, undoneBy: null, ...made }
  })
  state.history.push(...changes)
  noteUndone(
    state,
    changes.filter(({ kind }) => kind !== 'left').map(({ id }) => id),
    undoes,
    run,
  )
  return changes
}

/** The history of a run, as far as it was not taken back, and the rows that were new. */
export function whatRunDid({ history, tracked }: State, run: number): readonly Change[] {
  const known = history.filter((change) => change.run === run)
  const brought = [...tracked].flatMap(([id, { since, origin }]): Change[] => {
    const isNew = since === run && origin === 'synced' && !known.some((change) => change.id === id)
    return isNew
      ? [
          {
            id,
            run,
            kind: 'restored',
            before: null,
            after: null,
            tracked: undefined,
            why: null,
            undoneBy: null,
          },
        ]
      : []
  })
  return [...brought, ...known.filter(({ kind, undoneBy }) => kind !== 'left' && undoneBy === null)]
}

type Made = Pick<Change, 'kind' | 'before' | 'after' | 'why'>

function takeBack(state: State, did: Change, tracked: Tracked | undefined): Made {
  const row = state.cloud.get(did.id)
  const later = isLater(state, did, tracked)
  switch (did.kind) {
    case 'removed':
      return takeBackLoss(state, did, row, later)
    case 'restored':
    case 'inserted':
      return takeBackGain(state, did, row, tracked, later)
    default:
      return takeBackCells(state, did, row, tracked, later)
  }
}

const left = (why: string): Made => ({ kind: 'left', before: null, after: null, why })

/** A row that the run deleted comes back with all that it held. */
function takeBackLoss(
  state: State,
  { id, before, tracked }: Change,
  row: CloudRow | undefined,
  later: boolean,
): Made {
  if (row !== undefined) return left('present')
  if (later) return left('superseded')
  state.cloud.set(id, rowOf(before ?? {}))
  setTracked(state, id, tracked)
  return { kind: 'inserted', before: null, after: before, why: null }
}

/** A row that the run brought goes again, if all of it is as it was brought. */
function takeBackGain(
  state: State,
  did: Change,
  row: CloudRow | undefined,
  tracked: Tracked | undefined,
  later: boolean,
): Made {
  const { id } = did
  if (later) return left('superseded')
  if (row === undefined) {
    setTracked(state, id, did.tracked)
    return { kind: 'noted', before: null, after: null, why: null }
  }
  if (row.locked) return left('locked')
  if (isChanged(state, did, row, tracked)) return left('edited')
  state.cloud.delete(id)
  setTracked(state, id, did.tracked)
  return { kind: 'removed', before: cellsOf(row), after: null, why: null }
}

function isChanged(
  { rules: { policies } }: State,
  { id, kind, after }: Change,
  row: CloudRow,
  tracked?: Tracked,
): boolean {
  if (kind === 'inserted')
    return Object.entries(after ?? {}).some(([name, value]) => cellsOf(row)[name] !== value)
  if (tracked === undefined) return true
  return hasEdits(policies, id, row, tracked) || imageOf(policies, id, row, tracked) !== seenOf(row, tracked)
}

/** Values that stand as the run left them become what they were; others are someone's work since. */
function takeBackCells(
  state: State,
  did: Change,
  row: CloudRow | undefined,
  tracked: Tracked | undefined,
  later: boolean,
): Made {
  const { id, before, after } = did
  const now: Cells = row === undefined ? {} : cellsOf(row)
  const names = Object.keys(after ?? {})
  const same = names.filter((name) => row !== undefined && now[name] === before?.[name])
  const back = names.filter(
    (name) => row !== undefined && !same.includes(name) && now[name] === after?.[name],
  )
  const stay = names.filter((name) => !same.includes(name) && !back.includes(name))
  if (later && (tracked === undefined || tracked.since > did.run)) return left('superseded')
  if (row === undefined && stay.length > 0) return left('deleted')
  if (row?.locked === true && back.length > 0) return left('locked')
  if (back.length === 0 && same.length === 0 && stay.length > 0) return left('edited')
  if (back.length === 0 && same.length === 0 && later) return left('superseded')
  const why = stay.length > 0 ? 'edited' : null
  if (!later) {
    const mixed = did.tracked === undefined ? undefined : mix(did.tracked, tracked, stay)
    const marked = stay.includes('sync_removed_at') || stay.includes('sync_removed_reason')
    setTracked(state, id, mixed && marked ? { ...mixed, outside: tracked?.outside ?? null } : mixed)
  } else if (back.length > 0 && tracked !== undefined) {
    setTracked(state, id, mix(tracked, did.tracked, back))
  }
  if (back.length === 0) return { kind: 'noted', before: null, after: null, why }
  const pick = (cells: Cells | null): Cells =>
    Object.fromEntries(back.map((name) => [name, cells?.[name] ?? null]))
  state.cloud.set(id, rowOf({ ...now, ...pick(before) }))
  return { kind: 'updated', before: pick(now), after: pick(before), why }
}

/** One tracked row, with the bases and conflicts of some cells from the other. */
function mix(one: Tracked, other: Tracked | undefined, cells: readonly string[]): Tracked {
  const of = <T extends Tracked['bases'] | Tracked['conflicts']>(mine: T, theirs: T | undefined): T =>
    Object.fromEntries(
      COLUMNS.flatMap((column) => {
        const from = cells.includes(column) ? theirs : mine
        return from?.[column] === undefined ? [] : [[column, from[column]]]
      }),
    ) as T
  return { ...one, bases: of(one.bases, other?.bases), conflicts: of(one.conflicts, other?.conflicts) }
}

function setTracked(state: State, id: string, tracked: Tracked | undefined): void {
  if (tracked === undefined) state.tracked.delete(id)
  else state.tracked.set(id, tracked)
}

/** Whether the row is in the hands of a later run; one that was taken back to the letter does not count. */
function isLater({ history }: State, { id, run, kind }: Change, tracked: Tracked | undefined): boolean {
  const after = history.filter((change) => change.id === id && change.run > run && change.kind !== 'left')
  const inEffect = after.some(
    (change) =>
      change.undoneBy === null &&
      (change.why !== null || !after.some(({ undoneBy }) => undoneBy === change.run)),
  )
  return (inEffect && !(kind === 'removed' && tracked === undefined)) || (tracked?.since ?? 0) > run
}

/** Where an undo is taken back, what it took back is in effect again, and so on. */
function noteUndone({ history, undoes }: State, ids: readonly string[], undone: number, run: number): void {
  const chain = [undone]
  for (let next = undoes.get(undone); next !== undefined; next = undoes.get(next)) chain.push(next)
  for (const [index, link] of chain.entries()) {
    const by = chain[index - 1] ?? run
    const takes = index % 2 === 0
    for (const change of history) {
      if (change.run !== link || change.kind === 'left' || !ids.includes(change.id)) continue
      const touched =
        by === run || history.some((o) => o.id === change.id && o.run === by && o.kind !== 'left')
      if (touched && change.undoneBy === (takes ? null : by)) change.undoneBy = takes ? by : null
    }
  }
}
