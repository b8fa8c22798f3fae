import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { AuditDetail } from '../core/audit.js'
import type { KnownColumns } from '../core/drift.js'
import type { HistoryKind, LeftReason } from '../core/history.js'
import type { Layout } from '../core/layout.js'
import type { Master } from '../core/master.js'
import type { PlanCounts, PlanKind } from '../core/plan.js'
import type { Held, Hold, QuestionState, SampleRow } from '../core/question.js'
import type { Outside } from '../core/removal.js'
import type { LeftColumn } from '../core/replacement.js'
import type { Mode, Outcome, ReadList, RowCounts, RunFailure, RunKind, RunReport } from '../core/report.js'

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
  readonly kind: RunKind
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
  /** Who asked for it; null: its schedule. */
  started_by: string | null
  /** Its limits were waived: `start-sync --approve`. */
  approved: Generated<boolean>
  /** The question that it was started to answer with yes. */
  answers: BigInteger | null
  /** The run that it undoes. */
  undoes: BigInteger | null
  /** The question that stood open when it closed: its own, or an earlier one that asks the same. */
  question: BigInteger | null
  /** What it held back; null where nothing. */
  held: JSONColumnType<readonly Held[]> | null
  /** Some rows of its plan with the values of both sides: emptied when history is. */
  sample: JSONColumnType<readonly SampleRow[]> | null
  /** How the lists of the master were read at its start. */
  lists: JSONColumnType<readonly ReadList[]> | null
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
  /** Hash of the source row, and of the cloud's: the image, or of a row to be deleted all its values. */
  source: BigInteger | null
  image: BigInteger | null
  /** Why it waits for a person; null: it does not. */
  held: Held['kind'] | null
  /** Someone held the row when its batch was written: it is written last, by itself. */
  busy: Generated<boolean>
}

interface TrackedRowTable {
  readonly master: string
  readonly key: string[]
  readonly origin: 'synced' | 'adopted'
  /** Hash of the source row last written. */
  applied: BigInteger
  /** Why it is left out of the comparison; null for most. */
  outside: Outside | null
  /** Of the protected columns the source's values when the row was last looked at, as texts. */
  bases: JSONColumnType<Readonly<Record<string, string | null>>> | null
  /** By column, where source and cloud both changed a protected value; null where nowhere. */
  conflicts: JSONColumnType<Readonly<Record<string, StoredConflict>>> | null
  /** The image that a trigger of the cloud made of the row as it was applied. */
  altered: BigInteger | null
  /** Hash of the source row that the row's lock has declined since. */
  declined: BigInteger | null
  /** The run that inserted or adopted it. */
  since: BigInteger | null
}

export type { Outside } from '../core/removal.js'

/** A conflict of one cell; the values are texts. */
export interface StoredConflict {
  /** What both sides had when they last agreed; missing where that is not known. */
  readonly base?: string | null
  readonly source: string | null
  readonly cloud: string | null
  /** The run that found it, and when: ISO 8601. */
  readonly run: number
  readonly at: string
  /** What a person decided, for these values. */
  readonly take?:
    { readonly side: 'source' | 'cloud' } | { readonly side: 'value'; readonly value: string | null }
  readonly by?: string
}

/** What a run did to a row. Rows that were new have none: `since` of their tracked row says it. */
interface RowHistoryTable {
  readonly master: string
  readonly key: string[]
  readonly run: BigInteger
  readonly at: Generated<Date>
  /** noted: only the ledger changed · inserted: by an undo · left: an undo found it changed since, and let it be. */
  readonly kind: HistoryKind
  /** Texts by column: of changed cells before and after; of a removed row all before, nothing after. */
  readonly before: JSONColumnType<Readonly<Record<string, string | null>>> | null
  readonly after: JSONColumnType<Readonly<Record<string, string | null>>> | null
  /** The tracked row before; null: it was not tracked. */
  readonly tracked: JSONColumnType<object> | null
  /** The run that undid it. */
  undone_by: BigInteger | null
  /** What an undo did not take back. */
  readonly left_alone: JSONColumnType<LeftAlone> | null
}

/** Why an undo let a row be, or some cells of it. */
export interface LeftAlone {
  readonly why: LeftReason
  /** By column what the undo would have written, and what stands there. */
  readonly cells: Readonly<Record<string, readonly [string | null, string | null]>>
}

interface QuestionTable {
  readonly run: BigInteger
  readonly about: Generated<'sync' | 'import'>
  readonly master: string
  /** The same for the same rows with the same hashes. */
  readonly fingerprint: string
  readonly asked_at: Generated<Date>
  readonly expires_at: Timestamp
  state: Generated<QuestionState>
  decided_by: string | null
  decided_at: Timestamp | null
  /** Why, in the words of who decided. */
  reason: string | null
  /** The run that answered it, or that asks otherwise now. */
  successor: BigInteger | null
}

interface MasterTable {
  readonly master: string
  /** Columns with their policies as of the last full run. */
  columns: JSONColumnType<KnownColumns> | null
  /** Why apply runs hold everything. */
  hold: JSONColumnType<Hold> | null
}

/** Who started an execution: for those that a schedule starts when asked to. */
interface StarterTable {
  readonly execution_id: string
  readonly who: string
}

/** An id on a list; `list` is its URI, or `table` for what stands in the on-prem table by hand. */
interface TargetEntryTable {
  readonly master: string
  readonly key: string[]
  readonly list: string
  /** Kept only with `targets: notes: true`. */
  note: string | null
  note_hash: BigInteger | null
  /** place: the on-prem table is still to get it, or its note · leave: it is to leave the table. */
  pending: 'place' | 'leave' | null
  readonly since: Generated<Date>
  added_by: string | null
  /** The run that found it. */
  readonly run: BigInteger | null
}

/** That an entry was added it says itself; that it stood here says the change that removed it. */
interface TargetChangeTable {
  readonly id: Generated<string>
  readonly master: string
  readonly key: string[]
  readonly list: string
  readonly what: 'changed' | 'removed'
  readonly note: string | null
  readonly at: Generated<Date>
  /** The run that found it. */
  readonly run: BigInteger | null
  readonly changed_by: string | null
  /** Of a removed entry: when it was added, and by whom. */
  readonly added_at: Date | null
  readonly added_by: string | null
}

/** How a list was read when it was read last. */
interface TargetListTable {
  readonly master: string
  readonly list: string
  /** The same for the same entries in the same order. */
  fingerprint: string | null
  entries: number | null
  read_at: Timestamp | null
  /** Why it could not be read since; what was read before stays in force. */
  failure: JSONColumnType<RunFailure> | null
  /** Whether the on-prem table has all that the list names. */
  settled: Generated<boolean>
}

/** An id that was issued anew as another. */
interface ReplacementTable {
  readonly master: string
  readonly old_key: string[]
  readonly new_key: string[]
  readonly asked_by: string | null
  readonly asked_at: Generated<Date>
  /** The run that carried the old row over; null: it waits for the new one. */
  run: BigInteger | null
  done_at: Timestamp | null
  /** Columns that were carried over, and such as were not, with the reason. */
  carried: Generated<string[]>
  left_alone: Generated<readonly LeftColumn[]>
  /** What became of the two rows: counts, as a run reports them. */
  written: JSONColumnType<Partial<RowCounts>> | null
  /** The old id has left the list since: whoever lists it again means it. */
  off_list: Generated<boolean>
}

/** How a list was written when it was written last. */
interface PublishedListTable {
  readonly master: string
  readonly list: string
  /** The same for the same ids and notes. */
  digest: string | null
  entries: number | null
  written_at: Timestamp | null
  /** Why it could not be written since. */
  failure: JSONColumnType<RunFailure> | null
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

/** Where what the cloud holds was published, and as of when: by part of the register. */
interface PublicationTable {
  readonly master: string
  readonly publication: string
  readonly scope: string
  readonly as_of: string
  /** What a publisher demands to be said wherever its data is shown. */
  readonly attribution: string | null
  /** The run that brought it. */
  readonly run: BigInteger
}

/** What was changed in the web pages. */
interface ConsoleAuditTable {
  readonly id: Generated<string>
  readonly at: Generated<Date>
  readonly who: string
  readonly role: string
  readonly master: string
  readonly what: string
  readonly detail: JSONColumnType<AuditDetail>
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
  readonly 'master_sync.target_entries': TargetEntryTable
  readonly 'master_sync.target_changes': TargetChangeTable
  readonly 'master_sync.target_lists': TargetListTable
  readonly 'master_sync.replacements': ReplacementTable
  readonly 'master_sync.published_lists': PublishedListTable
  readonly 'master_sync.rejects': RejectTable
  readonly 'master_sync.schedule_watch': ScheduleWatchTable
  readonly 'master_sync.questions': QuestionTable
  readonly 'master_sync.row_history': RowHistoryTable
  readonly 'master_sync.masters': MasterTable
  readonly 'master_sync.publications': PublicationTable
  readonly 'master_sync.starters': StarterTable
  readonly 'master_sync.console_audit': ConsoleAuditTable
}
