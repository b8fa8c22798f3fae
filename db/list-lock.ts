import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Session } from './session.js'

/** How often the lock is asked for while someone else has it. */
const ASKED_EVERY_MS = 250

/**
 * Only one at a time brings the ledger and the on-prem table of a master's list together: a run, or a command. The lock
 * is the session's: the server takes it back when the connection ends, however that comes.
 */
export async function withListLock<T>(
  { db }: Session,
  master: string,
  heard: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const lock = sql`hashtextextended(${`master_sync list ${master}`}, 0)`
  for (;;) {
    const { rows } = await sql<{
      readonly got: boolean
    }>`select pg_try_advisory_lock(${lock}) as got`.execute(db)
    if (rows[0]?.got === true) break
    heard()
    await sleep(ASKED_EVERY_MS)
  }
  try {
    return await work()
  } finally {
    await sql`select pg_advisory_unlock(${lock})`.execute(db).catch(() => undefined)
  }
}
