import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { stringify } from 'yaml'
import { readEnvironment } from '../../core/options.js'
import type { Master } from '../../core/master.js'
import type { RunReport } from '../../core/report.js'
import { App } from '../../operations/app.js'
import { followRun } from '../../operations/follow.js'
import { setUp } from '../../operations/setup.js'
import { startSync, type StartOptions } from '../../operations/start.js'
import { startWorker, type RunningWorker } from '../../worker/run-worker.js'
import { postgres, temporalAddress, workflowBundle, type SharedPostgres } from './servers.js'
import { tempDir } from './temp-dir.js'

/** The part of a master's file that a test wants to be otherwise; what is undefined there is left out. */
export type MasterPatch = Readonly<Record<string, unknown>>

export interface WorldOptions {
  /** Laid over the file of a master `orgs` with the key `id` and the tables public.orgs and public.targets. */
  readonly master?: MasterPatch
  /** SQL for the source: creates the master and the list. */
  readonly source: string
  /** SQL for the cloud, before set-up. */
  readonly cloud?: string
  /** Encoding of the source database. */
  readonly encoding?: 'UTF8' | 'EUC_JP' | 'SQL_ASCII'
  readonly env?: Readonly<Record<string, string>>
  /** Changes the URLs under which the sync reaches the databases, e.g. to a proxy. */
  readonly through?: Readonly<Partial<Record<'source' | 'cloud', (url: string) => string>>>
  /** false: no tables are set up. */
  readonly setUp?: boolean
  /** The master table of the publications, and what imports keep, are set up as well. */
  readonly withMaster?: boolean
  /** Servers of the test's own, which it may restart. */
  readonly servers?: Readonly<Record<'source' | 'cloud', SharedPostgres>>
}

/** A source and a cloud database of its own, a master's file, and a worker on a task queue of its own. */
export interface World {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  readonly app: App
  readonly source: pg.Pool
  readonly cloud: pg.Pool
  readonly master: Master
  /** Starts the in-process worker if it does not run; done by `sync` too. */
  work(): Promise<RunningWorker>
  /** A run from its start to its report; failed runs give their report as well. */
  sync(options?: Partial<StartOptions>): Promise<RunReport>
  /** Writes the master's file anew. */
  rewrite(patch: MasterPatch): Promise<void>
  /** Stops the worker and closes all connections. */
  close(): Promise<void>
}

let worlds = 0

export async function createWorld(options: WorldOptions): Promise<World> {
  worlds += 1
  const name = `w${process.pid}_${worlds}`
  const serverOf = (side: 'source' | 'cloud'): SharedPostgres => options.servers?.[side] ?? postgres(side)
  const [source, cloud, folder] = await Promise.all([
    createDatabase(serverOf('source'), name, options.encoding ?? 'UTF8', options.source),
    createDatabase(serverOf('cloud'), name, 'UTF8', options.cloud ?? ''),
    tempDir(),
  ])
  const masters = join(folder.path, 'masters')
  await mkdir(masters)
  const rewrite = (patch: MasterPatch): Promise<void> =>
    writeFile(join(masters, 'orgs.yaml'), stringify(merge(DEFAULT_MASTER, { master: name, ...patch })))
  await rewrite(options.master ?? {})
  const reach = (side: 'source' | 'cloud', url: string): string => options.through?.[side]?.(url) ?? url
  const env = {
    SOURCE_DATABASE_URL: reach('source', serverOf('source').url(name)),
    CLOUD_DATABASE_URL: reach('cloud', serverOf('cloud').url(name)),
    TEMPORAL_ADDRESS: temporalAddress(),
    MASTERS_DIR: masters,
    TASK_QUEUE: name,
    LEASE_SECONDS: '60',
    ...options.env,
  }
  const environment = readEnvironment(env, () => '')
  const app = new App(environment)
  let worker: Promise<RunningWorker> | undefined
  const work = (): Promise<RunningWorker> => {
    worker ??= startWorker(environment, { workflowBundle: workflowBundle() })
    return worker
  }
  const world: World = {
    name,
    env,
    app,
    source,
    cloud,
    get master() {
      return app.master(undefined)
    },
    work,
    async sync({ mode = 'apply', only = [], approve = false } = {}) {
      await work()
      const started = await startSync(app, app.master(undefined), { mode, only, approve })
      return followRun(app, app.master(undefined), started, () => undefined)
    },
    rewrite,
    async close() {
      const running = await worker
      if (running?.worker.getState() === 'RUNNING') running.worker.shutdown()
      await running?.stopped
      await Promise.all([app.close(), source.end(), cloud.end()])
      await folder.remove()
    },
  }
  if (options.setUp !== false)
    await setUp(app, app.master(undefined), { withTargets: true, withMaster: options.withMaster === true })
  return world
}

const DEFAULT_MASTER = {
  source: { table: 'public.orgs', key: ['id'] },
  targets: { table: 'public.targets' },
  cloud: { table: 'public.orgs' },
  // Most tests say what they think of the cloud table to the last column.
  removals: { gone: 'keep' },
}

/** Objects are laid over each other, anything else replaces. */
function merge(base: MasterPatch, patch: MasterPatch): MasterPatch {
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(patch)) {
    const under = merged[name]
    merged[name] = isObject(under) && isObject(value) ? merge(under, value) : value
  }
  return merged
}

function isObject(value: unknown): value is MasterPatch {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function createDatabase(
  server: SharedPostgres,
  name: string,
  encoding: string,
  sql: string,
): Promise<pg.Pool> {
  const admin = new pg.Client(server.url('postgres'))
  await admin.connect()
  const locale = encoding === 'UTF8' ? '' : "locale 'C'"
  await admin.query(`create database ${name} template template0 encoding '${encoding}' ${locale}`)
  await admin.end()
  const pool = new pg.Pool({ connectionString: server.url(name), max: 8 })
  pool.on('error', () => undefined)
  if (sql !== '') await pool.query(sql)
  return pool
}

/** The rows of a query, as arrays of texts: what the server shows, not what the driver makes of it. */
export async function texts(pool: pg.Pool, query: string): Promise<readonly (string | null)[][]> {
  const result = await pool.query<(string | null)[]>({
    text: query,
    rowMode: 'array',
    types: { getTypeParser: () => String },
  })
  return result.rows
}
