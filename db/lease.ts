import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

/** Who may write for the master. */
export interface Lease {
  readonly master: string
  readonly run: number
  /** Of the holder; an older one may write nothing. */
  readonly token: string
}

/**
 * Takes the lease for a run, or keeps it where the run has it already.
 * A holder that was not heard of for `ttlMs` is replaced; the update of the lease row then waits for, or makes fail,
 * whatever transaction of the old holder is about to commit.
 * A step that comes late, after its run has ended, gets none.
 * @throws SyncError LEASE_HELD while another run has it, RUN_UNKNOWN
 */
export async function acquireLease(
  session: Session,
  master: string,
  run: number,
  ttlMs: number,
): Promise<Lease> {
  return transaction(session, READ_COMMITTED, async () => {
    const { db } = session
    await sql`insert into master_sync.leases (master, token, run) values (${master}, 0, null) on conflict do nothing`.execute(
      db,
    )
    await sql`insert into master_sync.lease_beats (master, at) values (${master}, '-infinity') on conflict do nothing`.execute(
      db,
    )
    // The lock first: a statement that waits for it would judge the heartbeat by what it saw before it waited.
    await sql`select from master_sync.leases where master = ${master} for update`.execute(db)
    const { rows } = await sql<{
      readonly token: string
      readonly run: string | null
      readonly stale: boolean
    }>`
      select l.token, l.run, b.at < clock_timestamp() - make_interval(secs => ${ttlMs / 1000}) as stale
      from master_sync.leases l join master_sync.lease_beats b using (master)
      where l.master = ${master}`.execute(db)
    const [held] = rows
    if (held === undefined) throw new Error('the lease row has gone')
    // Only now that the row is locked: a close sets the outcome first, and releases the lease after.
    const open = await sql`select from master_sync.runs where run = ${run} and outcome is null`.execute(db)
    if (open.rows.length === 0) throw new SyncError('RUN_UNKNOWN', `run ${run} of ${master} has ended`)
    const mine = held.run === String(run)
    if (held.run !== null && !mine && !held.stale) {
      throw new SyncError('LEASE_HELD', `run ${held.run} of ${master} is under way`)
    }
    const token = mine ? held.token : String(BigInt(held.token) + 1n)
    if (!mine) {
      await sql`update master_sync.leases set token = ${token}, run = ${run} where master = ${master}`.execute(
        db,
      )
    }
    await beat(session, master)
    return { master, run, token }
  })
}

async function beat({ db }: Session, master: string): Promise<void> {
  await sql`update master_sync.lease_beats set at = clock_timestamp() where master = ${master}`.execute(db)
}

/** Says that the holder lives. A lost lease is left alone. */
export async function renewLease({ db }: Session, lease: Lease): Promise<void> {
  await sql`
    update master_sync.lease_beats b set at = clock_timestamp()
    from master_sync.leases l where l.master = b.master and l.master = ${lease.master} and l.token = ${lease.token}`.execute(
    db,
  )
}

/**
 * The fence: last statement before the commit of every writing transaction. `for share` makes a takeover wait for this
 * commit, or this statement for the takeover; a plain select, or `for key share`, would let both pass.
 * @throws SyncError LEASE_LOST
 */
export async function checkLease(session: Session, lease: Lease): Promise<void> {
  if (!(await holdsLease(session, lease)))
    throw new SyncError('LEASE_LOST', `run ${lease.run} no longer holds the lease of ${lease.master}`)
}

/** Whether the run still holds the lease; if so, nobody takes it before the transaction ends. */
export async function holdsLease({ db }: Session, lease: Lease): Promise<boolean> {
  const { rows } = await sql`
    select from master_sync.leases
    where master = ${lease.master} and token = ${lease.token} and run = ${lease.run} for share`.execute(db)
  return rows.length > 0
}

export async function releaseLease({ db }: Session, master: string, run: number): Promise<void> {
  await sql`update master_sync.leases set run = null where master = ${master} and run = ${run}`.execute(db)
}
