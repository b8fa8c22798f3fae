import { Client, Connection } from '@temporalio/client'
import { chooseMaster, readMasters } from '../config/masters.js'
import { temporalConfig } from '../config/temporal.js'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import type { Environment } from '../core/options.js'
import { Databases } from '../db/databases.js'
import { explainFailure, isDatabaseFailure } from '../db/failures.js'
import { inSession, type Session } from '../db/session.js'

/** Long enough for `setup` to look through a large table. */
const STATEMENT_TIMEOUT_MS = 120_000

/** What operations work with: settings, databases, Temporal; opened when first used, closed by `close`. */
export class App {
  readonly environment: Environment
  readonly databases: Databases
  #client: Promise<Client> | undefined

  constructor(environment: Environment) {
    this.environment = environment
    this.databases = new Databases({
      url: environment.required,
      poolSize: 4,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    })
  }

  masters(): readonly Master[] {
    return readMasters(this.environment.text('MASTERS_DIR') ?? 'masters')
  }

  master(name: string | undefined): Master {
    return chooseMaster(this.masters(), name)
  }

  get taskQueue(): string {
    return this.environment.text('TASK_QUEUE') ?? 'master-sync'
  }

  get leaseMs(): number {
    return this.environment.number('LEASE_SECONDS') * 1000
  }

  /** @throws SyncError TEMPORAL_UNREACHABLE */
  temporal(): Promise<Client> {
    this.#client ??= connect()
    return this.#client
  }

  /** Work on the source of a master; a database's failure is explained. */
  async onSource<T>(master: Master, work: (session: Session) => Promise<T>): Promise<T> {
    return explained(() => inSession(this.databases.get('source', master.source.database), work))
  }

  async onCloud<T>(master: Master, work: (session: Session) => Promise<T>): Promise<T> {
    return explained(() => inSession(this.databases.get('cloud', master.cloud.database), work))
  }

  async close(): Promise<void> {
    await this.databases.close()
    const client = await this.#client?.catch(() => undefined)
    await client?.connection.close()
  }
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isDatabaseFailure(error) ? explainFailure(error) : error
  }
}

async function connect(): Promise<Client> {
  const { connectionOptions, namespace } = temporalConfig()
  try {
    const connection = await Connection.connect({ connectTimeout: '10s', ...connectionOptions })
    return new Client({ connection, namespace })
  } catch (cause) {
    throw new SyncError('TEMPORAL_UNREACHABLE', `Temporal at ${connectionOptions.address} does not answer`, {
      cause,
    })
  }
}
