import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import type { Interval } from '../core/segments.js'
import { SyncError } from '../core/errors.js'
import type { Step } from '../core/compare.js'
import { cloudEquals, keyOfTable, keysTable, tableOf } from './fragments.js'
import type { PlanCounts, PlanKind } from './ledger.js'
import type { Session } from './session.js'

/** Counts of a segment's rows by what became of them. */
export type SegmentCounts = Readonly<Record<string, number>>

export interface Segment {
  readonly number: number
  readonly interval: Interval
  readonly whole: boolean
  readonly cursor: Key | undefined
  readonly applied: boolean
  readonly written: SegmentCounts
}

/** Stores the intervals of a run once; asked again, keeps those that are there. */
export async function storeSegments(
  { db }: Session,
  run: number,
  intervals: readonly Interval[],
): Promise<number> {
  await sql`
    insert into master_sync.segments (run, segment, from_key, below_key)
    select ${run}, i.ordinality - 1,
      case when jsonb_typeof(i.value -> 'from') = 'array' then array(select jsonb_array_elements_text(i.value -> 'from')) end,
      case when jsonb_typeof(i.value -> 'below') = 'array' then array(select jsonb_array_elements_text(i.value -> 'below')) end
    from jsonb_array_elements(${JSON.stringify(intervals)}::jsonb) with ordinality i
    where not exists (select from master_sync.segments where run = ${run})`.execute(db)
  const { rows } = await sql<{ readonly count: number }>`
    select count(*)::integer as count from master_sync.segments where run = ${run}`.execute(db)
  return rows[0]?.count ?? 0
}

export async function readSegment({ db }: Session, run: number, number: number): Promise<Segment> {
  const row = await db
    .selectFrom('master_sync.segments')
    .selectAll()
    .where('run', '=', String(run))
    .where('segment', '=', number)
    .executeTakeFirstOrThrow()
  const bound = (key: string[] | null): Key | undefined => (key === null ? undefined : keyFromDatabase(key))
  return {
    number,
    interval: { from: bound(row.from_key), below: bound(row.below_key) },
    whole: row.whole,
    cursor: bound(row.cursor),
    applied: row.applied,
    written: row.written ?? {},
  }
}

export interface Comparison {
  readonly whole: boolean
  readonly listed: number
  readonly present: number
  readonly planned: PlanCounts
}

export async function storeComparison(
  { db }: Session,
  run: number,
  segment: number,
  comparison: Comparison,
): Promise<void> {
  await db
    .updateTable('master_sync.segments')
    .set({ ...comparison, planned: JSON.stringify(comparison.planned) })
    .where('run', '=', String(run))
    .where('segment', '=', segment)
    .execute()
}

export interface PlannedStep {
  readonly key: Key
  readonly step: Step | 'keep'
}

/** How many keys travel in one statement. */
const PLAN_CHUNK = 5_000

/**
 * Replaces the plan of a segment. A key to `write` turns out to be an insert, a row of the cloud's own to adopt, or a
 * row that was kept outside the comparison and returns.
 * @returns counts by kind
 */
export async function storePlan(
  { db }: Session,
  run: number,
  segment: number,
  layout: Layout,
  master: string,
  steps: readonly PlannedStep[],
): Promise<PlanCounts> {
  await sql`delete from master_sync.plan_rows where run = ${run} and segment = ${segment}`.execute(db)
  const counts: Partial<Record<PlanKind, number>> = {}
  for (const step of new Set(steps.map((row) => row.step))) {
    const keys = steps.filter((row) => row.step === step).map((row) => row.key)
    for (let start = 0; start < keys.length; start += PLAN_CHUNK) {
      const chunk = keys.slice(start, start + PLAN_CHUNK)
      const { rows } = await sql<{ readonly kind: PlanKind; readonly rows: number }>`
        with planned as (
          insert into master_sync.plan_rows (run, segment, key, kind)
          select ${run}, ${segment}, g.key, case
              when ${step} <> 'write' then ${step}
              when exists (select from master_sync.tracked_rows t where t.master = ${master} and t.key = g.key) then 'update'
              when exists (select from ${tableOf(layout.cloud.table)} c where ${cloudEquals(layout, sql`g.key`)}) then 'adopt'
              else 'insert' end
          from (select ${keyOfTable(layout, 'k')} as key from ${keysTable(layout, chunk, 'k')}) g
          returning kind
        )
        select kind, count(*)::integer as rows from planned group by kind`.execute(db)
      for (const row of rows) counts[row.kind] = (counts[row.kind] ?? 0) + row.rows
    }
  }
  return counts
}

export interface PlannedRow {
  readonly key: Key
  readonly kind: PlanKind
}

/** The next rows of the plan after the cursor, in key order. */
export async function readPlan(
  { db }: Session,
  run: number,
  segment: Segment,
  limit: number,
): Promise<readonly PlannedRow[]> {
  const { rows } = await sql<PlannedRow>`
    select key, kind from master_sync.plan_rows
    where run = ${run} and segment = ${segment.number} and not busy
      and (${segment.cursor === undefined} or key > ${segment.cursor === undefined ? null : [...segment.cursor]}::text[])
    order by key limit ${limit}`.execute(db)
  return rows
}

/** Of the keys, those that the plan of the segment names. */
export async function plannedAmong(
  { db }: Session,
  layout: Layout,
  run: number,
  segment: number,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: Key }>`
    select p.key from master_sync.plan_rows p
      join (select ${keyOfTable(layout, 'k')} as key from ${keysTable(layout, keys, 'k')}) g on p.key = g.key
    where p.run = ${run} and p.segment = ${segment}`.execute(db)
  return rows.map((row) => row.key)
}

/** Rows that someone else held when their batch was written. */
export async function readBusy(
  { db }: Session,
  run: number,
  segment: number,
): Promise<readonly PlannedRow[]> {
  const { rows } = await sql<PlannedRow>`
    select key, kind from master_sync.plan_rows where run = ${run} and segment = ${segment} and busy order by key`.execute(
    db,
  )
  return rows
}

export async function noteBusy(
  { db }: Session,
  run: number,
  segment: number,
  keys: readonly Key[],
): Promise<void> {
  if (keys.length === 0) return
  await sql`
    insert into master_sync.plan_rows as p (run, segment, key, kind, busy)
    select ${run}, ${segment}, array(select jsonb_array_elements_text(k.value)), 'update', true
    from jsonb_array_elements(${JSON.stringify(keys)}::jsonb) k
    on conflict (run, segment, key) do update set busy = true`.execute(db)
}

/** Takes one busy row off the plan; fails when another attempt was faster. */
export async function clearBusy({ db }: Session, run: number, segment: number, key: Key): Promise<void> {
  const result = await sql`
    delete from master_sync.plan_rows where run = ${run} and segment = ${segment} and key = ${[...key]}::text[] and busy`.execute(
    db,
  )
  if ((result.numAffectedRows ?? 0n) === 0n) throw moved(run, segment)
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
  if ((result.numAffectedRows ?? 0n) === 0n) throw moved(run, segment.number)
}

/** The counts after a busy row: `clearBusy` in the same transaction is what only one attempt can do. */
export async function noteWritten(
  { db }: Session,
  run: number,
  segment: number,
  written: SegmentCounts,
): Promise<void> {
  await db
    .updateTable('master_sync.segments')
    .set({ written: JSON.stringify(written) })
    .where('run', '=', String(run))
    .where('segment', '=', segment)
    .execute()
}

function moved(run: number, segment: number): SyncError {
  return new SyncError('CHECKPOINT_MOVED', `segment ${segment} of run ${run} was written by another attempt`)
}

/** The sums over all segments of a run. */
export interface RunTotals {
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
