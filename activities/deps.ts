import type { Master } from '../core/master.js'
import type { Side } from '../db/failures.js'
import type { Database } from '../db/session.js'
import type { Webhook } from './webhook.js'

/** What the steps are given by the process that hosts them. */
export interface ActivityDeps {
  /** Reads the master's file as it is now. */
  readonly loadMaster: (name: string) => Master
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
