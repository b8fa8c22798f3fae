import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import type { Reference } from '../core/shape.js'
import { formatTableName, quoteName, type TableName } from '../core/table-name.js'
import { keysTable, sourceEquals, tableOf, type Fragment } from './fragments.js'
import { listedCte } from './listed.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

const MEGABYTE = 1 << 20

/** Sizes from which on it takes seconds of a run, or of bringing one row, to read a table whole each time. */
const LARGE = { source: 1024 * MEGABYTE, list: 64 * MEGABYTE, reference: 32 * MEGABYTE } as const

/** An index that would spare reading a large table whole. */
export interface WantedIndex {
  readonly table: TableName
  readonly megabytes: number
  readonly why: string
  readonly statement: string
}

/** Indexes of the source that the queries of a run would use and the tables lack. */
export async function sourceIndexes(source: Session, layout: Layout): Promise<readonly WantedIndex[]> {
  const wanted: WantedIndex[] = []
  const columns = (side: 'source' | 'list'): string =>
    layout.key.map((key) => `(${quoteName(key[side].name)}::text) collate "C"`).join(', ')
  const { list } = layout
  const listed = list === undefined ? undefined : await extentOf(source, list.table)
  if (
    list !== undefined &&
    listed !== undefined &&
    listed.bytes >= LARGE.list &&
    layout.source.utf8 &&
    !(await usesIndex(source, interval(layout)))
  ) {
    wanted.push({
      table: list.table,
      megabytes: listed.bytes / MEGABYTE,
      why: 'every segment of a run reads the target list whole',
      statement: createIndex(list.table, listed, columns('list')),
    })
  }
  const held = await extentOf(source, layout.source.table)
  if (held.bytes >= LARGE.source && !(await usesIndex(source, lookUp(layout)))) {
    wanted.push({
      table: layout.source.table,
      megabytes: held.bytes / MEGABYTE,
      why: 'no index finds a row of the source by its id as the list writes it',
      statement: createIndex(layout.source.table, held, columns('source')),
    })
  }
  return wanted
}

/** Indexes of tables that refer to the cloud table: each row removed there is looked for in all of them. */
export async function cloudIndexes(cloud: Session, layout: Layout): Promise<readonly WantedIndex[]> {
  const wanted: WantedIndex[] = []
  for (const reference of layout.cloud.references) {
    const extent = await extentOf(cloud, reference.table)
    if (extent.bytes < LARGE.reference || (await hasIndex(cloud, reference))) continue
    wanted.push({
      table: reference.table,
      megabytes: extent.bytes / MEGABYTE,
      why: `it refers to ${formatTableName(layout.cloud.table)}, and is read whole for every row removed there`,
      statement: createIndex(reference.table, extent, reference.columns.map(quoteName).join(', ')),
    })
  }
  return wanted
}

/** PostgreSQL has no way to index all partitions at once while they are written to. */
function createIndex(table: TableName, { partitioned }: Extent, columns: string): string {
  const on = `on ${formatTableName(table)} (${columns});`
  if (!partitioned) return `create index concurrently ${on}`
  return [
    '-- It is partitioned: this keeps all who write to it waiting until it is done. To let them write on, create the',
    '-- index "on only" the table, then concurrently on each partition, and attach those with alter index.',
    `create index ${on}`,
  ].join('\n')
}

/** How much there is to read. */
interface Extent {
  /** Of the table with its partitions, 0 for a view. */
  readonly bytes: number
  readonly partitioned: boolean
}

/** As the table was last vacuumed or analyzed, which can be read while someone has it locked. */
async function extentOf({ db }: Session, { schema, name }: TableName): Promise<Extent> {
  const { rows } = await sql<Extent>`
    with recursive parts(oid) as (
      select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${schema} and c.relname = ${name}
      union all
      select i.inhrelid from pg_inherits i join parts p on p.oid = i.inhparent
    )
    select coalesce(sum(greatest(c.relpages, 0)) filter (where c.relkind in ('r', 'm')), 0)::double precision
      * current_setting('block_size')::integer as bytes, coalesce(bool_or(c.relkind = 'p'), false) as partitioned
    from parts join pg_class c on c.oid = parts.oid`.execute(db)
  return rows[0] ?? { bytes: 0, partitioned: false }
}

/** An id that all types of keys can hold. */
function someKey(layout: Layout): Key {
  const texts = { text: '0', integer: '0', uuid: '00000000-0000-0000-0000-000000000000' } as const
  return keyFromDatabase(layout.key.map((column) => texts[column.list.family ?? 'text']))
}

/** How a segment finds its part of the list. */
function interval(layout: Layout): Fragment {
  const key = someKey(layout)
  return sql`with ${listedCte(layout, { from: key, below: key })} select from listed`
}

/** How a listed id finds its row. */
function lookUp(layout: Layout): Fragment {
  return sql`
    select from ${keysTable(layout, [someKey(layout)], 'l')}
      join ${tableOf(layout.source.table)} s on ${sourceEquals(layout, 'l')}`
}

/** Whether the server could go by an index, however it would choose today. */
async function usesIndex(session: Session, query: Fragment): Promise<boolean> {
  const { db } = session
  return transaction(session, READ_COMMITTED, async () => {
    await sql`
      select set_config(name, 'off', true) from pg_settings
      where name in ('enable_seqscan', 'enable_hashjoin', 'enable_mergejoin')`.execute(db)
    const { rows } = await sql<{ readonly 'QUERY PLAN': string }>`explain (costs off) ${query}`.execute(db)
    return rows.some((row) => row['QUERY PLAN'].includes('Index Cond:'))
  })
}

/** Whether an index begins with the columns by which the other table refers; those that it only carries are last. */
async function hasIndex({ db }: Session, { table, columns }: Reference): Promise<boolean> {
  const { rows } = await sql`
    select from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${table.schema} and c.relname = ${table.name} and i.indisvalid and i.indpred is null
      and (select array_agg(a.attname::text order by a.attname)
        from pg_attribute a
        where a.attrelid = i.indrelid and a.attnum = any((i.indkey::smallint[])[0:least(${sql.lit(columns.length)}, i.indnkeyatts) - 1])) @> ${[...columns]}::text[]
    limit 1`.execute(db)
  return rows.length > 0
}
