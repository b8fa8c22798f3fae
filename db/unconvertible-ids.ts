import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import { isUnconvertible } from './failures.js'
import { keysTable } from './fragments.js'
import type { Session } from './session.js'

/** An id with a character that the encoding of the server lacks, if there is one: found by halving. */
export async function findUnconvertibleId(session: Session, keys: readonly Key[]): Promise<Key | undefined> {
  const [first] = keys
  if (first === undefined || (await canBeSent(session, keys))) return undefined
  if (keys.length === 1) return first
  const middle = keys.length >> 1
  return (
    (await findUnconvertibleId(session, keys.slice(0, middle))) ??
    (await findUnconvertibleId(session, keys.slice(middle)))
  )
}

async function canBeSent({ db }: Session, keys: readonly Key[]): Promise<boolean> {
  try {
    await sql`select count(*) from ${keysTable({ key: keys[0] ?? [] }, keys, 'k')}`.execute(db)
    return true
  } catch (error) {
    if (isUnconvertible(error)) return false
    throw error
  }
}
