import { sql } from 'kysely'
import { fold, FOLDED_AWAY, formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import type { ColumnShape } from '../core/shape.js'
import type { TableName } from '../core/table-name.js'
import { isUnconvertible } from './failures.js'
import {
  equalsText,
  type Fragment,
  isValueOf,
  keyOfTable,
  keyText,
  keysTable,
  sourceEquals,
  tableOf,
} from './fragments.js'
import { listedBehind } from './listed-ids.js'
import { listedCte } from './listed.js'
import type { Session } from './session.js'

export interface MissingId {
  readonly id: string
  readonly did_you_mean: string | null
}

const SAMPLE = 100

/** Listed ids that the source lacks: a sample, each with an id of the source that people take for the same. */
export async function sampleMissing(source: Session, layout: Layout): Promise<readonly MissingId[]> {
  const first = sql.id('s', layout.key[0]?.source.name ?? '')
  const { rows } = await sql<{ readonly key: Key }>`
    with ${listedCte(layout, { from: undefined, below: undefined })}
    select ${keyOfTable(layout, 'l')} as key
    from listed l left join ${tableOf(layout.source.table)} s on ${sourceEquals(layout, 'l')}
    where ${first} is null order by 1 limit ${SAMPLE}`.execute(source.db)
  const keys = rows.map((row) => row.key)
  const meant = await suggest(
    source,
    { table: layout.source.table, key: layout.key.map((column) => column.source) },
    keys,
  )
  return keys.map((key) => ({ id: formatKey(key), did_you_mean: meant.get(formatKey(key)) ?? null }))
}

/** How many ids of a list in the ledger are looked for at a time. */
const PAGE = 10_000

/** The same of a list that the ledger holds; looks no further than it has to. */
export async function sampleMissingListed(
  source: Session,
  cloud: Session,
  layout: Layout,
  master: string,
): Promise<readonly MissingId[]> {
  const found: MissingId[] = []
  let behind: Key | undefined
  do {
    const page = await listedBehind(cloud, master, behind, PAGE)
    const listed = page.map(({ key }) => key)
    found.push(...(await sampleMissing(source, { ...layout, listed })))
    behind = listed.at(-1)
  } while (behind !== undefined && found.length < SAMPLE)
  return found.slice(0, SAMPLE)
}

/** The master table of the source, as far as looking for ids goes. */
export interface SourceKey {
  readonly table: TableName
  readonly key: readonly ColumnShape[]
}

/** Of the keys, those that the source has. */
export async function presentKeys(
  { db }: Session,
  source: SourceKey,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ readonly key: Key }>`
    select ${keyOfTable(source, 'k')} as key
    from ${keysTable(source, keys, 'k')} join ${tableOf(source.table)} s on ${keyEquals(source, keys)}`.execute(
    db,
  )
  return rows.map((row) => row.key)
}

/** Of the keys, those that the source lacks. */
export async function absentKeys(
  { db }: Session,
  source: SourceKey,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ readonly key: Key }>`
    select ${keyOfTable(source, 'k')} as key from ${keysTable(source, keys, 'k')}
    where not exists (select from ${tableOf(source.table)} s where ${keyEquals(source, keys)})`.execute(db)
  return rows.map((row) => row.key)
}

/** Joins rows `s` of the source to given keys `k`. */
export function keyEquals(source: SourceKey, keys: readonly Key[]): Fragment {
  const equal = source.key.map((column, index) => {
    const castable = keys.every((key) => isValueOf(column, key[index] ?? ''))
    return equalsText(column, sql`s.${sql.id(column.name)}`, sql.id('k', `k${index + 1}`), castable)
  })
  return sql.join(equal, sql` and `)
}

/**
 * For each id the one id of the source that equals it but for width, case, hyphens, spaces and leading zeros;
 * none where there are several. Reads the source once.
 */
export async function suggest(
  { db }: Session,
  source: SourceKey,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map()
  const texts = source.key.map((column) => keyText('s', column))
  const folded = sql.join(
    texts.map(
      (text) =>
        sql`coalesce(nullif(ltrim(lower(regexp_replace(${text}, ${FOLDED_AWAY}, '', 'g')), '0'), ''), '0')`,
    ),
  )
  const foldedKeys = keys.map((key) => keyFromDatabase(key.map(fold)))
  const { rows } = await sql<{ readonly folded: string[]; readonly key: Key }>`
    with folded as materialized (
      select array[${folded}] as folded, array[${sql.join(texts)}] as key from ${tableOf(source.table)} s
    )
    select folded, min(key) as key from folded
    where folded in (select ${keyOfTable(source, 'w')} from ${keysTable(source, foldedKeys, 'w')})
    group by 1 having count(*) = 1`
    .execute(db)
    .catch((error: unknown) => {
      // An id may fold to a character that the source's encoding has not: no reason for a run to fail.
      if (!isUnconvertible(error)) throw error
      return { rows: [] }
    })
  const meant = new Map(rows.map((row) => [JSON.stringify(row.folded), formatKey(row.key)]))
  return new Map(
    keys.flatMap((key) => {
      const id = meant.get(JSON.stringify(key.map(fold)))
      return id === undefined ? [] : [[formatKey(key), id] as const]
    }),
  )
}
