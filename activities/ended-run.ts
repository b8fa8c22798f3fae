import type { Mode, RowCounts, RunFailure, RunReport } from '../core/report.js'
import type { RunTask } from '../core/task.js'
import type { RunRef, Traffic } from './deps.js'
import type { ProvenSegment } from './prove-segment.js'

/** What is known of a run when it has ended, and is to be closed. */
export interface CloseRunInput extends RunTask {
  readonly master: string
  readonly mode: Mode
  /** Missing where the run could not be opened. */
  readonly ref?: RunRef
  readonly wal?: number
  readonly bytes: Traffic
  readonly seconds: RunReport['seconds']
  readonly startedAt: string
  /** Rows that a step had to see to. */
  readonly work: number
  readonly proof: ProvenSegment
  /** Of an undo: what it has taken back. */
  readonly undone?: Partial<RowCounts>
  readonly ended:
    | { readonly kind: 'finished' }
    | { readonly kind: 'cancelled' }
    | { readonly kind: 'failed'; readonly failure: RunFailure }
}
