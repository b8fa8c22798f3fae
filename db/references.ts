import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import type { Reference } from '../core/shape.js'
import { formatTableName } from '../core/table-name.js'
import { cloudEquals, type Fragment, givenKeys, tableOf } from './fragments.js'
import type { Refusal } from './rejects.js'
import type { Session } from './session.js'

/** Locked rows that another table refers to; they stay, whatever the foreign key's ON DELETE would do. */
export async function referenced(
  { db }: Session,
  layout: Layout,
  keys: readonly Key[],
): Promise<readonly (Refusal & { readonly key: Key })[]> {
  const found: (Refusal & { readonly key: Key })[] = []
  for (const reference of layout.cloud.references) {
    const { rows } = await sql<{ readonly key: Key }>`
      select g.key from ${givenKeys(layout, keys)}
        join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
      where exists (select from ${tableOf(reference.table)} r where ${refersTo(reference)})`.execute(db)
    const message = `not removed: ${formatTableName(reference.table)} refers to it`
    found.push(...rows.map((row) => ({ key: row.key, sqlstate: '23503', message, column: null })))
  }
  return found
}

/** Whether a row `r` of another table refers to a cloud row `c`. */
export function refersTo({ columns, pointsAt, collations }: Reference): Fragment {
  const joined = columns.map(
    (column, index) =>
      sql`r.${sql.id(column)} = c.${sql.id(pointsAt[index] ?? '')}${collate(collations[index])}`,
  )
  return sql.join(joined, sql` and `)
}

function collate(collation: string | null | undefined): Fragment {
  return collation ? sql` collate ${sql.raw(collation)}` : sql``
}
