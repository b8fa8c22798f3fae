import type { Chapter, LedgerChange, ToldDecision } from '../core/history.js'
import type { StoredConflict } from '../db/ledger.js'
import type { TrackedState } from '../db/row-story.js'

type Conflicts = Readonly<Record<string, StoredConflict>>

/** What became of a row in the ledger between two states of it. */
export function ledgerChanges(was: TrackedState | null, is: TrackedState | null): Chapter['ledger'] {
  const told: Chapter['ledger'][number][] = []
  const tell = (change: LedgerChange, columns: readonly string[] = []): void =>
    void told.push({ change, columns, decisions: decisionsIn(was?.conflicts ?? {}, change, columns) })
  if (was === null && is !== null) tell('tracked')
  if (was !== null && is === null) tell('untracked')
  if (was === null || is === null) return told
  if (was.outside !== is.outside) tell(standingOf(is.outside))
  const [before, after]: readonly [Conflicts, Conflicts] = [was.conflicts ?? {}, is.conflicts ?? {}]
  const [old, young] = [Object.keys(before), Object.keys(after)]
  const opened = young.filter((column) => !old.includes(column))
  const closed = old.filter((column) => !young.includes(column))
  // A decision stands for the two values that it was made for; by now there may be another.
  const dropped = young.filter((column) => {
    const [one, other] = [before[column], after[column]]
    return one?.take !== undefined && (one.source !== other?.source || one.cloud !== other.cloud)
  })
  if (opened.length > 0) tell('conflict', opened)
  if (closed.length > 0) tell('settled', closed)
  if (dropped.length > 0) tell('undecided', dropped)
  const declined = is.declined ?? null
  if (declined !== null && declined !== (was.declined ?? null)) tell('declined')
  return told
}

function standingOf(outside: TrackedState['outside']): LedgerChange {
  if (outside === null) return 'returned'
  return outside === 'kept' || outside === 'replaced' ? outside : 'marked'
}

function decisionsIn(
  conflicts: Conflicts,
  change: LedgerChange,
  columns: readonly string[],
): readonly ToldDecision[] {
  if (change !== 'settled' && change !== 'undecided') return []
  return columns.flatMap((column) => {
    const { take, by } = conflicts[column] ?? {}
    if (take === undefined) return []
    return [{ column, take: take.side, value: take.side === 'value' ? take.value : null, by: by ?? null }]
  })
}
