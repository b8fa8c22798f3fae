import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { freePort, isRoot } from './places.js'
import { endLeftBehind, noteStarted } from './left-behind.js'
import { startPostgres, type PostgresServer } from './postgres.js'
import { launch, type Launched } from './processes.js'
import { findTemporal } from './temporal-cli.js'
import { startTemporalServer, type TemporalServer } from './temporal-server.js'

/** Preferred, so that a second start is found where the first one was. */
const PORTS = { source: 25_431, cloud: 25_432, temporal: 27_233, ui: 28_233, console: 28_080 } as const

/** The whole system on one machine: two PostgreSQL, Temporal with its Web UI, and a worker. */
export interface LocalSystem {
  readonly source: PostgresServer
  readonly cloud: PostgresServer
  readonly temporal: TemporalServer
  /** The environment in which every command of the project works on this system. */
  readonly env: Readonly<Record<string, string>>
  /** A file to be sourced by a shell: sets that environment. */
  readonly envFile: string
  readonly workerLog: string
  readonly consoleLog: string
  /** For the console. */
  readonly consolePort: number
  startWorker(): Promise<void>
  stop(): Promise<void>
}

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url))

/** Starts the servers on their data in `dir`, making it the first time. */
export async function startSystem(dir: string, say: (line: string) => void): Promise<LocalSystem> {
  await mkdir(dir, { recursive: true, mode: isRoot() ? 0o755 : 0o700 })
  const stops: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    const source = await startDatabase(dir, 'source', 'onprem')
    stops.push(() => source.stop())
    const cloud = await startDatabase(dir, 'cloud', 'cloud')
    stops.push(() => cloud.stop())
    const temporal = await startTemporalServer({
      cli: await findTemporal(process.env, say),
      preferred: { port: PORTS.temporal, uiPort: PORTS.ui },
      dbFile: join(dir, 'temporal.db'),
      logFile: join(dir, 'temporal.log'),
    })
    stops.push(() => temporal.stop())
    const env = {
      SOURCE_DATABASE_URL: source.url('onprem'),
      CLOUD_DATABASE_URL: cloud.url('cloud'),
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: 'default',
      MASTERS_DIR: join(CHECKOUT, 'masters'),
      ...(temporal.uiUrl === undefined ? {} : { TEMPORAL_UI_URL: temporal.uiUrl }),
    }
    const envFile = join(dir, 'env')
    await writeFile(
      envFile,
      Object.entries(env)
        .map(([name, value]) => `export ${name}='${value}'\n`)
        .join(''),
    )
    const workerLog = join(dir, 'worker.log')
    return {
      source,
      cloud,
      temporal,
      env,
      envFile,
      workerLog,
      consoleLog: join(dir, 'console.log'),
      consolePort: await freePort(PORTS.console),
      stop,
      startWorker: async () => {
        const pidFile = join(dir, 'worker.pid')
        await endLeftBehind(pidFile, 'master-sync.js worker', dir)
        const worker = await startWorker(env, workerLog)
        await noteStarted(pidFile, worker.pid)
        stops.push(() => worker.end('SIGTERM', 'SIGKILL', 60_000))
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startDatabase(
  dir: string,
  side: 'source' | 'cloud',
  database: string,
): Promise<PostgresServer> {
  const server = await startPostgres({ dir: join(dir, side), preferredPort: PORTS[side] })
  const client = new pg.Client(server.url('postgres'))
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database])
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(database)}`)
  } finally {
    await client.end()
  }
  return server
}

function startWorker(env: Readonly<Record<string, string>>, logFile: string): Promise<Launched> {
  return launch(process.execPath, [join(CHECKOUT, 'bin', 'master-sync.js'), 'worker'], {
    cwd: CHECKOUT,
    env: { ...process.env, ...env },
    logFile,
  })
}
