import { SyncError } from '../core/errors.js'
import {
  CHARACTER_NOT_IN_REPERTOIRE,
  isServerTrouble,
  judge,
  QUERY_CANCELED,
  TOO_MANY_CONNECTIONS,
  UNTRANSLATABLE_CHARACTER,
  type Verdict,
} from '../core/sqlstate.js'

export type Side = 'source' | 'cloud'

/** What a failed statement carries; every field is the server's. */
export interface DatabaseFailure {
  readonly code: string | undefined
  readonly message: string
  readonly verdict: Verdict
}

/** Reads an error of the driver: a server's error has a SQLSTATE, a broken connection a node code or none. */
export function readFailure(error: unknown): DatabaseFailure {
  const code = hasCode(error) ? error.code : undefined
  const message = error instanceof Error ? error.message : String(error)
  return { code, message, verdict: judge(code) }
}

function hasCode(error: unknown): error is { readonly code: string } {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
}

export function sqlstateOf(error: unknown): string | undefined {
  return hasCode(error) ? error.code : undefined
}

/**
 * Whether a text has no form in the other encoding. A source in SQL_ASCII, which knows of no characters, calls it
 * invalid bytes.
 */
export function isUnconvertible(error: unknown): boolean {
  const code = sqlstateOf(error)
  return code === UNTRANSLATABLE_CHARACTER || code === CHARACTER_NOT_IN_REPERTOIRE
}

/** Which side's server or connection an error came from; errors of the driver do not say. */
const sides = new WeakMap<object, Side>()

/** Notes the side of an error, and throws it on. */
export function failOf(side: Side, error: unknown): never {
  noteSide(side, error)
  throw error
}

export function noteSide(side: Side, error: unknown): void {
  if (typeof error === 'object' && error !== null && !sides.has(error)) sides.set(error, side)
}

export function sideOf(error: unknown): Side | undefined {
  return typeof error === 'object' && error !== null ? sides.get(error) : undefined
}

/** Whether the error is a database's, or its connection's, rather than a fault of ours. */
export function isDatabaseFailure(error: unknown): boolean {
  return sideOf(error) !== undefined
}

/** Whether an error, or one of those that it came of, has the SQLSTATE. */
export function comesOf(error: unknown, sqlstate: string): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (sqlstateOf(cause) === sqlstate) return true
  return false
}

/** Turns a database's failure into an error for people; errors that are one already pass through. */
export function explainFailure(error: unknown): SyncError {
  if (error instanceof SyncError) return error
  const side = sideOf(error) ?? 'source or cloud'
  const { code, message, verdict } = readFailure(error)
  const what = `the ${side} database: ${message}${code === undefined ? '' : ` (${code})`}`
  if (code === QUERY_CANCELED) return new SyncError('STATEMENT_TOO_SLOW', what, { cause: error })
  if (verdict === 'retry_slowly') return new SyncError('DATABASE_REFUSED', what, { cause: error })
  if (code === TOO_MANY_CONNECTIONS) {
    const remedy = 'The server answers, but is full: raise the limit that it names, or lower WORKER_SLOTS.'
    return new SyncError('DATABASE_UNREACHABLE', what, { remedy, cause: error })
  }
  if (isServerTrouble(code)) {
    const remedy = 'The server answers, and says what it lacks: where that is room, make some on its disk.'
    return new SyncError('DATABASE_UNREACHABLE', what, { remedy, cause: error })
  }
  if (verdict === 'retry') return new SyncError('DATABASE_UNREACHABLE', what, { cause: error })
  if (code === '42501') return new SyncError('PERMISSION_DENIED', what, { cause: error })
  return new SyncError('STATEMENT_REFUSED', what, { cause: error })
}
