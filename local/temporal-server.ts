import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Connection } from '@temporalio/client'
import { endLeftBehind, noteStarted } from './left-behind.js'
import { freePort, isListening, isPortFree } from './places.js'
import { type Launched, launch, waitUntil } from './processes.js'

export { findTemporal } from './temporal-cli.js'

/** A running Temporal development server with the namespace `default`. */
export interface TemporalServer {
  /** `127.0.0.1:port` of its gRPC service. */
  readonly address: string
  /** Of the Web UI; undefined when headless. */
  readonly uiUrl: string | undefined
  readonly pid: number
  stop(): Promise<void>
}

/**
 * Starts a development server; resolves when it answers calls and has its namespace. Ports: free ones by default.
 * Without `dbFile` it keeps everything in memory; with it, it goes on where it stopped, and a server that was left
 * behind on that file (kill -9 of its starter) is ended first; one whose starter lives is an error.
 */
export async function startTemporalServer(options: {
  readonly cli: string
  readonly port?: number
  readonly uiPort?: number
  /** Taken where they are free and nothing else is asked for. */
  readonly preferred?: { readonly port: number; readonly uiPort: number }
  readonly dbFile?: string
  readonly headless?: boolean
  readonly logFile?: string
}): Promise<TemporalServer> {
  const dbFile = options.dbFile === undefined ? undefined : resolve(options.dbFile)
  if (dbFile !== undefined) {
    await mkdir(dirname(dbFile), { recursive: true })
    await endLeftBehind(pidFile(dbFile), `--db-filename ${dbFile}`, dbFile)
  }
  const port = options.port ?? (await freePort(options.preferred?.port))
  const uiPort =
    options.headless === true ? undefined : (options.uiPort ?? (await freePort(options.preferred?.uiPort)))
  for (const wanted of [port, ...(uiPort === undefined ? [] : [uiPort])]) {
    if (!(await waitUntil(() => isPortFree(wanted), 1_000))) {
      throw new Error(`Temporal cannot start: port ${wanted} on 127.0.0.1 is in use by another program`)
    }
  }
  const args = [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'],
    // An activity then travels with the answer to its workflow task: 52 ms instead of 102 for each, measured.
    ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(dbFile === undefined ? [] : ['--db-filename', dbFile]),
  ]
  const server = await launch(options.cli, args, {
    cwd: '/',
    env: ownEnvironment(),
    logFile: options.logFile,
  })
  if (dbFile !== undefined) await noteStarted(pidFile(dbFile), server.pid)
  const address = `127.0.0.1:${port}`
  await whenReady(server, address, port)
  return {
    address,
    uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    pid: server.pid,
    stop: () => server.end('SIGTERM', 'SIGKILL', 20_000),
  }
}

const pidFile = (dbFile: string) => `${dbFile}.pid`

// TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and the like belong to another server; the CLI takes flags from them.
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_')))
}

async function whenReady(server: Launched, address: string, port: number): Promise<void> {
  // gRPC waits a second or more between attempts, so knock on the port first.
  await waitUntil(() => !server.isRunning() || isListening(port), 60_000)
  await waitUntil(async () => !server.isRunning() || (await answers(address)), 60_000, 50)
  if (server.isRunning() && (await answers(address))) return
  if (server.isRunning()) await server.end('SIGTERM', 'SIGKILL', 10_000)
  throw new Error(
    `Temporal did not start at ${address} (${await server.ended}):\n${await server.lastLines()}`,
  )
}

async function answers(address: string): Promise<boolean> {
  const connection = Connection.lazy({ address, connectTimeout: '5s' })
  try {
    await connection.withDeadline(Date.now() + 5_000, async () => {
      await connection.workflowService.getSystemInfo({})
      await connection.workflowService.describeNamespace({ namespace: 'default' })
    })
    return true
  } catch {
    return false
  } finally {
    await connection.close()
  }
}
