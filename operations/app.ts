import type { Client } from '@temporalio/client'
import { chooseMaster, readMasters } from '../config/masters.js'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import type { Environment } from '../core/options.js'
import { Databases } from '../db/databases.js'
import { explainFailure, isDatabaseFailure, readFailure, type Side } from '../db/failures.js'
import { inSession, type Session } from '../db/session.js'
import { operatorOf } from './operator.js'
import type { TemporalClient } from './temporal-client.js'

/** Long enough for `setup` to look through a large table. */
const STATEMENT_TIMEOUT_MS = 120_000

/** A database: its side, and the variable that holds its URL. */
export interface Place {
  readonly side: Side
  readonly database: string
}

/** What operations work with: settings, databases, Temporal; opened when first used, closed by `close`. */
export class App {
  readonly environment: Environment
  readonly databases: Databases
  /** Who gives the orders, for the record. */
  readonly operator: string
  readonly #temporal: { client?: Promise<TemporalClient> }

  /**
   * @param patience how long its sessions wait for other sessions' locks; without it they wait on
   * @param shared whose connections are used, and in whose name
   */
  constructor(
    environment: Environment,
    patience: { readonly lockTimeoutMs?: number } = {},
    shared?: { readonly app: App; readonly operator: string },
  ) {
    this.environment = environment
    this.operator = shared?.operator ?? operatorOf(environment)
    this.#temporal = shared === undefined ? {} : shared.app.#temporal
    this.databases =
      shared?.app.databases ??
      new Databases({
        url: environment.required,
        poolSize: 4,
        statementTimeoutMs: STATEMENT_TIMEOUT_MS,
        ...patience,
      })
  }

  /** The same for somebody else who gives orders, over the same connections. */
  as(operator: string): App {
    return new App(this.environment, {}, { app: this, operator })
  }

  /** @throws SyncError MASTER_UNKNOWN where there are none */
  masters(): readonly Master[] {
    const masters = this.#read()
    if (masters.length === 0) this.master(undefined)
    return masters
  }

  master(name: string | undefined): Master {
    return chooseMaster(this.#read(), name)
  }

  #read(): readonly Master[] {
    return readMasters(this.mastersFolder)
  }

  get mastersFolder(): string {
    return this.environment.required('MASTERS_DIR')
  }

  get taskQueue(): string {
    return this.environment.required('TASK_QUEUE')
  }

  get leaseMs(): number {
    return this.environment.number('LEASE_SECONDS') * 1000
  }

  /** @throws SyncError TEMPORAL_UNREACHABLE */
  async temporal(): Promise<Client> {
    // Half of what a command would load, and many do without.
    this.#temporal.client ??= import('./temporal-client.js').then(({ connectTemporal }) => connectTemporal())
    return (await this.#temporal.client).client
  }

  /** Work on the source of a master; a database's failure is explained. */
  onSource<T>(master: Master, work: (session: Session) => Promise<T>): Promise<T> {
    return this.on({ side: 'source', database: master.source.database }, work)
  }

  onCloud<T>(master: Master, work: (session: Session) => Promise<T>): Promise<T> {
    return this.on({ side: 'cloud', database: master.cloud.database }, work)
  }

  async on<T>(place: Place, work: (session: Session) => Promise<T>): Promise<T> {
    const { side, database } = place
    try {
      return await inSession(this.databases.get(side, database), work)
    } catch (error) {
      if (!isDatabaseFailure(error)) throw error
      throw placed(explain(side, error), database, this.environment.required(database))
    }
  }

  async close(): Promise<void> {
    await this.databases.close()
    const temporal = await this.#temporal.client?.catch(() => undefined)
    await temporal?.close()
  }
}

function explain(side: Side, error: unknown): SyncError {
  const { code, message } = readFailure(error)
  // The driver's own words, without a code: what it lacks or will not take is a password.
  if (code === undefined && message.startsWith('SASL: '))
    return new SyncError('DATABASE_REFUSED', `the ${side} database: ${message}`, { cause: error })
  // A name with several addresses fails with an error for each, and no message of its own.
  if (!(error instanceof AggregateError)) return explainFailure(error)
  const each = error.errors.map((cause) => readFailure(cause).message).join('; ')
  return new SyncError('DATABASE_UNREACHABLE', `the ${side} database: ${each}`, { cause: error })
}

/** A failed connection, with where it was to go: not every error of the driver says. */
function placed(error: SyncError, variable: string, url: string): SyncError {
  if (error.code !== 'DATABASE_UNREACHABLE' && error.code !== 'DATABASE_REFUSED') return error
  const { hostname, port, pathname } = new URL(url)
  const place = `${hostname}:${port === '' ? '5432' : port}${pathname}`
  const message = `${error.message}\n  ${variable} leads to ${place}`
  return new SyncError(error.code, message, { remedy: error.remedy, cause: error })
}
