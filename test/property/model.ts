import { basesOf, decideCell, hashOf, imageOf, isProtected, mapColumns } from './cells.js'
import { causeOf, plan } from './plan.js'
import { answer, ask, isStillSo } from './questions.js'
import { replaceRows } from './replace.js'
import { undo } from './undo.js'
import {
  cellsOf,
  COLUMNS,
  marksOf,
  UNMARKED,
  type Cells,
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
  /** The run that it takes back. */
  readonly undoes?: number
}

/** What a run comes to. */
export interface Ran {
  readonly planned: readonly Planned[]
  readonly changes: readonly Change[]
  /** What the report counts, row by row. */
  readonly counted: readonly Change['kind'][]
  /** Whether a row took the place of another. */
  readonly replaced: boolean
  /** The question that it asks, or points at. */
  readonly question: number | null
}

/** One run, in the model. */
export function runModel(state: State, task: Task, run: number): Ran {
  const nothing: Ran = { planned: [], changes: [], counted: [], replaced: false, question: null }
  if (task.undoes !== undefined) {
    const changes = undo(state, task.undoes, run)
    return { ...nothing, changes, counted: changes.map(({ kind }) => kind) }
  }
  if (task.mode === 'plan')
    return { ...nothing, planned: plan(state, task).map((row) => foresee(state, row, run)) }
  const planned = task.answers === undefined ? plan(state, task) : answer(state, task.answers, run)
  const due = planned.filter(
    (row) => row.held === null && (task.answers === undefined || isStillSo(state, row)),
  )
  const changes = due.flatMap((row): Change[] => {
    const tracked = state.tracked.get(row.id)
    const made = write(state, row, tracked, run)
    return made === undefined ? [] : [{ id: row.id, run, tracked, why: null, undoneBy: null, ...made }]
  })
  state.history.push(...changes)
  state.used.add(JSON.stringify(state.rules.policies))
  state.known ??= state.rules.policies
  const full = task.only === undefined && task.answers === undefined
  // What was equal before anything was written.
  if (full) noteAlike(state, planned)
  const counted = [...changes.map(({ kind }) => kind), ...replaceRows(state, task, run)]
  const written: Ran = {
    ...nothing,
    planned,
    changes: state.history.filter((change) => change.run === run),
    counted,
    replaced: [...state.replacements.values()].some((one) => one.run === run),
  }
  if (!full) return written
  if (task.approve === true) state.hold = false
  const held = planned.filter((row) => row.held !== null)
  const question = ask(state, held, run)
  // One that met a hold has done nothing.
  const completed = !held.some((row) => row.held === 'hold')
  state.seasoned ||= completed && [...state.list].some((id) => state.source.has(id))
  return { ...written, question }
}

/** An update that would leave the row as it is, is none. */
function foresee(state: State, row: Planned, run: number): Planned {
  const { id, kind, held } = row
  const cloud = state.cloud.get(id)
  if (held !== null || !kind.endsWith('_changed') || cloud === undefined) return row
  if (cloud.locked) return { ...row, kind: 'locked' }
  const tried: State = structuredClone(state)
  write(tried, row, tried.tracked.get(id), run)
  if (JSON.stringify(tried.cloud.get(id)) !== JSON.stringify(cloud)) return row
  return { ...row, kind: hasConflicts(tried, id) ? 'conflict' : 'edit_kept' }
}

function hasConflicts({ tracked }: State, id: string): boolean {
  return Object.keys(tracked.get(id)?.conflicts ?? {}).length > 0
}

type Made = Pick<Change, 'kind' | 'before' | 'after'>
const NOTED: Made = { kind: 'noted', before: null, after: null }

/** @returns undefined: nothing that the history has */
function write(
  state: State,
  { id, kind }: Planned,
  tracked: Tracked | undefined,
  run: number,
): Made | undefined {
  const row = state.cloud.get(id)
  const source = state.source.get(id)
  const cause = causeOf(state, id)
  if (cause === undefined) {
    if (source === undefined) throw new Error(`${kind} of a row that the source lacks`)
    if (row !== undefined) return decide(state, id, source, row, tracked, run)
    state.cloud.set(id, { values: source, locked: false, removed: UNMARKED })
    track(state, id, tracked, source, {}, run, 'synced')
    return tracked === undefined ? undefined : { kind: 'restored', before: null, after: null }
  }
  if (tracked === undefined) throw new Error(`${kind} of a row that is not tracked`)
  // Whatever was to become of a row that is not there any more, it is let go.
  if (row === undefined || kind === 'forget') {
    state.tracked.delete(id)
    return NOTED
  }
  if (kind === 'keep') {
    // A run for some ids may have kept it while a person was asked.
    if (tracked.outside !== null) return undefined
    state.tracked.set(id, { ...tracked, outside: 'kept' })
    return NOTED
  }
  if (kind.startsWith('delete')) {
    state.cloud.delete(id)
    state.tracked.delete(id)
    return { kind: 'removed', before: cellsOf(row), after: null }
  }
  const removed = { reason: cause, at: `run ${run}` }
  state.cloud.set(id, { ...row, removed })
  state.tracked.set(id, { ...tracked, outside: `marked_${cause}` })
  return { kind: 'marked', before: marksOf(row), after: marksOf({ removed }) }
}

/** A row that is there on both sides, cell by cell. */
function decide(
  state: State,
  id: string,
  source: Values,
  row: CloudRow,
  tracked: Tracked | undefined,
  run: number,
): Made | undefined {
  const { policies } = state.rules
  const before = JSON.stringify(tracked)
  if (row.locked && tracked !== undefined) {
    const hash = hashOf(policies, id, source)
    state.tracked.set(id, { ...tracked, declined: hash === tracked.applied ? null : hash })
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
      state.cloud.set(id, { ...row, values, removed: UNMARKED })
    }
  }
  const cells = difference(cellsOf(row), cellsOf(state.cloud.get(id) ?? row))
  if (tracked === undefined) return { kind: 'adopted', ...cells }
  if (cells.before !== null) return { kind: 'updated', ...cells }
  return before === JSON.stringify(state.tracked.get(id)) ? undefined : NOTED
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
    declined: null,
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
  // One whose conflict may end is equal all the same, also while it waits.
  const seen = new Set(planned.flatMap(({ id, kind }) => (kind === 'settle' ? [] : [id])))
  if (state.used.size > 1) {
    for (const [id, row] of state.tracked) {
      const source = state.list.has(id) ? state.source.get(id) : undefined
      const cloud = state.cloud.get(id)
      if (seen.has(id) || source === undefined || cloud === undefined || row.outside !== null || cloud.locked)
        continue
      const known = Object.fromEntries(
        Object.entries(row.bases).filter(([c]) => isProtected(policies, c as Column)),
      )
      state.tracked.set(id, {
        ...row,
        applied: hashOf(policies, id, source),
        declined: null,
        bases: { ...basesOf(policies, source), ...known },
      })
    }
  }
  if (!planned.some(({ held }) => held === 'hold')) state.used.clear()
  state.used.add(JSON.stringify(policies))
  if (!planned.some(({ held }) => held === 'edits')) state.known = policies
}

function difference(before: Cells, after: Cells): Pick<Change, 'before' | 'after'> {
  const changed = Object.keys(before).filter((name) => before[name] !== after[name])
  if (changed.length === 0) return { before: null, after: null }
  const pick = (row: Cells) => Object.fromEntries(changed.map((name) => [name, row[name] ?? null]))
  return { before: pick(before), after: pick(after) }
}
