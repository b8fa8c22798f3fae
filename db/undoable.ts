import { sql } from 'kysely'
import type { HistoryKind } from '../core/history.js'
import type { Mode, RunKind } from '../core/report.js'
import type { Session } from './session.js'

/** A run, as far as it matters to whoever would take it back. */
export interface FormerRun {
  readonly master: string
  readonly kind: RunKind
  readonly mode: Mode
  readonly open: boolean
  /** Longer ago than changes are to be remembered, or than they were until lately. */
  readonly old: boolean
}

export async function readFormerRun(
  { db }: Session,
  run: number,
  keepSeconds: number,
): Promise<FormerRun | undefined> {
  const { rows } = await sql<FormerRun>`
    select master, kind, mode, outcome is null as open,
      coalesce(closed_at < clock_timestamp() - make_interval(secs => ${keepSeconds}), false)
        or coalesce((report -> 'rows' ->> 'updated')::integer > 0, false) and not exists (
          select from master_sync.row_history h where h.master = r.master and h.run = r.run) as old
    from master_sync.runs r where run = ${run}`.execute(db)
  return rows[0]
}

/** Rows that a run has changed and that were not taken back, by what it did to them. */
type Counts = Readonly<Partial<Record<HistoryKind, number>>>

export async function countUndoable({ db }: Session, master: string, run: number): Promise<Counts> {
  const { rows } = await sql<{ readonly kind: HistoryKind; readonly rows: number }>`
    select kind, sum(rows)::integer as rows from (
      select kind, count(*) as rows from master_sync.row_history
      where master = ${master} and run = ${run} and undone_by is null and kind <> 'left' group by kind
      union all
      select 'inserted', count(*) from master_sync.tracked_rows t
      where t.master = ${master} and t.since = ${run} and t.origin = 'synced'
        and not exists (select from master_sync.row_history h
          where h.master = ${master} and h.key = t.key and h.run = ${run})
    ) found where rows > 0 group by kind`.execute(db)
  return Object.fromEntries(rows.map((row) => [row.kind, row.rows]))
}

/** The columns of the rows that a run has deleted, and that were not taken back. */
export async function deletedColumns(
  { db }: Session,
  master: string,
  run: number,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ readonly name: string }>`
    select distinct k.name from master_sync.row_history h cross join lateral jsonb_object_keys(h.before) k(name)
    where h.master = ${master} and h.run = ${run} and h.kind = 'removed' and h.undone_by is null`.execute(db)
  return new Set(rows.map(({ name }) => name))
}
