import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import { TABLE_LIST } from '../core/list-changes.js'
import type { PublishedList, RunFailure } from '../core/report.js'
import type { Session } from './session.js'

/** Ids whose rows the cloud holds, with their notes where it keeps them: tracked rows that are not to go. */
function heldIds(master: string) {
  return sql`
    select t.key, n.note
    from master_sync.tracked_rows t left join lateral (
      select e.note from master_sync.target_entries e
      where e.master = t.master and e.key = t.key and e.pending is distinct from 'leave'
      order by e.list <> ${TABLE_LIST}, e.list limit 1
    ) n on true
    where t.master = ${master} and t.outside is null`
}

/** The same for the same ids and notes. */
export async function heldDigest({ db }: Session, master: string): Promise<string> {
  const { rows } = await sql<{ readonly digest: string }>`
    select format('%s:%s', count(*),
      sum(hash_array_extended(key || array[coalesce(note, '')], 0))) as digest
    from (${heldIds(master)}) h`.execute(db)
  return rows[0]?.digest ?? ''
}

/** The ids behind one, in order. */
export async function nextHeld(
  { db }: Session,
  master: string,
  behind: Key | undefined,
  limit: number,
): Promise<readonly { readonly key: Key; readonly note: string | null }[]> {
  const { rows } = await sql<{ readonly key: string[]; readonly note: string | null }>`
    ${heldIds(master)} and t.key > ${behind === undefined ? [] : [...behind]}::text[]
    order by t.key limit ${limit}`.execute(db)
  return rows.map(({ key, note }) => ({ key: keyFromDatabase(key), note }))
}

export async function publishedDigest({ db }: Session, master: string, list: string): Promise<string | null> {
  const row = await db
    .selectFrom('master_sync.published_lists')
    .select('digest')
    .where('master', '=', master)
    .where('list', '=', list)
    .executeTakeFirst()
  return row?.digest ?? null
}

export async function notePublished(
  { db }: Session,
  master: string,
  list: string,
  written: { readonly digest: string; readonly entries: number },
): Promise<void> {
  const now = { ...written, written_at: new Date(), failure: null }
  await db
    .insertInto('master_sync.published_lists')
    .values({ master, list, ...now })
    .onConflict((conflict) => conflict.columns(['master', 'list']).doUpdateSet(now))
    .execute()
}

/** What stands there now is not known: the next run writes it again. */
export async function noteUnpublished(
  { db }: Session,
  master: string,
  list: string,
  failure: RunFailure | null,
): Promise<void> {
  const now = { digest: null, failure: failure === null ? null : JSON.stringify(failure) }
  await db
    .insertInto('master_sync.published_lists')
    .values({ master, list, entries: null, written_at: null, ...now })
    .onConflict((conflict) => conflict.columns(['master', 'list']).doUpdateSet(now))
    .execute()
}

/** How the lists were written last. */
export async function publishedLists(
  { db }: Session,
  master: string,
  lists: readonly string[],
): Promise<readonly PublishedList[]> {
  if (lists.length === 0) return []
  return db
    .selectFrom('master_sync.published_lists')
    .select(['list', 'entries', 'failure'])
    .where('master', '=', master)
    .where('list', 'in', lists)
    .orderBy('list')
    .execute()
}
