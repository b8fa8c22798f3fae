import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { LeftAlone } from './ledger.js'
import type { Session } from './session.js'

/** A row that an undo let be, wholly or in some cells. */
export interface LeftRow extends LeftAlone {
  readonly key: Key
}

/** What an undo did not take back, in key order. */
export async function listLeft(
  { db }: Session,
  master: string,
  run: number,
  limit: number,
): Promise<readonly LeftRow[]> {
  const { rows } = await sql<{ readonly key: Key; readonly left: LeftAlone }>`
    select key, left_alone as left from master_sync.row_history
    where master = ${master} and run = ${run} and left_alone is not null order by key limit ${limit}`.execute(
    db,
  )
  return rows.map(({ key, left }) => ({ key, ...left }))
}

/** Rows of history in one statement, and statements in one close: what is left waits for the next. */
const FORGOTTEN_TOGETHER = 10_000
const MOST_STATEMENTS = 20

/**
 * Forgets what is older than the master wants it remembered: changes of rows, samples of plans, and who asked a schedule
 * for a run. Of the run that asks for it nothing is forgotten.
 */
export async function forgetHistory(
  session: Session,
  master: string,
  run: number,
  keepSeconds: number,
): Promise<void> {
  if (!Number.isFinite(keepSeconds)) return
  const { db } = session
  const old = sql`clock_timestamp() - make_interval(secs => ${keepSeconds})`
  for (let statement = 0; statement < MOST_STATEMENTS; statement++) {
    // The oldest run first: the index gives it without a look at what is to stay. By when it closed, as an undo judges
    // it: a run is not taken back by halves.
    const { rows } = await sql<{ readonly forgotten: number }>`
      with oldest as (
        select h.run from master_sync.row_history h where h.master = ${master} order by h.run, h.key limit 1
      ), old as (
        select r.run from oldest join master_sync.runs r using (run)
        where r.run < ${run} and coalesce(r.closed_at, r.started_at) < ${old}
      ), forgotten as (
        delete from master_sync.row_history where ctid = any(array(
          select h.ctid from master_sync.row_history h
          where h.master = ${master} and h.run = (select o.run from old o)
          order by h.key limit ${FORGOTTEN_TOGETHER}))
        returning run
      )
      select count(*)::integer as forgotten from forgotten`.execute(db)
    if ((rows[0]?.forgotten ?? 0) === 0) break
  }
  await sql`
    update master_sync.runs set sample = null
    where master = ${master} and run < ${run} and sample is not null and started_at < ${old}`.execute(db)
  await sql`
    delete from master_sync.starters s using master_sync.runs r
    where r.execution_id = s.execution_id and r.master = ${master} and r.run < ${run} and r.started_at < ${old}`.execute(
    db,
  )
}
