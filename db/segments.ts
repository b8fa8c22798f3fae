import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { PlanCounts } from '../core/plan.js'
import type { Interval } from '../core/segments.js'
import { SyncError } from '../core/errors.js'
import type { PlannedStep } from './planned-step.js'
import { checkLease, type Lease } from './lease.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

/** Counts of a segment's rows by what became of them. */
export type SegmentCounts = Readonly<Record<string, number>>

export interface Segment {
  readonly number: number
  readonly interval: Interval
  readonly whole: boolean
  /** Of a segment to be inserted whole: listed rows that the source had when compared. */
  readonly present: number
  readonly cursor: Key | undefined
  readonly applied: boolean
  readonly written: SegmentCounts
}

/** Stores the intervals of a run once; asked again, keeps those that are there. */
export async function storeSegments(
  session: Session,
  lease: Lease,
  intervals: readonly Interval[],
): Promise<number> {
  const { db } = session
  const { run } = lease
  return transaction(session, READ_COMMITTED, async () => {
    // Two attempts at once would each find none, and mix their bounds.
    await sql`select from master_sync.runs where run = ${run} for update`.execute(db)
    await sql`
      insert into master_sync.segments (run, segment, from_key, below_key)
      select ${run}, i.ordinality - 1,
        case when jsonb_typeof(i.value -> 'from') = 'array' then array(select jsonb_array_elements_text(i.value -> 'from')) end,
        case when jsonb_typeof(i.value -> 'below') = 'array' then array(select jsonb_array_elements_text(i.value -> 'below')) end
      from jsonb_array_elements(${JSON.stringify(intervals)}::jsonb) with ordinality i
      where not exists (select from master_sync.segments where run = ${run})`.execute(db)
    const { rows } = await sql<{ readonly count: number }>`
      select count(*)::integer as count from master_sync.segments where run = ${run}`.execute(db)
    await checkLease(session, lease)
    return rows[0]?.count ?? 0
  })
}

/** The segments from `first` to `last`, in order. */
export async function readSegments(
  { db }: Session,
  run: number,
  first: number,
  last: number,
): Promise<readonly Segment[]> {
  const rows = await db
    .selectFrom('master_sync.segments')
    .selectAll()
    .where('run', '=', String(run))
    .where('segment', '>=', first)
    .where('segment', '<=', last)
    .orderBy('segment')
    .execute()
  const bound = (key: string[] | null): Key | undefined => (key === null ? undefined : keyFromDatabase(key))
  return rows.map((row) => ({
    number: row.segment,
    interval: { from: bound(row.from_key), below: bound(row.below_key) },
    whole: row.whole,
    present: row.present ?? 0,
    cursor: bound(row.cursor),
    applied: row.applied,
    written: row.written ?? {},
  }))
}

export async function readSegment(session: Session, run: number, number: number): Promise<Segment> {
  const [segment] = await readSegments(session, run, number, number)
  if (segment === undefined) throw new Error(`run ${run} has no segment ${number}`)
  return segment
}

/** What a comparison found of one segment. */
export interface FoundSegment {
  readonly segment: number
  readonly whole: boolean
  /** Of all segments that were compared together; null for those after the first. */
  readonly listed: number | null
  readonly present: number | null
  readonly steps: readonly PlannedStep[]
}

export interface StoredSegment extends Omit<FoundSegment, 'whole' | 'steps'> {
  readonly planned: PlanCounts
}

/**
 * Stores what a comparison found, and its plan with it, once: of two attempts the first stands, for its segments may
 * be being written by their plan when the second comes.
 * @param plan stores the plan of a segment and counts it
 * @returns what stands
 */
export async function storeComparison(
  session: Session,
  lease: Lease,
  found: readonly FoundSegment[],
  plan: (segment: number, steps: readonly PlannedStep[]) => Promise<PlanCounts>,
): Promise<readonly StoredSegment[]> {
  const { db } = session
  return transaction(session, READ_COMMITTED, async () => {
    const rows = await db
      .selectFrom('master_sync.segments')
      .select(['segment', 'listed', 'present', 'planned'])
      .where('run', '=', String(lease.run))
      .where(
        'segment',
        'in',
        found.map(({ segment }) => segment),
      )
      .orderBy('segment')
      .forUpdate()
      .execute()
    const standing = rows.flatMap(({ segment, listed, present, planned }) =>
      planned === null ? [] : [{ segment, listed, present, planned }],
    )
    if (standing.length === found.length) return standing
    if (standing.length > 0) throw new Error(`of segments compared together some are stored already`)
    const stored: StoredSegment[] = []
    for (const { segment, whole, listed, present, steps } of found) {
      const planned = whole ? { insert: present ?? 0 } : await plan(segment, steps)
      await db
        .updateTable('master_sync.segments')
        .set({ whole, listed, present, planned: JSON.stringify(planned) })
        .where('run', '=', String(lease.run))
        .where('segment', '=', segment)
        .execute()
      stored.push({ segment, listed, present, planned })
    }
    await checkLease(session, lease)
    return stored
  })
}

/**
 * Notes in the writing transaction itself how far the segment is written. Whichever of two attempts at the same step
 * commits first wins; the other finds the checkpoint moved and writes nothing.
 */
export async function advance(
  { db }: Session,
  run: number,
  segment: Segment,
  next: { readonly cursor: Key | undefined; readonly written: SegmentCounts; readonly applied: boolean },
): Promise<void> {
  const from = segment.cursor === undefined ? null : [...segment.cursor]
  const to = next.cursor === undefined ? null : [...next.cursor]
  const result = await sql`
    update master_sync.segments
    set cursor = ${to}::text[], written = ${JSON.stringify(next.written)}::jsonb, applied = ${next.applied}
    where run = ${run} and segment = ${segment.number} and not applied and cursor is not distinct from ${from}::text[]
      and coalesce(written, '{}') = ${JSON.stringify(segment.written)}::jsonb`.execute(db)
  if ((result.numAffectedRows ?? 0n) === 0n) throw checkpointMoved(run, segment.number)
}

/** Notes the counts after a busy row, in the transaction that wrote it; fails when another attempt was faster. */
export async function noteWritten(
  { db }: Session,
  run: number,
  segment: number,
  counts: { readonly before: SegmentCounts; readonly after: SegmentCounts },
): Promise<void> {
  const result = await sql`
    update master_sync.segments set written = ${JSON.stringify(counts.after)}::jsonb
    where run = ${run} and segment = ${segment}
      and coalesce(written, '{}') = ${JSON.stringify(counts.before)}::jsonb`.execute(db)
  if ((result.numAffectedRows ?? 0n) === 0n) throw checkpointMoved(run, segment)
}

/** The sums over all segments of a run. */
export interface RunTotals {
  /** Segments that were not compared yet. */
  readonly open: number
  readonly listed: number
  readonly present: number
  readonly planned: PlanCounts
  readonly written: SegmentCounts
}

export async function sumSegments({ db }: Session, run: number): Promise<RunTotals> {
  const rows = await db
    .selectFrom('master_sync.segments')
    .select(['listed', 'present', 'planned', 'written'])
    .where('run', '=', String(run))
    .execute()
  return {
    open: rows.filter((row) => row.planned === null).length,
    listed: rows.reduce((sum, row) => sum + (row.listed ?? 0), 0),
    present: rows.reduce((sum, row) => sum + (row.present ?? 0), 0),
    planned: addCounts(rows.map((row) => row.planned ?? {})),
    written: addCounts(rows.map((row) => row.written ?? {})),
  }
}

export function addCounts(all: readonly SegmentCounts[]): SegmentCounts {
  const sum: Record<string, number> = {}
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count
  return sum
}

/** For whichever of two attempts at one step comes second. */
export function checkpointMoved(run: number, segment: number): SyncError {
  return new SyncError('CHECKPOINT_MOVED', `segment ${segment} of run ${run} was written by another attempt`)
}
