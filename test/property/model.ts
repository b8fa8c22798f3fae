import { basesOf, decideCell, hashOf, imageOf, mapColumns } from './cells.js'
import { causeOf, plan } from './plan.js'
import { answer, ask, isStillSo } from './questions.js'
import {
  COLUMNS,
  type Change,
  type CloudRow,
  type Column,
  type Conflicts,
  type Planned,
  type State,
  type Text,
  type Tracked,
  type Values,
} from './state.js'

/** What a run is asked to do. */
export interface Task {
  readonly mode: 'apply' | 'plan'
  readonly only?: readonly string[]
  /** Limits, edits and the hold are waived. */
  readonly approve?: true
  /** The question that it answers. */
  readonly answers?: number
}

/** What a run comes to. */
export interface Ran {
  readonly planned: readonly Planned[]
  readonly changes: readonly Change[]
  /** The question that it asks, or points at. */
  readonly question: number | null
}

/** One run, in the model. */
export function runModel(state: State, task: Task, run: number): Ran {
  const full = task.only === undefined && task.answers === undefined
  if (task.mode === 'plan') return { planned: plan(state, task), changes: [], question: null }
  const planned = task.answers === undefined ? plan(state, task) : answer(state, task.answers, run)
  const due = planned.filter(
    (row) => row.held === null && (task.answers === undefined || isStillSo(state, row)),
  )
  const changes = due.flatMap((row) => write(state, row, run))
  state.used.add(JSON.stringify(state.rules.policies))
  state.known ??= state.rules.policies
  if (!full) return { planned, changes, question: null }
  if (task.approve === true) state.hold = false
  noteAlike(state, planned)
  const question = ask(
    state,
    planned.filter(({ held }) => held !== null),
    run,
  )
  state.seasoned ||= [...state.list].some((id) => state.source.has(id))
  return { planned, changes, question }
}

function write(state: State, { id, kind }: Planned, run: number): readonly Change[] {
  const row = state.cloud.get(id)
  const tracked = state.tracked.get(id)
  const source = state.source.get(id)
  const change = (rest: Omit<Change, 'id'>): readonly Change[] => [{ id, ...rest }]
  // Whatever was to become of a row that is not there any more, it is let go.
  if (row === undefined && tracked !== undefined && causeOf(state, id) !== undefined) {
    state.tracked.delete(id)
    return change(NOTED)
  }
  switch (kind) {
    case 'forget':
      state.tracked.delete(id)
      return change(NOTED)
    case 'keep':
      if (tracked !== undefined) state.tracked.set(id, { ...tracked, outside: 'kept' })
      return change(NOTED)
    case 'delete_untargeted':
    case 'delete_gone':
      state.cloud.delete(id)
      state.tracked.delete(id)
      return change({
        kind: 'removed',
        before: row === undefined ? null : { id, ...cellsOf(row) },
        after: null,
      })
    case 'mark_untargeted':
    case 'mark_gone': {
      if (row === undefined || tracked === undefined) throw new Error(`${kind} of a row that is not there`)
      const removed = kind === 'mark_gone' ? 'gone' : 'untargeted'
      state.cloud.set(id, { ...row, removed })
      state.tracked.set(id, { ...tracked, outside: `marked_${removed}` })
      return change({ kind: 'marked', before: marksOf(row), after: marksOf({ ...row, removed }) })
    }
    default:
      if (source === undefined) throw new Error(`${kind} of a row that the source lacks`)
      if (row !== undefined) return decide(state, id, source, row, tracked, run)
      state.cloud.set(id, { values: source, locked: false, removed: null })
      track(state, id, tracked, source, {}, run, 'synced')
      return tracked === undefined ? [] : change({ kind: 'restored', before: null, after: null })
  }
}

const NOTED = { kind: 'noted', before: null, after: null } as const

/** A row that is there on both sides, cell by cell. */
function decide(
  state: State,
  id: string,
  source: Values,
  row: CloudRow,
  tracked: Tracked | undefined,
  run: number,
): readonly Change[] {
  const { policies } = state.rules
  const before = JSON.stringify(tracked)
  if (row.locked && tracked !== undefined) {
    state.tracked.set(id, { ...tracked, applied: hashOf(policies, id, source) })
  } else {
    const outcomes = COLUMNS.map((column) => {
      const known = { base: tracked?.bases[column], open: tracked?.conflicts[column], run }
      const stood = whatStood(state, id, source, row, tracked, column)
      const outcome = decideCell(policies[column], source[column], row.values[column], { ...known, stood })
      return { column, outcome }
    })
    const conflicts: Conflicts = Object.fromEntries(
      outcomes.flatMap(({ column, outcome }) =>
        outcome.does === 'conflict' ? [[column, outcome.conflict]] : [],
      ),
    )
    track(state, id, tracked, source, conflicts, run, 'adopted')
    if (!row.locked) {
      const written = new Map(
        outcomes.flatMap(({ column, outcome }) =>
          outcome.does === 'write' ? [[column, outcome.value]] : [],
        ),
      )
      const values = mapColumns((column) =>
        written.has(column) ? (written.get(column) ?? null) : row.values[column],
      )
      state.cloud.set(id, { ...row, values, removed: null })
    }
  }
  const cells = difference(cellsOf(row), cellsOf(state.cloud.get(id) ?? row))
  if (tracked === undefined) return [{ id, kind: 'adopted', ...cells }]
  if (cells.before !== null) return [{ id, kind: 'updated', ...cells }]
  return before === JSON.stringify(state.tracked.get(id)) ? [] : [{ id, ...NOTED }]
}

/** Where no base is remembered the row as a whole may tell which side has not moved: its value is what both had. */
function whatStood(
  { rules: { policies } }: State,
  id: string,
  source: Values,
  row: CloudRow,
  tracked: Tracked | undefined,
  column: Column,
): Text | undefined {
  if (tracked === undefined || hashOf(policies, id, source) === tracked.applied) return source[column]
  return imageOf(policies, id, row, tracked) === tracked.applied ? row.values[column] : undefined
}

function track(
  { tracked, rules: { policies } }: State,
  id: string,
  was: Tracked | undefined,
  source: Values,
  conflicts: Conflicts,
  run: number,
  origin: Tracked['origin'],
): void {
  tracked.set(id, {
    origin: was?.origin ?? origin,
    applied: hashOf(policies, id, source),
    outside: null,
    bases: basesOf(policies, source),
    conflicts,
    since: was?.since ?? run,
  })
}

/**
 * After the first full run under other policies, rows that were found equal are as if they had been decided by them.
 * Columns of which a row waits for a person stay known as they were.
 */
function noteAlike(state: State, planned: readonly Planned[]): void {
  const { policies } = state.rules
  const seen = new Set(planned.map(({ id }) => id))
  if (state.used.size > 1) {
    for (const [id, row] of state.tracked) {
      const source = state.list.has(id) ? state.source.get(id) : undefined
      const cloud = state.cloud.get(id)
      if (seen.has(id) || source === undefined || cloud === undefined || row.outside !== null || cloud.locked)
        continue
      state.tracked.set(id, {
        ...row,
        applied: hashOf(policies, id, source),
        bases: basesOf(policies, source),
      })
    }
  }
  state.used.clear()
  state.used.add(JSON.stringify(policies))
  if (!planned.some(({ held }) => held === 'edits')) state.known = policies
}

function cellsOf({ values, locked, removed }: CloudRow): Readonly<Record<string, Text>> {
  return { ...values, locked: String(locked), ...marksOf({ removed }) }
}

/** The time of a mark is not modelled, only that there is one. */
function marksOf({ removed }: Pick<CloudRow, 'removed'>): Readonly<Record<string, Text>> {
  return { sync_removed_at: removed === null ? null : 'a time', sync_removed_reason: removed }
}

function difference(
  before: Readonly<Record<string, Text>>,
  after: Readonly<Record<string, Text>>,
): Pick<Change, 'before' | 'after'> {
  const changed = Object.keys(before).filter((name) => before[name] !== after[name])
  if (changed.length === 0) return { before: null, after: null }
  const pick = (row: Readonly<Record<string, Text>>) =>
    Object.fromEntries(changed.map((name) => [name, row[name] ?? null]))
  return { before: pick(before), after: pick(after) }
}
