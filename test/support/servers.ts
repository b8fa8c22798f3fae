import { join } from 'node:path'
import {
  bundleWorkflowCode,
  DefaultLogger,
  Runtime,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker'
import { cacheDir } from '../../local/places.js'
import { startPostgres, type PostgresServer } from '../../local/postgres.js'
import { findTemporal, startTemporalServer, type TemporalServer } from '../../local/temporal-server.js'
import { workflowsPath } from '../../worker/bundle.js'
import { tempDir, type TempDir } from './temp-dir.js'

/** The servers that all tests share: each is started when a test first asks for it, and ended after the last. */

const stops: (() => Promise<void>)[] = []
let folder: Promise<TempDir> | undefined
const started = new Map<string, Promise<unknown>>()

function once<T>(name: string, start: () => Promise<T>): Promise<T> {
  const known = started.get(name) as Promise<T> | undefined
  const starting = known ?? start()
  started.set(name, starting)
  return starting
}

/** Durability is not what these tests test; without it they take half the time. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

export function postgres(side: 'source' | 'cloud'): Promise<PostgresServer> {
  return once(side, async () => {
    folder ??= tempDir()
    const server = await startPostgres({ dir: join((await folder).path, side), settings: SETTINGS })
    stops.push(() => server.stop('immediate'))
    return server
  })
}

/** A Temporal server that keeps its state in memory; the process's Temporal settings point at it. */
export function temporal(): Promise<TemporalServer> {
  return once('temporal', async () => {
    const cli = await findTemporal(
      process.env,
      (line) => process.stderr.write(`${line}\n`),
      cacheDir(process.env),
    )
    const server = await startTemporalServer({ cli, headless: true })
    stops.push(() => server.stop())
    process.env['TEMPORAL_ADDRESS'] = server.address
    process.env['TEMPORAL_NAMESPACE'] = 'default'
    return server
  })
}

/** The workflows, bundled once for all in-process workers. */
export function workflowBundle(): Promise<WorkflowBundleWithSourceMap> {
  return once('bundle', () => bundleWorkflowCode({ workflowsPath: workflowsPath(), logger: quiet }))
}

const quiet = new DefaultLogger('ERROR')

export const mochaHooks = {
  beforeAll(): void {
    Runtime.install({ logger: quiet, shutdownSignals: [] })
  },
  async afterAll(): Promise<void> {
    for (const stop of stops.splice(0).reverse()) await stop()
    await Runtime.instance().shutdown()
    await (await folder)?.remove()
  },
}
