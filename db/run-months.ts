import { sql } from 'kysely'
import { ROW_COUNTS, type Mode, type RowCounts, type RunKind } from '../core/report.js'
import { runColumns, toStoredRun, type StoredRun } from './runs.js'
import type { Session } from './session.js'

/** What the runs of a kind and mode did on a day. */
export interface DayOfRuns {
  /** 2026-11-23 */
  readonly day: string
  readonly kind: RunKind
  readonly mode: Mode
  readonly runs: number
  readonly failed: number
  readonly cancelled: number
  /** Proven equal, and proven not to be. */
  readonly equal: number
  readonly unequal: number
  readonly seconds: number
  readonly bytes: number
  readonly rows: RowCounts
}

/** When a month begins and when it is over, by the clock of a time zone. */
export async function monthBounds(
  { db }: Session,
  month: string,
  zone: string,
): Promise<readonly [Date, Date]> {
  const first = `${month}-01`
  const { rows } = await sql<{ readonly from: Date; readonly below: Date }>`
    select ${first}::date::timestamp at time zone ${zone} as from,
      (${first}::date + interval '1 month') at time zone ${zone} as below`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error(`${month} has no bounds`)
  return [row.from, row.below]
}

/** The runs that began between two times, summed by day, kind and mode. */
export async function daysOfRuns(
  { db }: Session,
  master: string,
  [from, below]: readonly [Date, Date],
  zone: string,
): Promise<readonly DayOfRuns[]> {
  const sums = ROW_COUNTS.map(
    (name) => sql`${sql.lit(name)}, coalesce(sum((r.report -> 'rows' ->> ${sql.lit(name)})::bigint), 0)`,
  )
  const { rows } = await sql<DayOfRuns>`
    select to_char(r.started_at at time zone ${zone}, 'YYYY-MM-DD') as day, r.kind, r.mode, count(*)::integer as runs,
      count(*) filter (where r.outcome = 'failed')::integer as failed,
      count(*) filter (where r.outcome = 'cancelled')::integer as cancelled,
      count(*) filter (where r.report -> 'equal' = 'true')::integer as equal,
      count(*) filter (where r.report -> 'equal' = 'false')::integer as unequal,
      coalesce(sum((r.report -> 'seconds' ->> 'total')::float8), 0) as seconds,
      coalesce(sum((r.report -> 'bytes' ->> 'source')::float8 + (r.report -> 'bytes' ->> 'cloud')::float8), 0) as bytes,
      jsonb_build_object(${sql.join(sums)}) as rows
    from master_sync.runs r
    where r.master = ${master} and r.started_at >= ${from} and r.started_at < ${below}
    group by 1, 2, 3 order by 1, 2, 3`.execute(db)
  return rows
}

/** Of those such as a person should know of one by one, oldest first: all but those that went well by themselves. */
export async function notableRuns(
  { db }: Session,
  master: string,
  [from, below]: readonly [Date, Date],
  limit: number,
): Promise<readonly StoredRun[]> {
  const rows = await runColumns(db)
    .where('master', '=', master)
    .where('started_at', '>=', from)
    .where('started_at', '<', below)
    .where(
      sql<boolean>`outcome in ('failed', 'cancelled', 'awaiting_approval', 'rejected', 'completed_with_rejects')
        or report -> 'equal' = 'false' or kind <> 'sync' or answers is not null or approved`,
    )
    .orderBy('run')
    .limit(limit)
    .execute()
  return rows.map(toStoredRun)
}
