import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { Layout } from '../core/layout.js'
import type { Master } from '../core/master.js'
import type { Mode, Outcome, RunFailure, RunReport } from '../core/report.js'

/** The schema in the cloud database that holds all that the sync writes down. */
export const LEDGER_SCHEMA = 'master_sync'

/** bigint arrives as text: it is never made a JavaScript number. */
type BigInteger = ColumnType<string, string | number, string | number>
type Timestamp = ColumnType<Date, Date | undefined, Date>

/** Who may write for a master. Writers take `for share` on the row; a takeover updates it, so one of the two waits. */
interface LeaseTable {
  readonly master: string
  /** Grows with every holder; an older token may write nothing. */
  token: BigInteger
  /** The run that holds it; null when free. */
  run: BigInteger | null
}

/** When the holder was last heard of; apart from the lease, so that a heartbeat never waits for a writer. */
interface LeaseBeatTable {
  readonly master: string
  at: Timestamp
}

interface RunTable {
  readonly run: Generated<string>
  readonly kind: 'sync'
  readonly master: string
  readonly mode: Mode
  /** Which execution in Temporal; the same through retries and continue-as-new. */
  readonly workflow_id: string
  readonly execution_id: string
  readonly only_keys: JSONColumnType<readonly (readonly string[])[]> | null
  definition: JSONColumnType<Master>
  layout: JSONColumnType<Layout> | null
  token: BigInteger | null
  /** Rows tracked when it opened. */
  tracked: number | null
  readonly started_at: Generated<Date>
  closed_at: Timestamp | null
  outcome: Outcome | null
  report: JSONColumnType<RunReport> | null
  failure: JSONColumnType<RunFailure> | null
}

interface SegmentTable {
  readonly run: BigInteger
  readonly segment: number
  readonly from_key: string[] | null
  readonly below_key: string[] | null
  /** Nothing tracked in it when compared: inserted whole, without a plan row each. */
  whole: Generated<boolean>
  /** Of all segments that were compared together, with the first of them. */
  listed: number | null
  present: number | null
  planned: JSONColumnType<PlanCounts> | null
  /** The plan, or the whole segment, is written up to here; null when nothing is. */
  cursor: string[] | null
  applied: Generated<boolean>
  /** Counts of what was written, summed over its transactions. */
  written: JSONColumnType<Record<string, number>> | null
}

interface PlanRowTable {
  readonly run: BigInteger
  readonly segment: number
  readonly key: string[]
  readonly kind: PlanKind
  /** Someone held the row when its batch was written: it is written last, by itself. */
  busy: Generated<boolean>
}

/**
 * insert … update: written from the source · return: a kept row that is back at the source, and equal · untargeted, gone:
 * taken away · keep, forget: noted in the ledger only.
 */
export type PlanKind =
  'insert' | 'restore' | 'adopt' | 'update' | 'return' | 'untargeted' | 'gone' | 'keep' | 'forget'
export type PlanCounts = Readonly<Partial<Record<PlanKind, number>>>

interface TrackedRowTable {
  readonly master: string
  readonly key: string[]
  readonly origin: 'synced' | 'adopted'
  /** Hash of the source row last written. */
  applied: BigInteger
  /** Why it is left out of the comparison; null for most. */
  outside: 'kept' | null
}

interface RejectTable {
  readonly master: string
  readonly key: string[]
  readonly run: BigInteger
  readonly column_name: string | null
  readonly sqlstate: string
  readonly message: string
  readonly at: Generated<Date>
}

/** What people were told of a master's schedule: by all workers together once. */
interface ScheduleWatchTable {
  readonly master: string
  /** Temporal's counters of runs left out. */
  missed: BigInteger
  skipped: BigInteger
  /** The run that brought the copy up to date when it was told to be old, 0 where none had; null: it was not told. */
  old_since: BigInteger | null
}

interface InstallationTable {
  readonly id: string
}

export interface Ledger {
  readonly 'master_sync.installation': InstallationTable
  readonly 'master_sync.leases': LeaseTable
  readonly 'master_sync.lease_beats': LeaseBeatTable
  readonly 'master_sync.runs': RunTable
  readonly 'master_sync.segments': SegmentTable
  readonly 'master_sync.plan_rows': PlanRowTable
  readonly 'master_sync.tracked_rows': TrackedRowTable
  readonly 'master_sync.rejects': RejectTable
  readonly 'master_sync.schedule_watch': ScheduleWatchTable
}
