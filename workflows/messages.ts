import { defineQuery } from '@temporalio/workflow'
import type { Mode } from '../core/report.js'
import type { RunTask } from '../core/task.js'
import type { Progress, SyncState } from './state.js'

export interface SyncInput extends RunTask {
  readonly master: string
  readonly mode: Mode
  /** Whose run it is: the ledger of the cloud database that the starter works with. Any other is not touched. */
  readonly ledger?: string
  /** LEASE_SECONDS of whoever started the run, in ms: the timeouts until the run is open follow from it. */
  readonly leaseMs: number
  /** Continue as new from this many events of history on; undefined: when the server suggests it. */
  readonly historyLimit?: number
  /** Where the run stands, when it continues as new. */
  readonly resumed?: SyncState
}

export const progressQuery = defineQuery<Progress>('progress')
