import { sql } from 'kysely'
import type { Layout } from '../core/layout.js'
import type { RowCounts } from '../core/report.js'
import { cloudEquals, isLocked, tableOf } from './fragments.js'
import type { Session } from './session.js'

/** What stands at present: rows that the cloud has locked, or its triggers made otherwise, and open conflicts. */
export async function countStanding(
  { db }: Session,
  layout: Layout,
  master: string,
): Promise<Pick<RowCounts, 'locked' | 'altered' | 'conflicts'>> {
  const locked = sql`
    (select count(*) from ${tableOf(layout.cloud.table)} c
      join master_sync.tracked_rows t on t.master = ${master} and ${cloudEquals(layout, sql`t.key`)}
      where ${isLocked(layout)})::integer`
  const altered = sql`
    (select count(*) from master_sync.tracked_rows where master = ${master} and altered is not null)::integer`
  const { rows } = await sql<Pick<RowCounts, 'locked' | 'altered' | 'conflicts'>>`
    select ${layout.cloud.lock === undefined ? sql`0` : locked} as locked,
      ${layout.cloud.triggers ? altered : sql`0`} as altered,
      (select count(*) from master_sync.tracked_rows t, jsonb_object_keys(t.conflicts)
        where t.master = ${master} and t.conflicts is not null)::integer as conflicts`.execute(db)
  return rows[0] ?? { locked: 0, altered: 0, conflicts: 0 }
}
