/**
 * What a failure of a database asks for:
 * `retry` soon by itself · `retry_slowly` (a secret is being rotated) · `row` one row's values are refused ·
 * `person` nothing helps but a person.
 */
export type Verdict = 'retry' | 'retry_slowly' | 'row' | 'person'

/**
 * By the longest prefix of the SQLSTATE; https://www.postgresql.org/docs/current/errcodes-appendix.html
 * `XX` and `58` (internal, I/O) are retried: a full or failing disk is mended without touching the run.
 */
const BY_PREFIX = {
  '08': 'retry',
  '22': 'row',
  '23': 'row',
  '25006': 'retry', // read-only: a failover is under way
  '25P03': 'retry',
  '28': 'retry_slowly',
  '3D000': 'retry_slowly',
  '40': 'retry',
  '44': 'row',
  '53': 'retry',
  '55006': 'retry',
  '55P03': 'retry',
  '57': 'retry',
  '58': 'retry',
  P0: 'row',
  XX: 'retry',
} as const satisfies Readonly<Record<string, Verdict>>

/** Socket-level failures as node reports them in `error.code`. */
const SOCKET_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

/** @param code SQLSTATE or node error code; undefined when the connection broke without one. */
export function judge(code: string | undefined): Verdict {
  if (code === undefined || SOCKET_CODES.has(code)) return 'retry'
  for (const length of [5, 2]) {
    const prefix = code.slice(0, length)
    if (Object.hasOwn(BY_PREFIX, prefix)) return BY_PREFIX[prefix as keyof typeof BY_PREFIX]
  }
  return 'person'
}

export const LOCK_NOT_AVAILABLE = '55P03'
export const QUERY_CANCELED = '57014'
export const UNTRANSLATABLE_CHARACTER = '22P05'
