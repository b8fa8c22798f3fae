import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { isInCloud, trackedScope, type Scope } from './digest.js'
import { cloudEquals, tableOf } from './fragments.js'
import { cloudHash } from './row-hash.js'
import type { Session } from './session.js'

/**
 * Tracked rows of the scope that do not hash to what was applied: changed in the cloud since, or not there any more.
 * Read in the cloud alone; the hash applied was computed by the source, from the row as it was sent.
 */
export async function unprovenKeys(
  { db }: Session,
  layout: Layout,
  master: string,
  scope: Scope,
): Promise<readonly Key[]> {
  const hash = cloudHash(layout).row
  const cloud = tableOf(layout.cloud.table)
  const tracked = sql`${trackedScope(layout, master, scope)} and t.outside is null`
  // Counted first, for as good as always none is left: a join of rows that are there reads each side once.
  const counted = await sql<{ readonly open: boolean }>`
    with proven as materialized (
      select from master_sync.tracked_rows t join ${cloud} c on ${cloudEquals(layout, sql`t.key`)}
      where ${tracked} and ${hash} = t.applied
    )
    select (select count(*) from master_sync.tracked_rows t where ${tracked}) > (select count(*) from proven) as open`.execute(
    db,
  )
  if (counted.rows[0]?.open !== true) return []
  const { rows } = await sql<{ readonly key: string[] }>`
    select t.key from master_sync.tracked_rows t left join ${cloud} c on ${cloudEquals(layout, sql`t.key`)}
    where ${tracked} and (not ${isInCloud(layout)} or ${hash} <> t.applied)`.execute(db)
  return rows.map((row) => keyFromDatabase(row.key))
}
