import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import type { PlanCounts, PlanKind } from '../core/plan.js'
import type { Held, SampleRow } from '../core/question.js'
import { givenKeys } from './fragments.js'
import { checkLease, type Lease } from './lease.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

/** Rows of a plan that are not to be written before a person was asked. */
export interface HeldKinds {
  readonly why: Held['kind']
  readonly kinds: readonly PlanKind[]
}

/**
 * Flags the plan's rows of those kinds, but for those that are held already.
 * @returns all that is held, by why
 */
export async function holdRows(
  session: Session,
  lease: Lease,
  held: readonly HeldKinds[],
): Promise<ReadonlyMap<Held['kind'], number>> {
  const { db } = session
  return transaction(session, READ_COMMITTED, async () => {
    // An attempt before this one may have gone by a hold that is lifted by now.
    await sql`
      update master_sync.plan_rows set held = null
      where run = ${lease.run} and held is not null and held <> 'edits'`.execute(db)
    for (const { why, kinds } of held) {
      await sql`
        update master_sync.plan_rows set held = ${why}
        where run = ${lease.run} and held is null and kind = any(${[...kinds]}::text[])`.execute(db)
    }
    await checkLease(session, lease)
    const { rows } = await sql<{ readonly held: Held['kind']; readonly rows: number }>`
      select held, count(*)::integer as rows from master_sync.plan_rows
      where run = ${lease.run} and held is not null group by held`.execute(db)
    return new Map(rows.map((row) => [row.held, row.rows]))
  })
}

/** Rows that a run holds, by what was planned. */
export async function countHeld({ db }: Session, run: number): Promise<PlanCounts> {
  const { rows } = await sql<{ readonly kind: PlanKind; readonly rows: number }>`
    select kind, count(*)::integer as rows from master_sync.plan_rows
    where run = ${run} and held is not null group by kind`.execute(db)
  return Object.fromEntries(rows.map((row) => [row.kind, row.rows]))
}

/** Of the keys those that the run planned and did not write: held, or left since they were not as planned any more. */
export async function unwrittenAmong(
  { db }: Session,
  layout: Layout,
  master: string,
  run: number,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: Key }>`
    select p.key from master_sync.plan_rows p
      join ${givenKeys(layout, keys)} on p.key = g.key
    where p.run = ${run}
      and not exists (select from master_sync.row_history h
        where h.master = ${master} and h.key = p.key and h.run = ${run})
      and not exists (select from master_sync.tracked_rows t
        where t.master = ${master} and t.key = p.key and t.since = ${run})`.execute(db)
  return rows.map((row) => row.key)
}

/** What a run holds back, and some rows of its plan, for people to look at. */
export async function storeHeld(
  { db }: Session,
  run: number,
  held: readonly Held[],
  sample: readonly SampleRow[],
): Promise<void> {
  await db
    .updateTable('master_sync.runs')
    .set({ held: JSON.stringify(held), sample: JSON.stringify(sample) })
    .where('run', '=', String(run))
    .execute()
}

export async function readHeld({ db }: Session, run: number): Promise<readonly Held[]> {
  const row = await db
    .selectFrom('master_sync.runs')
    .select('held')
    .where('run', '=', String(run))
    .executeTakeFirst()
  return row?.held ?? []
}
