import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import type { SearchColumns } from '../core/search-columns.js'
import { formsIn } from '../core/search-words.js'
import { isUnconvertible } from './failures.js'
import {
  isValueOf,
  keyArray,
  keyOfTable,
  keysTable,
  keyText,
  tableOf,
  typeOf,
  type Fragment,
} from './fragments.js'
import { keyEquals, type SourceKey } from './missing.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

/** What rows are looked for by. */
export interface SearchQuestion {
  /** Each is found in one of the columns, or the first column of the key begins with it. */
  readonly words: readonly string[]
  /** Values by column. */
  readonly chosen: Readonly<Record<string, string>>
  /** In the order of the key, the last row that was seen. */
  readonly behind: Key | undefined
  readonly limit: number
}

/** The keys of rows that answer it. An index that holds all the columns is read alone, and no row. */
export async function searchKeys(
  session: Session,
  source: SourceKey,
  columns: SearchColumns,
  { words, chosen, behind, limit }: SearchQuestion,
): Promise<readonly Key[]> {
  const where = [
    ...words.map((word) => hasWord(source, columns, word)),
    ...columns.filters.flatMap((column) =>
      chosen[column] === undefined ? [] : [sql`s.${sql.id(column)}::text = ${chosen[column]}`],
    ),
    ...(behind === undefined ? [] : [isBehind(source, behind)]),
  ]
  const order = source.key.map(({ name }) => sql.id('s', name))
  const query = sql<{ readonly key: string[] }>`
    select ${keyArray(source.key.map((column) => keyText('s', column)))} as key from ${tableOf(source.table)} s
    where ${where.length === 0 ? sql`true` : sql.join(where, sql` and `)}
    order by ${sql.join(order)} limit ${sql.lit(limit)}`
  const { rows } = await transaction(session, READ_COMMITTED, async () => {
    await inParallel(session)
    return query.execute(session.db)
  }).catch((error: unknown) => {
    // A character that the source's encoding has not, no row of it has.
    if (!isUnconvertible(error)) throw error
    return { rows: [] }
  })
  return rows.map(({ key }) => keyFromDatabase(key))
}

/**
 * What is rare is looked for by all the processes that a query may have: without this it would be by one alone,
 * as if found at once. The one that gathers does not look: 94 ms, not 104, of a whole search on two processors.
 */
async function inParallel({ db }: Session): Promise<void> {
  await sql`select set_config(name, '0', true)
    from unnest(array['parallel_setup_cost', 'parallel_tuple_cost', 'parallel_leader_participation']) name`.execute(
    db,
  )
}

function hasWord({ key }: SourceKey, { text }: SearchColumns, word: string): Fragment {
  const found = text.flatMap((name) => {
    const column = sql`s.${sql.id(name)}::text`
    const folded = name.endsWith('_search') ? column : sql`lower(${column})`
    return formsIn(name, word).map((form) => sql`strpos(${folded} collate "C", ${form}) > 0`)
  })
  const begins = key
    .slice(0, 1)
    .map((column) => sql`starts_with(${keyText('s', column)}, ${word.normalize('NFKC')})`)
  return sql`(${sql.join([...found, ...begins], sql` or `)})`
}

/** In the order of the table's own index. */
function isBehind({ key }: SourceKey, behind: Key): Fragment {
  const values = key.map((column, index) => {
    const text = behind[index] ?? ''
    if (!isValueOf(column, text))
      throw new SyncError('ID_INVALID', `${formatKey(behind)} is no id of the source`)
    return sql`${text}::text::${typeOf(column.type)}`
  })
  return sql`row(${sql.join(key.map(({ name }) => sql.id('s', name)))}) > row(${sql.join(values)})`
}

/** A row with some of its values, as texts. */
export interface ShownRow {
  readonly key: Key
  readonly values: readonly (string | null)[]
}

/** Of a value more is not shown in a list. */
const MOST_CHARACTERS = 300

export async function readShown(
  { db }: Session,
  source: SourceKey,
  keys: readonly Key[],
  columns: readonly string[],
): Promise<readonly ShownRow[]> {
  if (keys.length === 0) return []
  const values = columns.map((name) => sql`left(s.${sql.id(name)}::text, ${sql.lit(MOST_CHARACTERS)})`)
  const { rows } = await sql<{ readonly key: string[]; readonly values: (string | null)[] }>`
    select ${keyOfTable(source, 'k')} as key, array[${sql.join(values)}]::text[] as values
    from ${keysTable(source, keys, 'k')} join ${tableOf(source.table)} s on ${keyEquals(source, keys)}`.execute(
    db,
  )
  return rows.map((row) => ({ key: keyFromDatabase(row.key), values: row.values }))
}
