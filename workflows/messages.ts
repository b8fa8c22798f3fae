import { defineQuery } from '@temporalio/workflow'
import type { Key } from '../core/ids.js'
import type { Mode } from '../core/report.js'
import type { SyncState } from './state.js'

export interface SyncInput {
  readonly master: string
  readonly mode: Mode
  /** Keys of `--only`; undefined: all that is listed or tracked. */
  readonly only?: readonly Key[]
  /** LEASE_SECONDS of whoever started the run, in ms: what the timeouts of the steps follow from. */
  readonly leaseMs: number
  /** Continue as new from this many events of history on; undefined: when the server suggests it. */
  readonly historyLimit?: number
  /** Where the run stands, when it continues as new. */
  readonly resumed?: SyncState
}

export const PHASES = ['open', 'cut', 'compare', 'guard', 'apply', 'prove', 'close'] as const
export type Phase = (typeof PHASES)[number]

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
}

export const progressQuery = defineQuery<Progress>('progress')
