import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { formatTableName } from '../core/table-name.js'
import {
  cloudEquals,
  cloudKeyTexts,
  keyArray,
  keyOfTable,
  keysTable,
  tableOf,
  type Fragment,
} from './fragments.js'
import type { Refusal } from './rejects.js'
import type { Session } from './session.js'

function given(layout: Layout, keys: readonly Key[]): Fragment {
  return sql`(select ${keyOfTable(layout, 'k')} as key from ${keysTable(layout, keys, 'k')}) g`
}

/** Locks the cloud rows of the keys, in key order; rows held by someone else are passed over unless `patient`. */
export async function lockForRemoval(
  { db }: Session,
  layout: Layout,
  keys: readonly Key[],
  patient: boolean,
): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: Key }>`
    select g.key from ${given(layout, keys)} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
    order by g.key for update of c ${patient ? sql`` : sql`skip locked`}`.execute(db)
  return rows.map((row) => row.key)
}

/** Of the keys, those that have a row in the cloud. */
export async function existingKeys(
  { db }: Session,
  layout: Layout,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ readonly key: Key }>`
    select g.key from ${given(layout, keys)} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
  `.execute(db)
  return rows.map((row) => row.key)
}

/** Locked rows that another table refers to; they stay, whatever the foreign key's ON DELETE would do. */
export async function referenced(
  { db }: Session,
  layout: Layout,
  keys: readonly Key[],
): Promise<readonly (Refusal & { readonly key: Key })[]> {
  const found: (Refusal & { readonly key: Key })[] = []
  for (const reference of layout.cloud.references) {
    const joined = reference.columns.map(
      (column, index) =>
        sql`r.${sql.id(column)} = c.${sql.id(reference.pointsAt[index] ?? '')}${collate(reference.collations[index])}`,
    )
    const { rows } = await sql<{ readonly key: Key }>`
      select g.key from ${given(layout, keys)} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
      where exists (select from ${tableOf(reference.table)} r where ${sql.join(joined, sql` and `)})`.execute(
      db,
    )
    const message = `not removed: ${formatTableName(reference.table)} refers to it`
    found.push(...rows.map((row) => ({ key: row.key, sqlstate: '23503', message, column: null })))
  }
  return found
}

function collate(collation: string | null | undefined): Fragment {
  return collation ? sql` collate ${sql.raw(collation)}` : sql``
}

/** @returns the keys of the rows deleted: fewer than given where a trigger kept one */
export async function deleteRows(
  { db }: Session,
  layout: Layout,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: Key }>`
    delete from ${tableOf(layout.cloud.table)} c using ${given(layout, keys)}
    where ${cloudEquals(layout, sql`g.key`)} returning ${keyArray(cloudKeyTexts(layout))} as key`.execute(db)
  return rows.map((row) => row.key)
}

/** Stops tracking the keys; their cloud rows, if any, are from then on the cloud's own. */
export async function untrack(
  { db }: Session,
  layout: Layout,
  master: string,
  keys: readonly Key[],
): Promise<void> {
  if (keys.length === 0) return
  await sql`
    delete from master_sync.tracked_rows t using ${given(layout, keys)} where t.master = ${master} and t.key = g.key
  `.execute(db)
}

/** Leaves the rows in the cloud, outside the comparison. */
export async function keepRows(
  { db }: Session,
  layout: Layout,
  master: string,
  keys: readonly Key[],
): Promise<void> {
  if (keys.length === 0) return
  await sql`
    update master_sync.tracked_rows t set outside = 'kept' from ${given(layout, keys)}
    where t.master = ${master} and t.key = g.key and t.outside is null`.execute(db)
}

/** Of the keys, those whose row was the cloud's own before it was listed. */
export async function adoptedKeys(
  { db }: Session,
  layout: Layout,
  master: string,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ readonly key: Key }>`
    select t.key from master_sync.tracked_rows t join ${given(layout, keys)} on t.key = g.key
    where t.master = ${master} and t.origin = 'adopted'`.execute(db)
  return rows.map((row) => row.key)
}
