import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { RunReport } from '../../core/report.js'
import { directImport, type DirectImport } from '../support/direct-import.js'
import { directRun } from '../support/direct-run.js'
import { createWorld, texts, type World } from '../support/world.js'

/** Files as published; not part of the project, so a clone may lack them. */
const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const BEFORE = `${DATA}kouseikyoku_ika_202209.csv.gz`
const AFTER = `${DATA}kouseikyoku_ika_202409.csv.gz`

interface Lines {
  /** The first of each code. */
  readonly first: ReadonlyMap<string, string>
  readonly repeated: number
}

/** The lines of a list by their codes: computed without any of the code that is tested. */
function linesOf(path: string): Lines {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split(/\r?\n/u)
  const first = new Map<string, string>()
  for (const line of lines) {
    const code = line.slice(0, 9)
    if (!first.has(code)) first.set(code, line)
  }
  return { first, repeated: lines.length - first.size }
}

const idOf = (code: string): string => `${code.slice(0, 2)}1${code.slice(2)}`

describe('two years of the register, imported', () => {
  let world: World
  let run: DirectImport
  let [before_, after_]: Lines[] = []
  const load = (path: string): Promise<RunReport> =>
    run({ files: [path], reading: { feed: 'kouseikyoku-ika' } })

  before(async function () {
    if (process.env['CI'] !== undefined) this.skip()
    if (!existsSync(BEFORE)) {
      process.stderr.write('    skipped: the published files are not beside this clone\n')
      this.skip()
    }
    ;[before_, after_] = [linesOf(BEFORE), linesOf(AFTER)]
    world = await createWorld({
      source: '',
      master: {
        source: {
          table: 'public.master_medical_orgs',
          key: ['medical_id'],
          exclude: ['founder_name', 'administrator_name'],
        },
        cloud: { table: 'public.master_medical_orgs' },
      },
      env: { LEASE_SECONDS: '300' },
      withMaster: true,
    })
    run = directImport(world)
  })
  after(() => (world as World | undefined)?.close())

  it('the first fills the table, and what stands there twice is folded', async () => {
    const report = await load(BEFORE)
    assert.deepEqual([report.outcome, report.failure], ['completed', null])
    assert.deepEqual([report.rows.inserted, report.import?.folded], [before_?.first.size, before_?.repeated])
    await world.source.query(`
      insert into targets (medical_id) select medical_id from master_medical_orgs order by md5(medical_id) limit 20000`)
    const synced = await directRun(world)()
    assert.deepEqual([synced.rows.inserted, synced.equal], [20_000, true])
  })

  it('the second adds, changes and closes what it should, once a person has agreed to the closing', async () => {
    const [old, now] = [
      before_?.first ?? new Map<string, string>(),
      after_?.first ?? new Map<string, string>(),
    ]
    const covered = new Set([...now.keys()].map((code) => code.slice(0, 2)))
    const added = [...now.keys()].filter((code) => !old.has(code))
    const changed = [...now].filter(([code, line]) => old.has(code) && old.get(code) !== line)
    const closed = [...old.keys()].filter((code) => covered.has(code.slice(0, 2)) && !now.has(code))
    const report = await load(AFTER)
    assert.equal(report.outcome, 'awaiting_approval')
    const { inserted, updated, held } = report.rows
    assert.deepEqual([inserted, updated, held], [added.length, changed.length, closed.length])
    assert.equal(report.import?.folded, after_?.repeated)
    const approved = await run({ answers: report.run })
    assert.deepEqual([approved.outcome, approved.rows.marked], ['completed', closed.length])
    const found = await texts(
      world.source,
      `select medical_id from master_medical_orgs where closed_on = '2024-09-01' order by 1`,
    )
    assert.deepEqual(found.flat(), closed.map(idOf).sort())
    assert.ok((approved.import?.written?.successors.rows ?? 0) > 1000)
  })

  it('the same once more changes nothing, and the older one is refused', async () => {
    const again = await load(AFTER)
    assert.deepEqual(
      [again.outcome, again.equal, again.rows.unchanged],
      ['nothing_to_do', true, after_?.first.size],
    )
    assert.equal((await load(BEFORE)).failure?.code, 'IMPORT_OLDER')
  })

  it('a sync of 20,000 rows carries closures and changes to the cloud', async () => {
    const synced = await directRun(world)()
    assert.deepEqual([synced.rows.inserted, synced.equal], [0, true])
    assert.ok(synced.rows.updated > 1000)
    const shown = `select medical_id, name, address, closed_on, successor_medical_id from master_medical_orgs
      where medical_id in (select medical_id from master_medical_orgs order by 1 limit 1000) order by 1`
    const listed = shown.replace(
      'in (select medical_id from master_medical_orgs order by 1 limit 1000)',
      '= any($1)',
    )
    const cloud = await world.cloud.query({ text: shown, rowMode: 'array' })
    const ids = cloud.rows.map((row: readonly unknown[]) => row[0])
    const source = await world.source.query({ text: listed, values: [ids], rowMode: 'array' })
    assert.deepEqual(cloud.rows, source.rows)
    const closed = await texts(
      world.cloud,
      'select count(*) from master_medical_orgs where closed_on is not null',
    )
    assert.ok(Number(closed[0]?.[0]) > 100)
  })
})
