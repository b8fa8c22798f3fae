import { sql } from 'kysely'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { holdsFormerEdits, losesEdits } from './decide.js'
import { cloudEquals, givenKeys, tableOf } from './fragments.js'
import type { Session } from './session.js'
import { asStaged, sourceRows } from './source-rows.js'

/** How many rows are fetched from the source at a time. */
const CHUNK = 500

/**
 * Of the keys those of which the source, which now decides, would write over what people wrote in the cloud. The cloud
 * tells which rows may be; of these alone the source's values are looked at.
 */
export async function keysThatLoseEdits(
  source: Session,
  cloud: Session,
  layout: Layout,
  master: string,
  keys: readonly Key[],
): Promise<ReadonlySet<string>> {
  const suspects = await suspectKeys(cloud, layout, master, keys)
  const losing = new Set<string>()
  for (let start = 0; start < suspects.length; start += CHUNK) {
    const rows = await sourceRows(source, cloud, layout, master, suspects.slice(start, start + CHUNK))
    if (rows.length === 0) continue
    const found = await sql<{ readonly key: string[] }>`
      select s.key from ${asStaged(layout, rows)}
        join master_sync.tracked_rows t on t.master = ${master} and t.key = s.key
        join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`s.key`)}
      where ${losesEdits(layout)}`.execute(cloud.db)
    for (const { key } of found.rows) losing.add(formatKey(key))
  }
  return losing
}

async function suspectKeys(
  { db }: Session,
  layout: Layout,
  master: string,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ readonly key: string[] }>`
    select t.key from ${givenKeys(layout, keys)}
      join master_sync.tracked_rows t on t.master = ${master} and t.key = g.key
      join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`t.key`)}
    where ${holdsFormerEdits(layout)}`.execute(db)
  return rows.map((row) => keyFromDatabase(row.key))
}
