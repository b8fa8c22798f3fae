import { sql } from 'kysely'
import type { Outcome, RunReport } from '../core/report.js'
import { SNAPSHOT, transaction, type Session } from './session.js'

/** What the ledger knows of a master's runs and copy; times in seconds since 1970. */
export interface RunMetrics {
  readonly master: string
  /** The last full run that brought the copy up to date, and how long ago that was. */
  readonly success: { readonly at: number; readonly age: number } | null
  /** The last full run that wrote, or was to. */
  readonly last: { readonly at: number; readonly outcome: Outcome; readonly report: RunReport } | null
  /** Whether the last proof, or verification, found both sides equal. */
  readonly equal: boolean | null
  /** Runs of every kind that have ended, by how they did. */
  readonly runs: Readonly<Partial<Record<Outcome, number>>>
  /** Rows that the cloud refuses at present. */
  readonly rejects: number
  /** Scheduled runs left out, as far as the watch has noted them. */
  readonly missed: number | null
  readonly skipped: number | null
}

/** Each part is found by an index, from the newest run back. */
export async function readRunMetrics(
  session: Session,
  masters: readonly string[],
  timeoutMs: number,
): Promise<readonly RunMetrics[]> {
  return transaction(session, SNAPSHOT, async () => {
    await sql`select set_config('statement_timeout', ${String(timeoutMs)}, true)`.execute(session.db)
    const full = sql`r.master = m.master and r.only_keys is null`
    const { rows } = await sql<RunMetrics>`
      select m.master, s.success, l.last, e.equal, o.runs, j.rejects, w.missed, w.skipped
      from unnest(${[...masters]}::text[]) m (master)
      left join lateral (
        select jsonb_build_object('at', extract(epoch from r.closed_at),
          'age', extract(epoch from clock_timestamp() - r.closed_at)) as success
        from master_sync.runs r
        where ${full} and r.mode = 'apply'
          and r.outcome in ('completed', 'completed_with_rejects', 'nothing_to_do')
        order by r.run desc limit 1) s on true
      left join lateral (
        select jsonb_build_object('at', extract(epoch from r.closed_at),
          'outcome', r.outcome, 'report', r.report) as last
        from master_sync.runs r
        where ${full} and r.mode = 'apply' and r.outcome is not null
        order by r.run desc limit 1) l on true
      left join lateral (
        select (r.report ->> 'equal')::boolean as equal
        from master_sync.runs r
        where ${full} and r.report ->> 'equal' is not null
        order by r.run desc limit 1) e on true
      cross join lateral (
        select coalesce(jsonb_object_agg(c.outcome, c.runs), '{}') as runs
        from (select r.outcome, count(*) as runs from master_sync.runs r
          where r.master = m.master and r.outcome is not null group by r.outcome) c) o
      cross join lateral (
        select count(*)::integer as rejects from master_sync.rejects r where r.master = m.master) j
      left join lateral (
        select w.missed::integer as missed, w.skipped::integer as skipped
        from master_sync.schedule_watch w where w.master = m.master) w on true`.execute(session.db)
    return rows
  })
}
