import type { Layout } from '../core/layout.js'
import type { Lease } from './lease.js'
import type { Session } from './session.js'

/** What the batches of an undo share. */
export interface UndoContext {
  readonly cloud: Session
  readonly master: string
  readonly layout: Layout
  /** Of the undo's own run. */
  readonly lease: Lease
  /** The run that is taken back; behind it, where that is itself an undo, the run that it took back, and so on. */
  readonly chain: readonly [number, ...number[]]
  /** Rows in one transaction. */
  readonly batchRows: number
  /** How long a single row that someone else holds is waited for. */
  readonly patienceMs: number
  /** Called as work is done, with the rows that were looked at. */
  readonly heard: (rows?: number) => void
}
