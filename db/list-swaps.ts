import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import { stagedOnce } from './list-stage.js'
import type { Session } from './session.js'
import { ofList, type KeptList } from './target-entries.js'

/** Ids that the staged list does not name any more, in order. */
export async function droppedIds(
  { db }: Session,
  { master, list }: Pick<KeptList, 'master' | 'list'>,
  limit: number,
): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: string[] }>`
    select e.key from master_sync.target_entries e left join (${stagedOnce('list')}) w on w.key = e.key
    where ${ofList(master, list)} and e.pending is distinct from 'leave' and w.key is null
    order by e.key limit ${limit}`.execute(db)
  return rows.map(({ key }) => keyFromDatabase(key))
}

/** Ids behind one that it did not name before. */
export async function addedIds(
  { db }: Session,
  { master, list }: Pick<KeptList, 'master' | 'list'>,
  behind: Key | undefined,
  limit: number,
): Promise<readonly { readonly key: Key }[]> {
  const { rows } = await sql<{ readonly key: string[] }>`
    select w.key from (${stagedOnce('list')}) w
      left join master_sync.target_entries e on ${ofList(master, list)} and e.key = w.key
    where e.key is null and w.key > ${behind === undefined ? [] : [...behind]}::text[]
    order by w.key limit ${limit}`.execute(db)
  return rows.map(({ key }) => ({ key: keyFromDatabase(key) }))
}
