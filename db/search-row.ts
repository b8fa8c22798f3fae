import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import { keysTable, tableOf, textOf } from './fragments.js'
import type { TextColumn } from '../core/layout.js'
import { keyEquals, type SourceKey } from './missing.js'
import type { Session } from './session.js'

/** Of a value more is not shown in a page. */
const MOST_CHARACTERS = 2_000

/** The values of one row by column, as texts; undefined: there is no such row. */
export async function readValues(
  { db }: Session,
  table: SourceKey,
  key: Key,
  columns: readonly Pick<TextColumn, 'name' | 'unpadded'>[],
): Promise<Readonly<Record<string, string | null>> | undefined> {
  const values = columns.map((column) => sql`left(${textOf('s', column)}, ${sql.lit(MOST_CHARACTERS)})`)
  const { rows } = await sql<{ readonly values: readonly (string | null)[] }>`
    select array[${sql.join(values)}]::text[] as values
    from ${keysTable(table, [key], 'k')} join ${tableOf(table.table)} s on ${keyEquals(table, [key])} limit 1`.execute(
    db,
  )
  const [row] = rows
  return row && Object.fromEntries(columns.map(({ name }, index) => [name, row.values[index] ?? null]))
}
