import { createReadStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { readEnvironment } from '../core/options.js'
import { App } from '../operations/app.js'
import { followRun } from '../operations/follow.js'
import { setUp } from '../operations/setup.js'
import { startImport } from '../operations/start-import.js'
import type { Cleanup } from './cleanup.js'
import { connect, type Place } from './place.js'
import { HEADERS, writeRegister } from './register-file.js'
import type { Figure } from './result.js'
import { startWorker } from './through-temporal.js'

const MASTER = `master: register
source: { table: public.master_medical_orgs, key: [medical_id], exclude: [founder_name, administrator_name] }
targets: {}
cloud: { table: public.master_medical_orgs }
`

/**
 * How long an import takes from the command to its report, beside a COPY of the same file into a table of its columns
 * with a primary key. The file has the ministry's 65 columns.
 */
export async function measureImports(
  place: Place,
  { rows, rounds }: { readonly rows: number; readonly rounds: number },
  say: (line: string) => void,
  cleanup: Cleanup,
): Promise<readonly Figure[]> {
  const { app, source } = await prepare(place, cleanup)
  const master = app.master(undefined)
  const [file, changed] = ['register.csv', 'changed.csv'].map((name) => join(place.folder, 'imports', name))
  if (file === undefined || changed === undefined) throw new Error('unreachable: there are two')
  await writeRegister(file, rows, '')
  await writeRegister(changed, rows, '新館')
  const samples = new Map<string, number[]>()
  const time = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await source.query('checkpoint')
    const began = performance.now()
    await work()
    const seconds = (performance.now() - began) / 1000
    samples.set(what, [...(samples.get(what) ?? []), seconds])
    say(`imports, ${what}: ${seconds.toFixed(2)} s`)
  }
  const load = async (path: string, day: number, expected: number): Promise<void> => {
    const started = await startImport(app, master, {
      from: [path],
      reading: { asOf: `2026-01-0${day}` },
      approve: false,
    })
    const { rows: counts, equal } = await followRun(app, master, started, () => undefined)
    const written = counts.inserted + counts.updated
    if (equal !== true || written !== expected)
      throw new Error(`an import wrote ${written} of ${expected} rows`)
  }
  for (let round = 0; round < rounds; round++) {
    await source.query('truncate published, master_medical_orgs, master_import.changes, master_import.scopes')
    await time(COPY, () =>
      pipeline(
        createReadStream(file),
        source.query(copyFrom(`copy published from stdin (format csv, header)`)),
      ),
    )
    await time('first import', () => load(file, 1, rows))
    await time('nothing changed', () => load(file, 2, 0))
    await time('5 % changed', () => load(changed, 3, Math.ceil(rows / 20)))
  }
  const yardstick = median(samples.get(COPY) ?? [])
  return [...samples].map(([what, seconds]) => ({
    what,
    seconds: median(seconds),
    ratio: median(seconds) / yardstick,
  }))
}

const COPY = 'COPY of the file'

async function prepare(
  place: Place,
  cleanup: Cleanup,
): Promise<{ readonly app: App; readonly source: pg.Client }> {
  for (const server of [place.source, place.cloud]) {
    const admin = await connect(server.url('postgres'), cleanup)
    await admin.query('create database register')
  }
  const masters = join(place.folder, 'imports', 'masters')
  await mkdir(masters, { recursive: true })
  await writeFile(join(masters, 'register.yaml'), MASTER)
  const env = {
    SOURCE_DATABASE_URL: place.source.url('register'),
    CLOUD_DATABASE_URL: place.cloud.url('register'),
    TEMPORAL_ADDRESS: place.temporal,
    TEMPORAL_NAMESPACE: 'default',
    MASTERS_DIR: masters,
    TASK_QUEUE: 'imports',
  }
  // Temporal's own settings are read from the process's environment.
  Object.assign(process.env, env)
  const app = new App(readEnvironment(env, () => ''))
  cleanup.add(() => app.close())
  await setUp(app, app.master(undefined), { withTargets: false, withMaster: true })
  await startWorker(env, cleanup)
  const source = await connect(place.source.url('register'), cleanup)
  const columns = HEADERS.map((header) => `${pg.escapeIdentifier(header)} text`)
  await source.query(`create table published (${columns.join(', ')}, primary key ("ID"))`)
  return { app, source }
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0
}
