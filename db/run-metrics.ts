import { sql } from 'kysely'
import type { Outcome, RunReport } from '../core/report.js'
import { HAS_COMPLETED, IS_FULL } from './full-runs.js'
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
  /** Rows that wait for a person to approve them, and values that both sides have changed, at present. */
  readonly held: number
  readonly conflicts: number
  readonly onHold: boolean
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
    const { rows } = await sql<RunMetrics>`
      select m.master, s.success, l.last, e.equal, o.runs, j.rejects, h.held, f.conflicts, p."onHold", w.missed, w.skipped
      from unnest(${[...masters]}::text[]) m (master)
      left join lateral (
        select jsonb_build_object('at', extract(epoch from r.closed_at),
          'age', extract(epoch from clock_timestamp() - r.closed_at)) as success
        from master_sync.runs r
        where r.master = m.master and ${HAS_COMPLETED}
        order by r.run desc limit 1) s on true
      left join lateral (
        select jsonb_build_object('at', extract(epoch from r.closed_at),
          'outcome', r.outcome, 'report', r.report) as last
        from master_sync.runs r
        where r.master = m.master and ${IS_FULL} and r.outcome is not null
        order by r.run desc limit 1) l on true
      left join lateral (
        select (r.report ->> 'equal')::boolean as equal
        from master_sync.runs r
        where r.master = m.master and r.kind <> 'import' and r.only_keys is null and r.answers is null and r.report ->> 'equal' is not null
        order by r.run desc limit 1) e on true
      cross join lateral (
        select coalesce(jsonb_object_agg(c.outcome, c.runs), '{}') as runs
        from (select r.outcome, count(*) as runs from master_sync.runs r
          where r.master = m.master and r.outcome is not null group by r.outcome) c) o
      cross join lateral (
        select count(*)::integer as rejects from master_sync.rejects r where r.master = m.master) j
      cross join lateral (
        select count(*)::integer as held
        from master_sync.questions q join master_sync.plan_rows r on r.run = q.run and r.held is not null
        where q.master = m.master and q.state = 'open' and q.expires_at > clock_timestamp()) h
      cross join lateral (
        select count(*)::integer as conflicts from master_sync.tracked_rows t, jsonb_object_keys(t.conflicts)
        where t.master = m.master and t.conflicts is not null) f
      cross join lateral (
        select exists (select from master_sync.masters x where x.master = m.master and x.hold is not null) as "onHold") p
      left join lateral (
        select w.missed::integer as missed, w.skipped::integer as skipped
        from master_sync.schedule_watch w where w.master = m.master) w on true`.execute(session.db)
    return rows
  })
}
