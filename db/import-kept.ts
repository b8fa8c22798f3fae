import { sql } from 'kysely'
import type { ImportTable } from '../core/import-table.js'
import { tableOf, type Fragment } from './fragments.js'
import { sameKey } from './import-sql.js'
import type { Session } from './session.js'

/**
 * Puts in the stead of values that could not be read those that the table has, so that they are no difference: anew at
 * each look, for the table may have moved. A row that the table lacks has none.
 */
export async function keepUnread(
  { db }: Pick<Session, 'db'>,
  stage: Fragment,
  table: ImportTable,
): Promise<void> {
  if (table.columns.length === 0) return
  const values = table.columns.map(
    ({ shape, staged }) => sql`${sql.id(staged)} = case when ${sql.lit(staged)} = any(s.kept)
      then ${sql.id('m', shape.name)}::text else ${sql.id('s', staged)} end`,
  )
  await sql`
    update ${stage} s set ${sql.join(values)} from ${tableOf(table.table)} m
    where s.kept is not null and ${sameKey(table)}`.execute(db)
}
