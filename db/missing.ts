import { sql } from 'kysely'
import { fold, FOLDED_AWAY, formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { keyOfTable, keysTable, listedCte, sourceEquals, sourceKeyTexts, tableOf } from './fragments.js'
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
  const meant = await suggest(source, layout, keys)
  return keys.map((key) => ({ id: formatKey(key), did_you_mean: meant.get(formatKey(key)) ?? null }))
}

/**
 * For each id the one id of the source that equals it but for width, case, hyphens, spaces and leading zeros;
 * none where there are several. Reads the source once.
 */
export async function suggest(source: Session, layout: Layout, keys: readonly Key[]): Promise<ReadonlyMap<string, string>> {
  if (keys.length === 0) return new Map()
  const texts = sourceKeyTexts(layout)
  const folded = sql.join(
    texts.map((text) => sql`coalesce(nullif(ltrim(lower(regexp_replace(${text}, ${FOLDED_AWAY}, '', 'g')), '0'), ''), '0')`),
  )
  const foldedKeys = keys.map((key) => keyFromDatabase(key.map(fold)))
  const { rows } = await sql<{ readonly folded: string[]; readonly key: Key }>`
    select array[${folded}] as folded, min(array[${sql.join(texts)}]) as key
    from ${tableOf(layout.source.table)} s
    where array[${folded}] in (select ${keyOfTable(layout, 'w')} from ${keysTable(layout, foldedKeys, 'w')})
    group by 1 having count(*) = 1`.execute(source.db)
  const meant = new Map(rows.map((row) => [JSON.stringify(row.folded), formatKey(row.key)]))
  return new Map(
    keys.flatMap((key) => {
      const id = meant.get(JSON.stringify(key.map(fold)))
      return id === undefined ? [] : [[formatKey(key), id] as const]
    }),
  )
}
