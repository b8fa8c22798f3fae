import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { readEnvironment } from '../core/options.js'
import { App } from '../operations/app.js'
import { setUp } from '../operations/setup.js'
import { applyTargets } from '../operations/targets/apply.js'
import { exportTargets } from '../operations/targets/export.js'
import type { Cleanup } from './cleanup.js'
import { connect, type Place } from './place.js'
import type { Figure } from './result.js'

const MASTER = `master: lists
source: { table: public.orgs, key: [id] }
targets: { table: public.targets }
cloud: { table: public.orgs }
removals: { gone: keep }
`

const FORMS = ['csv', 'yaml', 'xlsx'] as const

/** How long it takes to take over a list that is new, beside a COPY of its ids into the list's empty table. */
export async function measureLists(
  place: Place,
  source: pg.Client,
  rounds: number,
  say: (line: string) => void,
  cleanup: Cleanup,
): Promise<readonly Figure[]> {
  const app = await prepare(place, cleanup)
  const master = app.master(undefined)
  const files = FORMS.map((form) => ({ form, path: join(app.mastersFolder, '..', `ids.${form}`) }))
  await source.query(`update targets set note = '導入予定'`)
  for (const { path } of files) await exportTargets(app, master, path)
  const { rows } = await source.query<{ id: string }>('select id from targets order by id')
  const text = rows.map(({ id }) => `${id}\t導入予定\n`).join('')
  const cloud = await connect(place.cloud.url('lists'), cleanup)
  const samples = new Map<string, number[]>()
  const time = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await source.query('truncate targets; checkpoint')
    await cloud.query('truncate master_sync.target_entries, master_sync.target_lists; checkpoint')
    const began = performance.now()
    await work()
    const seconds = (performance.now() - began) / 1000
    samples.set(what, [...(samples.get(what) ?? []), seconds])
    say(`lists, ${what}: ${seconds.toFixed(2)} s`)
  }
  for (let round = 0; round < rounds; round++) {
    await time(COPY, () =>
      pipeline(Readable.from([text]), source.query(copyFrom('copy targets (id, note) from stdin'))),
    )
    for (const { form, path } of files)
      await time(`apply ${form}`, () =>
        applyTargets(app, master, path, { strict: false, agreed: () => Promise.resolve(true) }),
      )
  }
  const yardstick = median(samples.get(COPY) ?? [])
  return [...samples].map(([what, seconds]) => ({
    what,
    seconds: median(seconds),
    ratio: median(seconds) / yardstick,
  }))
}

const COPY = 'COPY of the ids'

async function prepare(place: Place, cleanup: Cleanup): Promise<App> {
  const admin = await connect(place.cloud.url('postgres'), cleanup)
  await admin.query('create database lists')
  const masters = join(place.folder, 'lists', 'masters')
  await mkdir(masters, { recursive: true })
  await writeFile(join(masters, 'lists.yaml'), MASTER)
  const env = {
    SOURCE_DATABASE_URL: place.source.url('onprem'),
    CLOUD_DATABASE_URL: place.cloud.url('lists'),
    MASTERS_DIR: masters,
  }
  const app = new App(readEnvironment(env, () => ''))
  cleanup.add(() => app.close())
  await setUp(app, app.master(undefined), { withTargets: false })
  return app
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0
}
