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
  '09': 'row', // this one, 20, 27, 2F, 38 and 39 are raised by the code of a trigger
  '20': 'row',
  '22': 'row',
  '23': 'row',
  '25006': 'retry', // read-only: a failover is under way
  '25P03': 'retry',
  '27': 'row',
  '28': 'retry_slowly',
  '2F': 'row',
  '38': 'row',
  '39': 'row',
  '3D000': 'retry_slowly',
  '40': 'retry',
  '44': 'row',
  '53': 'retry',
  '54000': 'row', // a value too large for an index
  '55006': 'retry',
  '55P03': 'retry',
  '57': 'retry',
  '58': 'retry',
  '72': 'retry', // snapshot too old
  P0: 'row',
  XX: 'retry',
} as const satisfies Readonly<Record<string, Verdict>>

/** The classes of PostgreSQL that nothing helps with but a person, one row or many. */
const BY_PERSON: ReadonlySet<string> = new Set(
  '01 02 03 0A 0B 0F 0L 0P 0Z 21 24 25 26 2B 2D 34 3B 3D 3F 42 54 55 F0 HV'.split(' '),
)

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

/** OpenSSL's and node's names for a certificate that is not trusted. */
const CERTIFICATE = /CERT|_LEAF_SIGNATURE$|^INVALID_CA$|^HOSTNAME_MISMATCH$/u

/** Five letters alone are a node code such as EPERM. */
const SQLSTATE = /^(?![A-Z]{5}$)[0-9A-Z]{5}$/u

/** @param code SQLSTATE or node error code; undefined when the connection broke without one. */
export function judge(code: string | undefined): Verdict {
  if (code === undefined || SOCKET_CODES.has(code)) return 'retry'
  for (const length of [5, 2]) {
    const prefix = code.slice(0, length)
    if (Object.hasOwn(BY_PREFIX, prefix)) return BY_PREFIX[prefix as keyof typeof BY_PREFIX]
  }
  if (CERTIFICATE.test(code)) return 'retry_slowly'
  // A class that PostgreSQL does not have is a trigger's own word for the row before it.
  return SQLSTATE.test(code) && !BY_PERSON.has(code.slice(0, 2)) ? 'row' : 'person'
}

/** A wait for somebody's lock that lasted longer than the session's lock_timeout. */
export const LOCK_NOT_AVAILABLE = '55P03'
/** A server that gives no more connections: all are taken, or all that the database or the role may have. */
export const TOO_MANY_CONNECTIONS = '53300'
export const QUERY_CANCELED = '57014'
export const CHARACTER_NOT_IN_REPERTOIRE = '22021'
export const UNTRANSLATABLE_CHARACTER = '22P05'

/** Whether a server answers, and has trouble of its own: no room on its disk, a file that it cannot read or write. */
export function isServerTrouble(code: string | undefined): boolean {
  return code !== undefined && /^(?:53|58|XX)[0-9A-Z]{3}$/u.test(code)
}
