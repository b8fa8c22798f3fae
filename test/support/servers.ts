import { dirname, join } from 'node:path'
import { DefaultLogger, Runtime } from '@temporalio/worker'
import { z } from 'zod'
import { cacheDir } from '../../local/places.js'
import { startPostgres, type PostgresServer } from '../../local/postgres.js'
import { findTemporal, startTemporalServer } from '../../local/temporal-server.js'
import { buildForTests } from './built.js'
import { tempDir } from './temp-dir.js'
import { findVersitygw } from './versitygw.js'

/*
 * The servers that all test files share. Files run in processes of their own, three at a time: mocha's own process starts
 * the servers before the first and ends them after the last; the others find them by a variable.
 */

const VARIABLE = 'TEST_SERVERS'

const serversSchema = z.object({
  source: z.int(),
  cloud: z.int(),
  temporal: z.string(),
  command: z.string(),
})

/** A shared PostgreSQL server. */
export type SharedPostgres = Pick<PostgresServer, 'port' | 'url'>

export function postgres(side: 'source' | 'cloud'): SharedPostgres {
  const port = servers()[side]
  return { port, url: (database) => `postgres://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}` }
}

/** `host:port` of a Temporal server that keeps its state in memory. */
export function temporalAddress(): string {
  return servers().temporal
}

/** The path of the command, compiled. */
export function command(): string {
  return servers().command
}

/** The workflows, bundled once for all in-process workers. */
export function workflowBundle(): { readonly codePath: string } {
  return { codePath: join(dirname(servers().command), '..', 'dist', 'workflow-bundle.js') }
}

function servers(): z.output<typeof serversSchema> {
  return serversSchema.parse(JSON.parse(process.env[VARIABLE] ?? '{}'))
}

/** Durability is not what these tests test; without it they take half the time. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

const quiet = new DefaultLogger('ERROR')
const stops: (() => Promise<void>)[] = []

export async function mochaGlobalSetup(): Promise<void> {
  // On leaving, what this process has started is ended too; by itself a signal, or a pipe that nobody reads, would not.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))
  process.stdout.on('error', () => process.exit(1))
  const folder = await tempDir()
  stops.push(() => folder.remove())
  const database = async (side: string): Promise<number> => {
    const server = await startPostgres({ dir: join(folder.path, side), settings: SETTINGS })
    stops.push(() => server.stop('immediate'))
    return server.port
  }
  const [source, cloud, temporal, command] = await Promise.all([
    database('source'),
    database('cloud'),
    startTemporal(),
    buildForTests(join(folder.path, 'built')),
    // Once, before files that run side by side would each build it; without Go only those fail that need it.
    findVersitygw().catch(() => undefined),
  ])
  process.env[VARIABLE] = JSON.stringify({ source, cloud, temporal, command })
  process.env['TEMPORAL_ADDRESS'] = temporal
  process.env['TEMPORAL_NAMESPACE'] = 'default'
}

export async function mochaGlobalTeardown(): Promise<void> {
  for (const stop of stops.splice(0).reverse()) await stop()
}

async function startTemporal(): Promise<string> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const cli = await findTemporal(process.env, say, cacheDir(process.env))
  const server = await startTemporalServer({ cli, headless: true })
  stops.push(() => server.stop())
  return server.address
}

export const mochaHooks = {
  beforeAll(): void {
    Runtime.install({ logger: quiet, shutdownSignals: [] })
  },
  async afterAll(): Promise<void> {
    await Runtime.instance().shutdown()
  },
}
