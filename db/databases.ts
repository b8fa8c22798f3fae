import pg from 'pg'
import { SyncError } from '../core/errors.js'
import { createPool, type PoolOptions } from './pool.js'
import { explainFailure, type Side } from './failures.js'
import { inSession, type Database } from './session.js'
import { sql } from 'kysely'

export interface DatabasesOptions extends Omit<PoolOptions, 'size'> {
  /** The URL that a variable holds. */
  readonly url: (variable: string) => string
  readonly poolSize: number
}

/** The pools of a process, one for each database that a master names; opened when first used. */
export class Databases {
  readonly #pools = new Map<string, pg.Pool>()
  readonly #options: DatabasesOptions

  constructor(options: DatabasesOptions) {
    this.#options = options
  }

  /** @throws SyncError OPTION_INVALID when the variable is not set, or holds no URL or one of files that are not there */
  readonly get = (side: Side, variable: string): Database => {
    const url = this.#options.url(variable)
    const name = `${side} ${url}`
    let pool = this.#pools.get(name)
    if (pool === undefined) {
      if (!/^postgres(ql)?:\/\//u.test(url) || !URL.canParse(url)) {
        throw new SyncError(
          'OPTION_INVALID',
          `${variable} is not a URL such as postgres://user:password@host:5432/database`,
        )
      }
      if (url.includes('#')) {
        throw new SyncError(
          'OPTION_INVALID',
          `${variable} holds a #, where a URL ends: percent-encode @ : / ? # % in the user and the password`,
        )
      }
      checkParameters(variable, url)
      pool = createPool(url, { ...this.#options, size: this.#options.poolSize })
      this.#pools.set(name, pool)
    }
    return { side, pool }
  }

  /** @throws SyncError DATABASE_UNREACHABLE, DATABASE_REFUSED */
  async ping(side: Side, variable: string): Promise<void> {
    await inSession(this.get(side, variable), ({ db }) => sql`select 1`.execute(db)).catch(
      (error: unknown) => {
        throw explainFailure(error)
      },
    )
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()))
    this.#pools.clear()
  }
}

/** The driver reads the files that a URL names, such as sslrootcert, when a client is made, and fails in its own words. */
function checkParameters(variable: string, url: string): void {
  try {
    new pg.Client(url)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SyncError('OPTION_INVALID', `${variable}: ${reason}`, { cause })
  }
}
