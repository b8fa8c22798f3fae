import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { DataColumn, Layout } from '../core/layout.js'
import { trackedScope, type Scope } from './digest.js'
import { cloudEquals, type Fragment, isLocked, tableOf, textOf } from './fragments.js'
import type { Session } from './session.js'

/**
 * Tracked rows of the scope with a conflict that may end: it was decided, the cloud's value is another by now, or its
 * column is not protected any more. Their hashes need not differ.
 */
export async function keysToSettle(
  { db }: Session,
  layout: Layout,
  master: string,
  scope: Scope,
): Promise<readonly Key[]> {
  const keeps = layout.columns.filter(({ policy }) => policy === 'keep_edits')
  const stale = sql`t.conflicts - ${keeps.map(({ name }) => name)}::text[] <> '{}'`
  const { rows } = await sql<{ readonly key: string[] }>`
    select t.key from master_sync.tracked_rows t
      join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`t.key`)}
    where ${trackedScope(layout, master, scope)} and t.conflicts is not null and t.outside is null
      and not ${isLocked(layout)} and (${sql.join([stale, ...keeps.map(mayEnd)], sql` or `)})`.execute(db)
  return rows.map((row) => keyFromDatabase(row.key))
}

function mayEnd(column: DataColumn): Fragment {
  const open = sql`(t.conflicts -> ${sql.lit(column.name)})`
  return sql`(${open} is not null and (${open} ? 'take' or ${textOf('c', column)} collate "C" is distinct from ${open} ->> 'cloud'))`
}
