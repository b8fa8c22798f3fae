import { sql } from 'kysely'
import type { ReadList, RunFailure } from '../core/report.js'
import type { Session } from './session.js'

/** How a list was read last. What it named may have been taken out of the table since: then no reading is the same. */
export interface KnownList {
  readonly fingerprint: string | null
  readonly entries: number | null
}

export async function knownList({ db }: Session, master: string, list: string): Promise<KnownList> {
  const { rows } = await sql<KnownList>`
    select l.entries, case when not l.settled or exists (select from master_sync.target_entries e
      where e.master = l.master and e.list = l.list and e.pending is not null) then null else l.fingerprint end
      as fingerprint
    from master_sync.target_lists l where l.master = ${master} and l.list = ${list}`.execute(db)
  return rows[0] ?? { fingerprint: null, entries: null }
}

export async function noteRead(
  { db }: Session,
  master: string,
  list: string,
  { fingerprint, entries }: KnownList,
): Promise<void> {
  await db
    .insertInto('master_sync.target_lists')
    .values({ master, list, fingerprint, entries, read_at: new Date(), failure: null, settled: true })
    .onConflict((conflict) =>
      conflict
        .columns(['master', 'list'])
        .doUpdateSet({ fingerprint, entries, read_at: new Date(), failure: null, settled: true }),
    )
    .execute()
}

export async function noteUnread(
  { db }: Session,
  master: string,
  list: string,
  failure: RunFailure,
): Promise<void> {
  const told = JSON.stringify(failure)
  await db
    .insertInto('master_sync.target_lists')
    .values({ master, list, fingerprint: null, entries: null, read_at: null, failure: told })
    .onConflict((conflict) => conflict.columns(['master', 'list']).doUpdateSet({ failure: told }))
    .execute()
}

export async function storeReadLists(
  { db }: Session,
  run: number,
  lists: readonly ReadList[],
): Promise<void> {
  await db
    .updateTable('master_sync.runs')
    .set({ lists: JSON.stringify(lists) })
    .where('run', '=', String(run))
    .execute()
}

export async function readListsOf({ db }: Session, run: number): Promise<readonly ReadList[]> {
  const row = await db
    .selectFrom('master_sync.runs')
    .select('lists')
    .where('run', '=', String(run))
    .executeTakeFirst()
  return row?.lists ?? []
}
