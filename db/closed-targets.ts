import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { keyOfTable, sourceEquals, tableOf } from './fragments.js'
import { listedBehind } from './listed-ids.js'
import { listedCte } from './listed.js'
import type { Session } from './session.js'

/** A listed row that the source has as closed, and why another may have taken its place. */
export interface ClosedTarget {
  readonly key: Key
  readonly reason: string | null
}

/** How many ids of a list in the ledger are looked for at a time. */
const PAGE = 10_000

/** Listed rows that have a date of closing, by id. */
export async function closedTargets(
  source: Session,
  cloud: Session,
  layout: Layout,
  master: string,
  columns: { readonly closed: string; readonly reason: string },
  limit: number,
): Promise<readonly ClosedTarget[]> {
  const closedIn = async (listed: Layout): Promise<readonly ClosedTarget[]> => {
    const { rows } = await sql<{ readonly key: string[]; readonly reason: string | null }>`
      with ${listedCte(listed, { from: undefined, below: undefined })}
      select ${keyOfTable(layout, 'l')} as key, s.${sql.id(columns.reason)}::text as reason
      from listed l join ${tableOf(layout.source.table)} s on ${sourceEquals(layout, 'l')}
      where s.${sql.id(columns.closed)} is not null order by 1 limit ${limit}`.execute(source.db)
    return rows.map(({ key, reason }) => ({ key: keyFromDatabase(key), reason }))
  }
  if (layout.list !== undefined) return closedIn(layout)
  const found: ClosedTarget[] = []
  let behind: Key | undefined
  do {
    const listed = (await listedBehind(cloud, master, behind, PAGE)).map(({ key }) => key)
    found.push(...(await closedIn({ ...layout, listed })))
    behind = listed.at(-1)
  } while (behind !== undefined && found.length < limit)
  return found.slice(0, limit)
}
