import { sql, type RawBuilder } from 'kysely'
import type { Outcome, RunFailure } from '../core/report.js'
import { HAS_COMPLETED, IS_FULL } from './full-runs.js'
import type { Session } from './session.js'

/** A full run that has ended; `age` in seconds, by the cloud's clock. */
export interface ClosedRun {
  readonly run: number
  readonly outcome: Outcome
  readonly equal: boolean | null
  readonly failure: RunFailure | null
  readonly age: number
}

/** The last that brought the copy up to date. */
export function lastCompleted(session: Session, master: string): Promise<ClosedRun | undefined> {
  return lastOf(session, master, HAS_COMPLETED)
}

/** The last that was to; a cancelled one was not. */
export function lastClosed(session: Session, master: string): Promise<ClosedRun | undefined> {
  return lastOf(session, master, sql`${IS_FULL} and outcome <> 'cancelled'`)
}

/** The last that was proven, or compared to verify. */
export function lastProven(session: Session, master: string): Promise<ClosedRun | undefined> {
  return lastOf(session, master, sql`kind <> 'import' and report ->> 'equal' is not null`)
}

async function lastOf(
  { db }: Session,
  master: string,
  condition: RawBuilder<unknown>,
): Promise<ClosedRun | undefined> {
  const { rows } = await sql<Omit<ClosedRun, 'run'> & { readonly run: string }>`
    select run, outcome, failure, (report ->> 'equal')::boolean as equal,
      extract(epoch from clock_timestamp() - closed_at)::double precision as age
    from master_sync.runs r
    where master = ${master} and only_keys is null and outcome is not null and ${condition}
    order by run desc limit 1`.execute(db)
  const [row] = rows
  return row === undefined ? undefined : { ...row, run: Number(row.run) }
}

/** Rows of a master that the cloud refuses at present, and the last run that met one. */
export interface StandingRejects {
  readonly rows: number
  readonly run: number
}

export async function standingRejects({ db }: Session, master: string): Promise<StandingRejects | undefined> {
  const { rows } = await sql<{ readonly rows: number; readonly run: string | null }>`
    select count(*)::integer as rows, max(run) as run from master_sync.rejects where master = ${master}`.execute(
    db,
  )
  const [row] = rows
  return row === undefined || row.run === null ? undefined : { rows: row.rows, run: Number(row.run) }
}

/** A lease that is held, and what has become of its run. */
export interface HeldLease {
  readonly run: number
  /** The run is open in the ledger. */
  readonly open: boolean
  /** Seconds since it was last heard of. */
  readonly silent: number
}

export async function readHeldLease({ db }: Session, master: string): Promise<HeldLease | undefined> {
  const { rows } = await sql<{ readonly run: string; readonly open: boolean; readonly silent: number }>`
    select l.run, r.run is not null and r.outcome is null as open,
      extract(epoch from clock_timestamp() - b.at)::double precision as silent
    from master_sync.leases l join master_sync.lease_beats b using (master)
      left join master_sync.runs r on r.run = l.run
    where l.master = ${master} and l.run is not null`.execute(db)
  const [row] = rows
  return row === undefined ? undefined : { ...row, run: Number(row.run) }
}
