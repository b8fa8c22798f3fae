import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import { givenKeys, type Keyed } from './fragments.js'
import { stageOf } from './list-stage.js'
import type { Session } from './session.js'

/** An id of a staged list, and where it stands. */
export interface PlacedId {
  readonly key: Key
  readonly line: number | null
  readonly column: number | null
}

/** Ids that stand in the staged list more than once: how many, and the repetitions of the first of them. */
export async function stagedDuplicates(
  { db }: Session,
  limit: number,
): Promise<{ readonly total: number; readonly first: readonly PlacedId[] }> {
  const { rows } = await sql<PlacedRow & { readonly total: number }>`
    select key, line, col, (count(*) over ())::integer as total from (
      select key, line, col, n, row_number() over (partition by key order by n) as nth from ${stageOf('list')}
    ) s where nth > 1 order by n limit ${limit}`.execute(db)
  return { total: rows[0]?.total ?? 0, first: rows.map(placed) }
}

/** The ids of the staged list behind one, in order. */
export async function nextStaged(
  { db }: Session,
  behind: Key | undefined,
  limit: number,
): Promise<readonly { readonly key: Key }[]> {
  const { rows } = await sql<{ readonly key: string[] }>`
    select key from ${stageOf('list')} where key > ${behind === undefined ? [] : [...behind]}::text[]
    group by key order by key limit ${limit}`.execute(db)
  return rows.map(({ key }) => ({ key: keyFromDatabase(key) }))
}

/** Where ids stand first. */
export async function placesOf(
  { db }: Session,
  keyed: Keyed,
  keys: readonly Key[],
): Promise<readonly PlacedId[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<PlacedRow>`
    select distinct on (s.key) s.key, s.line, s.col
    from ${stageOf('list')} s join ${givenKeys(keyed, keys)} on g.key = s.key order by s.key, s.n`.execute(db)
  return rows.map(placed)
}

interface PlacedRow {
  readonly key: string[]
  readonly line: string | null
  readonly col: string | null
}

function placed({ key, line, col }: PlacedRow): PlacedId {
  const number = (text: string | null): number | null => (text === null ? null : Number(text))
  return { key: keyFromDatabase(key), line: number(line), column: number(col) }
}
