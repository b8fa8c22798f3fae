import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { launch, type Launched } from '../local/processes.js'
import { workerReady } from '../local/worker-ready.js'
import { OPTIONS } from '../core/option-table.js'
import { readEnvironment } from '../core/options.js'
import { reportSchema } from '../core/report.js'
import { App } from '../operations/app.js'
import { setUp } from '../operations/setup.js'
import type { Cleanup } from './cleanup.js'
import type { Contender, Servers } from './contender.js'

const run = promisify(execFile)
/** The command that measures is the one that is measured, from the sources or compiled. */
const [, BIN = ''] = process.argv

/** A way of setting it up. */
export interface Setting {
  readonly name: string
  readonly master: string
  /** Policies of columns, as a master's file has them. */
  readonly columns: string
}

/** Nothing is marked: the cloud table has the source's columns and no others, like everybody's. */
const masterFile = ({ master, columns }: Setting): string => `master: ${master}
source: { table: public.orgs, key: [id] }
targets: { table: public.targets }
cloud: { table: public.orgs }
columns: { ${columns} }
removals: { gone: keep }
`

/**
 * master-sync itself: a worker in a process of its own and a real Temporal server. A run is timed by Temporal, from the
 * workflow's start to its close.
 */
export async function throughTemporal(
  setting: Setting,
  servers: Servers,
  options: { readonly temporal: string; readonly folder: string },
  cleanup: Cleanup,
): Promise<Contender> {
  const masters = join(options.folder, setting.master)
  await mkdir(masters, { recursive: true })
  await writeFile(join(masters, 'bench.yaml'), masterFile(setting))
  const env = {
    SOURCE_DATABASE_URL: servers.sourceUrl,
    CLOUD_DATABASE_URL: servers.cloudUrl,
    TEMPORAL_ADDRESS: options.temporal,
    TEMPORAL_NAMESPACE: 'default',
    MASTERS_DIR: masters,
    TASK_QUEUE: `${setting.master}-${new URL(servers.cloudUrl).port}`,
  }
  // Temporal's own settings are read from the process's environment.
  Object.assign(process.env, env)
  const app = new App(readEnvironment(env, () => ''))
  cleanup.add(() => app.close())
  const worker = await startWorker(env, cleanup)
  return {
    name: setting.name,
    reset: async () => {
      await servers.cloud.query('drop schema if exists master_sync cascade; drop table if exists orgs')
      await setUp(app, app.master(undefined), { withTargets: false })
    },
    run: async () => {
      const began = performance.now()
      const { stdout } = await run(process.execPath, [BIN, 'start-sync', '--json'], {
        env: { ...withoutOptions(process.env), ...env },
        maxBuffer: 1 << 26,
      })
      const wall = (performance.now() - began) / 1000
      const report = reportSchema.parse(JSON.parse(stdout))
      if (report.equal !== true) throw new Error(`the run did not end equal:\n${stdout}`)
      const { workflow } = report
      const client = await app.temporal()
      const { startTime, closeTime } = await client.workflow
        .getHandle(workflow.id, workflow.run_id)
        .describe()
      const seconds = ((closeTime ?? new Date()).getTime() - startTime.getTime()) / 1000
      const { total: _, ...phases } = report.seconds
      return { seconds, phases, around: wall - seconds }
    },
    peakMemory: () => peakMemoryOf(worker.pid),
  }
}

/** A worker in a process of its own. */
export async function startWorker(
  env: Readonly<Record<string, string>>,
  cleanup: Cleanup,
): Promise<Launched> {
  const worker = await launch(process.execPath, [BIN, 'worker'], {
    cwd: join(dirname(BIN), '..'),
    env: { ...withoutOptions(process.env), ...env },
  })
  cleanup.add(() => worker.end('SIGTERM', 'SIGKILL', 60_000))
  await workerReady(worker, 60_000)
  return worker
}

/** What the shell says of workers and databases is not meant for these. */
function withoutOptions(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).filter(([name]) => !Object.hasOwn(OPTIONS, name.replace(/_FILE$/u, ''))),
  )
}

/** Linux tells the highest resident memory of a process. */
async function peakMemoryOf(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmHWM:\s+(\d+) kB/mu.exec(status)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}
