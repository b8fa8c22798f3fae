import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import { equalsText, keyOfTable, keysTable, tableOf } from './fragments.js'
import { keyEquals, type SourceKey } from './missing.js'
import type { Session } from './session.js'

/** A closed row, and the open one that has taken its place; null where none has, or that is not known. */
interface ClosedKey {
  readonly key: Key
  readonly successor: string | null
}

/** A successor may have closed as well, and so on; what leads no further, or in a circle, leads nowhere. */
const STEPS = 20

/** Of the keys, those that the source has as closed, with the id that took the place of each where it says so. */
export async function closedKeys(
  { db }: Session,
  source: SourceKey,
  keys: readonly Key[],
  columns: { readonly closed: string; readonly successor: string | null },
  limit: number,
): Promise<readonly ClosedKey[]> {
  const [id] = source.key
  if (keys.length === 0 || id === undefined) return []
  const closed = sql.id('s', columns.closed)
  const successor = columns.successor === null ? sql`null::text` : sql`s.${sql.id(columns.successor)}::text`
  const next = equalsText(id, sql.id('s', id.name), sql`c.successor`, false)
  const { rows } = await sql<{ readonly key: string[]; readonly successor: string | null }>`
    with recursive closed as materialized (
      select ${keyOfTable(source, 'k')} as key, ${successor} as successor
      from ${keysTable(source, keys, 'k')} join ${tableOf(source.table)} s on ${keyEquals(source, keys)}
      where ${closed} is not null order by 1 limit ${limit}
    ), chain as (
      select key, successor, 1 as step, false as open from closed
      union all
      select c.key, case when ${closed} is null then c.successor else ${successor} end, c.step + 1, ${closed} is null
      from chain c join ${tableOf(source.table)} s on ${next}
      where not c.open and c.successor is not null and c.step <= ${STEPS}
    )
    select key, max(successor) filter (where open) as successor from chain group by key order by key`.execute(
    db,
  )
  return rows.map((row) => ({ ...row, key: keyFromDatabase(row.key) }))
}
