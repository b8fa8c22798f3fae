import type { Layout } from '../core/layout.js'
import type { Master } from '../core/master.js'
import type { Lease } from './lease.js'
import type { Session } from './session.js'

/** What the batches of a segment share. */
export interface ApplyContext {
  readonly source: Session
  readonly cloud: Session
  readonly master: Master
  readonly layout: Layout
  readonly lease: Lease
  /** How long a single row that someone else holds is waited for. */
  readonly patienceMs: number
  /** Called as work is done, with the rows that were copied since the last call. */
  readonly heard: (rows?: number) => void
}
