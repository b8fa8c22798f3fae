import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { UPDATE_KINDS } from '../core/plan.js'
import { cells } from './decide.js'
import { cloudEquals, isLocked, tableOf } from './fragments.js'
import { checkLease, type Lease } from './lease.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'
import { asStaged, type SourceRow } from './source-rows.js'

/** Where a row stands in a plan. */
export interface PlanPlace {
  readonly segment: number
  readonly key: Key
}

/** Updates of the plan that nobody holds, in the plan's order, behind a place. */
export async function nextUpdates(
  { db }: Session,
  run: number,
  behind: PlanPlace | undefined,
  limit: number,
): Promise<readonly PlanPlace[]> {
  const { segment = -1, key = [] } = behind ?? {}
  const { rows } = await sql<PlanPlace>`
    select segment, key from master_sync.plan_rows
    where run = ${run} and (segment, key) > (${segment}::integer, ${[...key]}::text[])
      and held is null and kind = any(${[...UPDATE_KINDS]}::text[])
    order by segment, key limit ${limit}`.execute(db)
  return rows
}

/** Notes which updates would leave the cloud's row as it is, and why. */
export async function noteForeseen(
  { db }: Session,
  layout: Layout,
  master: string,
  run: number,
  rows: readonly SourceRow[],
): Promise<void> {
  await sql`
    update master_sync.plan_rows p set kind = foreseen.kind
    from (
      select s.key, case when ${isLocked(layout)} then 'locked'
        when x.conflicts is not null then 'conflict' else 'edit_kept' end as kind
      from ${asStaged(layout, rows)}
        join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`s.key`)}
        join master_sync.tracked_rows t on t.master = ${master} and t.key = s.key
        cross join lateral (${cells(layout, run)}) x
      where ${isLocked(layout)} or x.after is null
    ) foreseen
    where p.run = ${run} and p.key = foreseen.key and p.held is null
      and p.kind = any(${[...UPDATE_KINDS]}::text[])`.execute(db)
}

/** Counts the plan of every segment that was planned row by row once more. */
export async function recountPlan(session: Session, lease: Lease): Promise<void> {
  await transaction(session, READ_COMMITTED, async () => {
    await sql`
      update master_sync.segments g set planned = coalesce((
        select jsonb_object_agg(kind, rows) from (
          select kind, count(*)::integer as rows from master_sync.plan_rows p
          where p.run = g.run and p.segment = g.segment group by kind) k), '{}')
      where g.run = ${lease.run} and not g.whole`.execute(session.db)
    await checkLease(session, lease)
  })
}
