import { defineQuery } from '@temporalio/workflow'
import type { ReadingOptions } from '../core/import-reading.js'
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

export interface ImportInput {
  readonly master: string
  /** The number of what was staged; missing: the files are fetched. */
  readonly import?: string
  /** URLs; missing: as the master's file says. */
  readonly from?: readonly string[]
  readonly reading?: ReadingOptions
  readonly approve?: true
  readonly answers?: number
  readonly by?: string
  readonly ledger?: string
  readonly leaseMs: number
  /** The line that the Temporal Web UI shows beside the sync that follows. */
  readonly summaryOfSync?: string
}

export const progressQuery = defineQuery<Progress>('progress')
