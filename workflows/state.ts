import type { RunRef, Traffic } from '../activities/deps.js'
import type { ProvenSegment } from '../activities/prove-segment.js'
import type { RowCounts } from '../core/report.js'

export type Phase =
  | 'open'
  | 'fetch'
  | 'plan'
  | 'cut'
  | 'compare'
  | 'guard'
  | 'apply'
  | 'prove'
  | 'undo'
  | 'replace'
  | 'publish'
  | 'close'

/** What the query `progress` answers. */
export interface Progress {
  /** undefined until the run is recorded. */
  readonly run: number | undefined
  readonly phase: Phase
  readonly segments: { readonly done: number; readonly total: number }
  /** Rows of the phase: compared, written or proven. */
  readonly rows: { readonly done: number; readonly total: number }
  /** Since the run opened. */
  readonly seconds: number
  /** When the phase began, in ms; of one that counts no rows it is not told. */
  readonly phaseStartedAt?: number
}

/** Consecutive segments, by the first and the last: what one step works on. */
export type Span = readonly [first: number, last: number]

/** Where a run stands: plain JSON, small, so that it can be carried into a new execution. */
export interface SyncState {
  readonly startedAt: number
  phase: Phase
  phaseStartedAt: number
  ref?: RunRef
  /** LEASE_SECONDS of the worker that opened the run, in ms. */
  leaseMs?: number
  wal?: number
  /** Whether the list is written somewhere after the run. */
  publishes?: boolean
  /** Whether rows take the place of others when all is written. */
  replaces?: boolean
  /** What of the phase is still to be begun. */
  left: Span[]
  /** Segments in which there is something to do, and how many rows. */
  work: [segment: number, rows: number][]
  segments: number
  listed: number
  done: number
  rowsDone: number
  bytes: Traffic
  seconds: Record<string, number>
  proof: ProvenSegment
  /** What an undo has taken back. */
  undone?: Partial<RowCounts>
}

export function newState(now: number): SyncState {
  return {
    startedAt: now,
    phase: 'open',
    phaseStartedAt: now,
    left: [],
    work: [],
    segments: 0,
    listed: 0,
    done: 0,
    rowsDone: 0,
    bytes: { source: 0, cloud: 0 },
    seconds: {},
    proof: { unequal: 0, moved: 0, sample: [] },
  }
}

export function enter(state: SyncState, phase: Phase, left: readonly Span[] = []): void {
  const now = Date.now()
  state.seconds[state.phase] = round((state.seconds[state.phase] ?? 0) * 1000 + now - state.phaseStartedAt)
  state.phase = phase
  state.phaseStartedAt = now
  state.left = [...left]
  state.done = 0
  state.rowsDone = 0
}

export function addBytes(state: SyncState, bytes: Traffic): void {
  state.bytes = { source: state.bytes.source + bytes.source, cloud: state.bytes.cloud + bytes.cloud }
}

export function workRows(state: SyncState): number {
  return state.work.reduce((sum, [, rows]) => sum + rows, 0)
}

export function progressOf(state: SyncState): Progress {
  const writing = state.phase === 'apply' || state.phase === 'prove'
  return {
    run: state.ref?.run,
    phase: state.phase,
    segments: { done: state.done, total: writing ? state.work.length : state.segments },
    rows: { done: state.rowsDone, total: writing ? workRows(state) : state.listed },
    seconds: round(Date.now() - state.startedAt),
    phaseStartedAt: state.phaseStartedAt,
  }
}

export function round(ms: number): number {
  return Math.round(ms) / 1000
}
