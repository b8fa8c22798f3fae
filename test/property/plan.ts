import { hashOf, hasEdits, imageOf, seenOf } from './cells.js'
import type { Task } from './model.js'
import { isAwaited, isStillReplaced } from './replace.js'
import {
  COLUMNS,
  IDS,
  type Cause,
  type CloudRow,
  type HeldKind,
  type Planned,
  type State,
  type Tracked,
} from './state.js'

/** What a run would do, row by row, and what of it waits for a person. */
export function plan(state: State, task: Task): readonly Planned[] {
  const ids = task.only ?? IDS
  const planned = ids.flatMap((id): Planned[] => {
    const row = planRow(state, id)
    return row === undefined
      ? []
      : [{ ...row, held: task.approve !== true && takesEdits(state, row) ? 'edits' : null }]
  })
  if (task.approve === true) return planned
  const hold = (why: HeldKind, kinds: readonly string[]): void => {
    for (const row of planned) if (row.held === null && kinds.includes(row.kind)) row.held = why
  }
  if (state.hold) hold('hold', ALL)
  else if (task.only === undefined)
    for (const kind of beyondLimits(state, planned)) hold(kind, HELD_WITH[kind])
  return planned
}

type Row = Omit<Planned, 'held'>

/**
 * @param answered a person has said yes to what was planned before
 * @returns undefined: there is nothing to do
 */
export function planRow(state: State, id: string, answered = false): Row | undefined {
  const { policies } = state.rules
  const source = state.list.has(id) ? state.source.get(id) : undefined
  const cloud = state.cloud.get(id)
  const tracked = state.tracked.get(id)
  if (source === undefined) return planRemoval(state, id, cloud, tracked)
  const hash = hashOf(policies, id, source)
  const as = (kind: string, image?: string): Row => ({ id, kind, source: hash, image })
  if (!answered && isStillReplaced(state, id)) return undefined
  if (cloud === undefined) return as(tracked === undefined ? 'insert' : 'restore')
  if (tracked === undefined) return as('adopt', cloud.locked ? undefined : hashOf(policies, id, cloud.values))
  // What it needs cannot be done to it now: it is looked at again once it is unlocked.
  if (tracked.outside !== null && cloud.locked) return undefined
  const image = imageOf(policies, id, cloud, tracked)
  if (tracked.outside !== null)
    return as(tracked.outside === 'kept' && image === hash ? 'return' : 'revive', image)
  if (image === hash) return mayEnd(state, cloud, tracked) ? as('settle', image) : undefined
  const seen = seenOf(cloud, tracked)
  if (image === seen) return as('source_changed', image)
  return as(hash === seen ? 'cloud_changed' : 'both_changed', image)
}

function planRemoval(
  state: State,
  id: string,
  cloud: CloudRow | undefined,
  tracked: Tracked | undefined,
): Row | undefined {
  if (tracked === undefined) return undefined
  if (cloud === undefined) return { id, kind: 'forget', source: undefined, image: undefined }
  if (cloud.locked || tracked.outside === 'replaced') return undefined
  const cause = causeOf(state, id)
  if (cause === undefined) return undefined
  const as = (kind: string): Row => ({ id, kind, source: undefined, image: imageToGo(cloud) })
  const policy = state.rules.removals[cause]
  if (policy === 'keep') return tracked.outside === null ? as('keep') : undefined
  const awaited = isAwaited(state, id)
  if (tracked.origin === 'adopted' && cause === 'untargeted') return awaited ? undefined : as('forget')
  if (policy === 'delete' && tracked.origin === 'synced') return awaited ? undefined : as(`delete_${cause}`)
  return tracked.outside === `marked_${cause}` ? undefined : as(`mark_${cause}`)
}

/** Why a row should go. */
export function causeOf({ list, source }: State, id: string): Cause | undefined {
  if (!list.has(id)) return 'untargeted'
  return source.has(id) ? undefined : 'gone'
}

/** What a person sees of a row that is to go: all that the sync ever writes. */
export function imageToGo({ values }: CloudRow): string {
  return JSON.stringify(values)
}

/** A conflict that was decided, or is about a cloud value or a column that is another by now. */
function mayEnd({ rules: { policies } }: State, cloud: CloudRow, { conflicts }: Tracked): boolean {
  if (cloud.locked) return false
  return COLUMNS.some((column) => {
    const open = conflicts[column]
    if (open === undefined) return false
    return policies[column] !== 'keep_edits' || open.take !== undefined || open.cloud !== cloud.values[column]
  })
}

/** Deletions, and columns that the source decides from now on. */
function takesEdits(state: State, { id, kind }: Row): boolean {
  const { policies } = state.rules
  const row = state.cloud.get(id)
  const tracked = state.tracked.get(id)
  if (row === undefined || tracked === undefined) return false
  if (kind.startsWith('delete')) return hasEdits(policies, id, row, tracked)
  if (!UPDATES.includes(kind) || kind === 'settle') return false
  return COLUMNS.some((column) => {
    // What would be written is what stands there: nothing is lost.
    if (row.values[column] === state.source.get(id)?.[column]) return false
    const formerly = tracked.bases[column] !== undefined || state.known?.[column] === 'insert_only'
    const loosened = policies[column] === 'overwrite' && formerly
    // Where no base is known, any value may be what people wrote.
    return loosened && row.values[column] !== (tracked.bases[column] ?? null)
  })
}

const INSERTS = ['insert', 'restore']
const UPDATES = ['source_changed', 'cloud_changed', 'both_changed', 'revive', 'settle']
const REMOVALS = ['delete_untargeted', 'delete_gone', 'mark_untargeted', 'mark_gone']
const COUNTED = {
  inserts: INSERTS,
  updates: ['adopt', 'revive', 'source_changed', 'cloud_changed', 'both_changed'],
  removals: REMOVALS,
}
const HELD_WITH = { ...COUNTED, removals: [...REMOVALS, 'keep', 'forget'] }
const ALL = [...INSERTS, ...UPDATES, 'adopt', 'return', ...HELD_WITH.removals]

/** With so few rows no percentage counts. */
function beyondLimits({ rules: { limits }, list, source, seasoned }: State, planned: readonly Planned[]) {
  const count = (kinds: readonly string[]): number =>
    planned.filter(({ kind }) => kinds.includes(kind)).length
  const beyond = (kind: keyof typeof COUNTED, free: readonly string[] = []): boolean => {
    const limit = limits[kind]
    return limit !== null && count(COUNTED[kind].filter((name) => seasoned || !free.includes(name))) > limit
  }
  const nothing = ![...list].some((id) => source.has(id))
  return [
    ...(beyond('inserts', INSERTS) ? (['inserts'] as const) : []),
    ...(beyond('updates', ['adopt']) ? (['updates'] as const) : []),
    ...(beyond('removals') || (nothing && count(HELD_WITH.removals) > 0) ? (['removals'] as const) : []),
  ]
}
