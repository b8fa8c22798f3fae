import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readEnvironment } from '../core/options.js'
import { fillRegister } from '../local/register/table.js'
import { fillTargetList } from '../local/register/target-list.js'
import { App } from '../operations/app.js'
import { searchRows, type RowsQuestion } from '../operations/search.js'
import { setUp } from '../operations/setup.js'
import type { Cleanup } from './cleanup.js'
import { connect, type Place } from './place.js'
import type { Search } from './result.js'

const MASTER = `master: search
source: { table: public.master_medical_orgs, key: [medical_id], exclude: [founder_name, administrator_name] }
targets: { table: public.sync_target_orgs }
cloud: { table: public.master_medical_orgs }
`

/** What people type, by what is hard about it. */
const SEARCHES: readonly (readonly [what: string, text: string, chosen?: RowsQuestion['chosen']])[] = [
  ['a frequent word of names', 'クリニック'],
  ['two words of a name', '緑 歯科'],
  ['a reading, in hiragana', 'みどりしか'],
  ['part of an address', '中央区 3丁目'],
  ['a name in a prefecture', '病院', { prefecture_code: '13' }],
  ['a name of a type', '中央', { institution_type: '4' }],
  ['a prefecture alone', '', { prefecture_code: '47' }],
  ['one character', '会'],
  ['one character of a reading', 'あ'],
  ['two characters', '田中'],
  ['what stands everywhere', '0'],
  ['what stands nowhere', 'ヴェルサイユ'],
  ['six words, one of them nowhere', '医療 法人 会 院 県 ヴ'],
]

const SHOWN = 20

/** How long rows of a register are looked for, as the console does: from the words to the rows with how they stand. */
export async function measureSearch(
  place: Place,
  { rows, times }: { readonly rows: number; readonly times: number },
  say: (line: string) => void,
  cleanup: Cleanup,
): Promise<readonly Search[]> {
  const { app, last } = await prepare(place, rows, cleanup)
  const codes = [
    ['the beginning of a code', last.slice(0, 4)],
    ['a whole code', last],
  ] as const
  const master = app.master(undefined)
  const measured: Search[] = []
  for (const [what, text, chosen = {}] of [...SEARCHES, ...codes]) {
    const question = { text, chosen, behind: undefined, limit: SHOWN }
    await searchRows(app, master, question)
    const samples: number[] = []
    let found = 0
    for (let time = 0; time < times; time++) {
      const began = performance.now()
      found = (await searchRows(app, master, question)).rows.length
      samples.push(performance.now() - began)
    }
    const sorted = samples.sort((a, b) => a - b)
    const at = (share: number): number => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0)
    measured.push({ what, found, p50: at(0.5), p95: at(0.95) })
    say(`search, ${what}: ${at(0.5)} ms, ${at(0.95)} ms (${found} rows)`)
  }
  return measured
}

async function prepare(
  place: Place,
  rows: number,
  cleanup: Cleanup,
): Promise<{ readonly app: App; readonly last: string }> {
  for (const server of [place.source, place.cloud]) {
    const admin = await connect(server.url('postgres'), cleanup)
    await admin.query('create database search')
  }
  const masters = join(place.folder, 'search', 'masters')
  await mkdir(masters, { recursive: true })
  await writeFile(join(masters, 'search.yaml'), MASTER)
  const env = {
    SOURCE_DATABASE_URL: place.source.url('search'),
    CLOUD_DATABASE_URL: place.cloud.url('search'),
    MASTERS_DIR: masters,
  }
  const app = new App(readEnvironment(env, () => ''))
  cleanup.add(() => app.close())
  await setUp(app, app.master(undefined), { withTargets: true, withMaster: true })
  const source = await connect(place.source.url('search'), cleanup)
  await fillRegister(source, { rows })
  await fillTargetList(source, { rows: Math.floor(rows / 50) })
  // As autovacuum does by itself, which is off here: an index is read alone where all of a page is visible.
  await source.query('vacuum analyze')
  const { rows: ids } = await source.query<{ id: string }>(
    'select max(medical_id) as id from master_medical_orgs',
  )
  return { app, last: ids[0]?.id ?? '' }
}
