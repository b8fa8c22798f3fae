import type { Master } from '../core/master.js'
import type { Side } from '../db/failures.js'
import type { Database } from '../db/session.js'
import type { Webhook } from './webhook.js'

/** What the steps are given by the process that hosts them. */
export interface ActivityDeps {
  /** Reads the master's file as it is now. */
  readonly loadMaster: (name: string) => Master
  /** What the paths of lists in masters' files are relative to. */
  readonly listsFolder: string
  /** The database that an environment variable names. */
  readonly database: (side: Side, variable: string) => Database
  /** After how long without a sign of life a run may be taken over. */
  readonly leaseMs: number
  /** Targets in a segment. */
  readonly segmentRows: number
  /** Changed rows in one transaction. */
  readonly batchRows: number
  /** Who is told of runs that a person should look at. */
  readonly webhook: Webhook | undefined
}

/** Share of a lease: a wait for a lock ends before the statement that waits does (0.4). */
const PATIENCE_SHARE = 0.2
const MOST_PATIENCE_MS = 10_000

/** How long a single row that someone else holds is waited for. */
export function patienceOf({ leaseMs }: ActivityDeps): number {
  return Math.min(MOST_PATIENCE_MS, leaseMs * PATIENCE_SHARE)
}

/** Which run a step belongs to: enough to find its databases from any worker. */
export interface RunRef {
  readonly master: string
  readonly run: number
  /** The lease's token. */
  readonly token: string
  /** The environment variables that name the databases. */
  readonly source: string
  readonly cloud: string
}

export interface SegmentInput {
  readonly ref: RunRef
  readonly segment: number
}

/** Bytes on the connections, both ways. */
export interface Traffic {
  readonly source: number
  readonly cloud: number
}
