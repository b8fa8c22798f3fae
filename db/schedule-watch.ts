import { sql } from 'kysely'
import type { Watched } from '../core/schedule-watch.js'
import type { Session } from './session.js'

/** What people were told of a master's schedule. */
export async function readWatched({ db }: Session, master: string): Promise<Watched | undefined> {
  const row = await db
    .selectFrom('master_sync.schedule_watch')
    .select(['missed', 'skipped', 'old_since'])
    .where('master', '=', master)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { missed, skipped, old_since: since } = row
  return {
    missed: Number(missed),
    skipped: Number(skipped),
    oldSince: since === null ? null : Number(since),
  }
}

/**
 * Notes what people know once the transaction commits, unless another worker noted something since `known` was read.
 * Until then another that wants to note something waits.
 * @returns whether it is this worker that tells
 */
export async function claimWatched(
  { db }: Session,
  master: string,
  known: Watched | undefined,
  next: Watched,
): Promise<boolean> {
  const { rows } = await (
    known === undefined
      ? sql`
        insert into master_sync.schedule_watch (master, missed, skipped, old_since)
        values (${master}, ${next.missed}, ${next.skipped}, ${next.oldSince})
        on conflict do nothing returning master`
      : sql`
        update master_sync.schedule_watch
        set missed = ${next.missed}, skipped = ${next.skipped}, old_since = ${next.oldSince}
        where master = ${master} and missed = ${known.missed} and skipped = ${known.skipped}
          and old_since is not distinct from ${known.oldSince}::bigint returning master`
  ).execute(db)
  return rows.length > 0
}
