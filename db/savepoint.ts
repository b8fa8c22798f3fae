import { sql } from 'kysely'
import { LOCK_NOT_AVAILABLE } from '../core/sqlstate.js'
import { readFailure } from './failures.js'
import { suppressed, type Refusal } from './rejects.js'
import type { Session } from './session.js'

export type Attempt<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

/**
 * Runs `work` so that a refusal of single rows, or a result that may not stand, leaves the transaction as it was
 * before. Anything else that fails is thrown.
 */
export async function inSavepoint<T>(
  { db }: Session,
  work: () => Promise<T>,
  mayStand: (value: T) => boolean = () => true,
): Promise<Attempt<T>> {
  await sql`savepoint attempt`.execute(db)
  try {
    const value = await work()
    const stands = mayStand(value)
    await (stands ? sql`release savepoint attempt` : sql`rollback to savepoint attempt`).execute(db)
    return stands
      ? { ok: true, value }
      : { ok: false, refusal: suppressed('the result was not what it had to be') }
  } catch (error) {
    const { code, message, verdict } = readFailure(error)
    if (code === undefined || (verdict !== 'row' && code !== LOCK_NOT_AVAILABLE)) throw error
    await sql`rollback to savepoint attempt`.execute(db)
    return { ok: false, refusal: { sqlstate: code, message, column: columnOf(error) } }
  }
}

function columnOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'column' in error && typeof error.column === 'string'
    ? error.column
    : null
}
