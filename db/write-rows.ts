import { sql } from 'kysely'
import { comparedColumns, type Layout } from '../core/layout.js'
import { MARKS } from '../core/own-columns.js'
import { cloudEquals, tableOf, typeOf } from './fragments.js'
import type { Session } from './session.js'
import { DONE, inRange, notDone, STAGE, type Range } from './stage.js'

/** Notes staged rows that are not to be looked at any more: since they are busy or refused, or are not as approved. */
export async function noteLeftOut(
  { db }: Session,
  numbers: readonly number[],
  why: 'left out' | 'moved' = 'left out',
): Promise<void> {
  if (numbers.length === 0) return
  await sql`
    insert into ${DONE} (n, what) select n, ${why} from unnest(${[...numbers]}::bigint[]) n`.execute(db)
}

/**
 * Locks the cloud rows to be looked at, in key order. `patient` waits for a row that someone else holds, up to
 * lock_timeout; otherwise such rows are passed over, so that no user of the table waits for us while we wait for them.
 */
export async function lockRows(
  { db }: Session,
  layout: Layout,
  range: Range,
  patient: boolean,
): Promise<void> {
  await sql`
    insert into ${DONE} (n, what)
    select s.n, 'locked' from ${STAGE} s join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`s.key`)}
    where ${inRange(range)} and ${notDone()}
    order by s.key for no key update of c ${patient ? sql`` : sql`skip locked`}`.execute(db)
}

/**
 * Locks the tracked rows of locked rows that are in conflict, so that what a person decides of one meanwhile is either
 * seen or waits, and is not written over.
 */
export async function lockConflicts(
  { db }: Session,
  layout: Layout,
  master: string,
  range: Range,
): Promise<void> {
  if (!layout.columns.some(({ policy }) => policy === 'keep_edits')) return
  await sql`
    select from ${STAGE} s join ${DONE} d using (n)
      join master_sync.tracked_rows t on t.master = ${master} and t.key = s.key
    where ${inRange(range)} and d.what = 'locked' and t.conflicts is not null
    order by t.key for no key update of t`.execute(db)
}

/** Writes the cells that were decided. A row that stays `writing` was suppressed by a trigger. */
export async function updateDecided({ db }: Session, layout: Layout, range: Range): Promise<void> {
  const written = [...comparedColumns(layout), ...(layout.cloud.marks ? Object.values(MARKS) : [])]
  if (written.length === 0) return
  const assignments = written.map(({ name, type }) => {
    const column = sql.id(name)
    const given = sql.lit(name)
    return sql`${column} = case when d.after ? ${given} then (d.after ->> ${given})::${typeOf(type)} else c.${column} end`
  })
  await sql`
    with updated as (
      update ${tableOf(layout.cloud.table)} c set ${sql.join(assignments)}
      from ${STAGE} s join ${DONE} d using (n)
      where ${cloudEquals(layout, sql`s.key`)} and ${inRange(range)} and d.what = 'writing'
      returning s.n
    )
    update ${DONE} d set what = 'updated' from updated u where u.n = d.n`.execute(db)
}

/** What is left of a range when everything above has run. */
export interface Leftover {
  readonly n: number
  /** held: someone else has the row · suppressed: a trigger dropped our update · absent: the insert did not happen */
  readonly state: 'held' | 'suppressed' | 'absent'
}

export async function leftovers({ db }: Session, layout: Layout, range: Range): Promise<readonly Leftover[]> {
  const { rows } = await sql<{ readonly n: string; readonly state: Leftover['state'] }>`
    select s.n, case
        when d.n is not null then 'suppressed'
        when exists (select from ${tableOf(layout.cloud.table)} c where ${cloudEquals(layout, sql`s.key`)}) then 'held'
        else 'absent' end as state
    from ${STAGE} s left join ${DONE} d using (n)
    where ${inRange(range)} and (d.n is null or d.what in ('locked', 'writing')) order by s.n`.execute(db)
  return rows.map((row) => ({ n: Number(row.n), state: row.state }))
}
