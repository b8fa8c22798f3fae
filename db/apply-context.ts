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
  readonly segment: number
  /** A person approved this very plan: a row is written only if it is still as they saw it. */
  readonly approved: boolean
  /** A person waived what protects edits from a change of policy. */
  readonly free: boolean
  /** How long a single row that someone else holds is waited for. */
  readonly patienceMs: number
  /** Called as work is done, with the rows that were copied since the last call. */
  readonly heard: (rows?: number) => void
}

/**
 * How long a batch waits for a lock. Well below the server's deadlock_timeout (1 s by default): where we and a user of
 * the table wait for each other, we give way before the server picks a victim.
 */
export const BATCH_LOCK_TIMEOUT = 100
