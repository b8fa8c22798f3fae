import { sql } from 'kysely'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import type { Reference } from '../core/shape.js'
import { formatTableName, type TableName } from '../core/table-name.js'
import { cloudEquals, givenKeys, tableOf } from './fragments.js'
import { refersTo } from './references.js'
import type { Session } from './session.js'

/** Rows of another table of the cloud that refer to one of ours. */
export interface Referring {
  readonly table: string
  /** By which of its columns. */
  readonly columns: readonly string[]
  readonly rows: number
  /** The first of them, by their primary key; where there is none, by those columns. */
  readonly sample: readonly string[]
}

const SAMPLE = 20

export async function referringTo(session: Session, layout: Layout, key: Key): Promise<readonly Referring[]> {
  const found: Referring[] = []
  for (const reference of layout.cloud.references) {
    const named = await primaryKeyOf(session, reference.table)
    const columns = named.length > 0 ? named : reference.columns
    const values = columns.map((name) => sql`r.${sql.id(name)}`)
    const { rows } = await sql<{ readonly rows: number; readonly key: string[] }>`
      select (count(*) over ())::integer as rows,
        array[${sql.join(values.map((value) => sql`${value}::text collate "C"`))}] as key
      from ${givenKeys(layout, [key])}
        join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
        join ${tableOf(reference.table)} r on ${refersTo(reference)}
      order by ${sql.join(values)} limit ${SAMPLE}`.execute(session.db)
    const [first] = rows
    if (first !== undefined) found.push(toReferring(reference, first.rows, rows))
  }
  return found
}

function toReferring(
  { table, columns }: Reference,
  count: number,
  rows: readonly { readonly key: string[] }[],
): Referring {
  const sample = rows.map(({ key }) => formatKey(keyFromDatabase(key)))
  return { table: formatTableName(table), columns, rows: count, sample }
}

/** The columns of a table's primary key; none where there is none, or where it may not be read. */
async function primaryKeyOf({ db }: Session, table: TableName): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly names: string[] | null }>`
    select array_agg(a.attname::text order by k.n) as names
    from pg_index i cross join lateral unnest(i.indkey::smallint[]) with ordinality k(number, n)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
    where i.indrelid = ${formatTableName(table)}::regclass and i.indisprimary
    group by i.indrelid having bool_and(has_column_privilege(i.indrelid, a.attnum, 'select'))`.execute(db)
  return rows[0]?.names ?? []
}
