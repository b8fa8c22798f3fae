import pg from 'pg'

export interface PoolOptions {
  /** At most this many connections. */
  readonly size: number
  /** A statement that runs longer is ended by the server; ms. */
  readonly statementTimeoutMs: number
  /** A statement that waits longer for somebody's lock is ended by the server; ms. Without it, it waits on. */
  readonly lockTimeoutMs?: number | undefined
}

/** How the servers' views of their sessions show ours. */
export const APPLICATION_NAME = 'master-sync'

/**
 * What makes a value's text the same on every server: https://www.postgresql.org/docs/current/runtime-config-client.html
 * `row_security` off: hidden rows would look like removed ones; so it is an error to have any.
 * `jit` off: compiling an expression over 30 columns costs more than it saves on a segment.
 */
const PINNED = `
  set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres';
  set extra_float_digits = 1; set bytea_output = 'hex'; set lc_monetary = 'C'; set xmlbinary = 'base64';
  set standard_conforming_strings = on; set jit = off; set row_security = off;`

export function createPool(url: string, options: PoolOptions): pg.Pool {
  const timeout = Math.floor(options.statementTimeoutMs)
  const locks =
    options.lockTimeoutMs === undefined ? '' : `set lock_timeout = ${Math.floor(options.lockTimeoutMs)};`
  const settings = `${PINNED}
    set statement_timeout = ${timeout}; set idle_in_transaction_session_timeout = ${timeout}; ${locks}`
  const pool = new pg.Pool({
    connectionString: url,
    max: options.size,
    application_name: APPLICATION_NAME,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // The system's own default is two hours: as long a peer that is gone would hold a step.
    keepAliveInitialDelayMillis: 10_000,
    // A connection without its settings is not handed out: what it read would not compare.
    verify: (client, done) => {
      client.query(settings).then(() => {
        done()
      }, done)
    },
  })
  pool.on('connect', (client) => {
    // A connection that breaks while checked out emits this beside failing its query; unheard it would end the process.
    client.on('error', ignore)
  })
  pool.on('error', ignore)
  return pool
}

function ignore(): void {
  // deliberately nothing: see where it is used
}
