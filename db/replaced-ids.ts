import { sql } from 'kysely'
import { formatKey, keyFromDatabase } from '../core/ids.js'
import { NO_IDS, type ReplacedIds } from '../core/replacement.js'
import { isOffList } from './replacement-state.js'
import type { Session } from './session.js'

const SAMPLE = 20

/**
 * Ids whose place a run has given to others.
 * @param offList only those that no list names by now
 */
export async function replacedIds(
  { db }: Session,
  master: string,
  run: number,
  offList: boolean,
): Promise<ReplacedIds> {
  const { rows } = await sql<{
    readonly old: string[]
    readonly new: string[]
    readonly ids: number
  }>`
    select r.old_key as old, r.new_key as new, (count(*) over ())::integer as ids
    from master_sync.replacements r
    where r.master = ${master} and r.run = ${run} and ${offList ? isOffList() : sql`true`}
    order by r.old_key limit ${SAMPLE}`.execute(db)
  const sample = rows.map((row) => ({
    old: formatKey(keyFromDatabase(row.old)),
    new: formatKey(keyFromDatabase(row.new)),
  }))
  return rows[0] === undefined ? NO_IDS : { ids: rows[0].ids, sample }
}
