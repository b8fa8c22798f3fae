import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { RunReport } from '../../core/report.js'
import { rejectRun } from '../../operations/answers.js'
import { rowStory } from '../../operations/history.js'
import { cancelRun } from '../../operations/cancel.js'
import { oneRun } from '../../operations/runs.js'
import { previewUndo } from '../../operations/undo.js'
import { renderStory } from '../../scripts/history-text.js'
import { renderReport } from '../../scripts/report-text.js'
import { directImport, stage, type DirectImport } from '../support/direct-import.js'
import { directActivities, directRun, inStep } from '../support/direct-run.js'
import { createWorld, texts, type World } from '../support/world.js'

const line = (seven: number, name: string): string => `01${seven},${seven},${name},0600001,本町１`
const others = Array.from({ length: 30 }, (_, index) => line(2_000_000 + index, `第${index}医院`))

const reading = { feed: 'kouseikyoku-ika' }

describe('what imports did', () => {
  let world: World
  let run: DirectImport
  const load = async (month: string, lines: readonly string[]): Promise<RunReport> => {
    const path = join(world.app.mastersFolder, '..', `list_${month}.csv`)
    await writeFile(path, `${lines.join('\n')}\n`)
    return run({ files: [path], reading })
  }
  const story = (id: string) => rowStory(world.app, world.master, id)
  const ask = (query: string) => texts(world.source, query)
  const STAGED = `select count(*) from pg_tables where tablename like 'staged%'`
  const BASE = {
    source: { table: 'public.master_medical_orgs', key: ['medical_id'] },
    cloud: { table: 'public.master_medical_orgs' },
  }

  before(async () => {
    world = await createWorld({ source: '', master: BASE, withMaster: true })
    run = directImport(world)
    await load('202409', [line(1_000_001, '札幌病院'), line(1_000_002, '大通医院'), ...others])
    await world.source.query(`insert into targets values ('0111000001')`)
    await directRun(world)()
  })
  after(() => world.close())

  it('stands in the history of a row, with the file it came from, among what runs did', async () => {
    const { run: number, rows } = await load('202410', [line(1_000_001, '札幌中央病院'), ...others])
    assert.deepEqual([rows.updated, rows.marked], [1, 1])
    await directRun(world)()
    const { imports, chapters, ...found } = await story('0111000001')
    assert.deepEqual(
      chapters.map(({ kind }) => kind),
      ['inserted', 'updated'],
    )
    assert.deepEqual(
      imports?.map(({ what, files, run: one, columns }) => [what, files, one, columns.length]),
      [
        ['added', ['list_202409.csv'], 1, 0],
        ['changed', ['list_202410.csv'], number, 2],
      ],
    )
    assert.deepEqual(imports[1]?.columns[0], { column: 'name', from: '札幌病院', to: '札幌中央病院' })
    assert.match(
      renderStory({ ...found, chapters, imports }),
      /run 1 {2}source [^]*run 2 {2}inserted[^]*run 3 {2}source 元マスタ: changed \/ 変更 {2}list_202410\.csv\n {2}name: "札幌病院" → "札幌中央病院"[^]*run 4 {2}updated/u,
    )
  })

  it('is told of a row that was never listed, from on-prem alone', async () => {
    const { tracked, in_cloud, imports } = await story('0111000002')
    assert.deepEqual([tracked, in_cloud], [null, false])
    assert.deepEqual(imports?.[1]?.columns, [{ column: 'closed_on', from: null, to: '2024-10-01' }])
    assert.deepEqual(await texts(world.cloud, `select count(*) from master_medical_orgs`), [['1']])
  })

  it('is left out where the role may not read it', async () => {
    await world.source.query('alter schema master_import rename to elsewhere')
    try {
      const { imports, chapters } = await story('0111000001')
      assert.deepEqual([imports, chapters.length], [null, 2])
      await assert.rejects(story('0111000002'), { code: 'ID_UNKNOWN' })
    } finally {
      await world.source.query('alter schema elsewhere rename to master_import')
    }
  })

  it('is not undone as a sync is, and says how else', async () => {
    await assert.rejects(previewUndo(world.app, world.master, 3), {
      code: 'IMPORT_NOT_UNDONE',
      remedy: /--force/u,
    })
  })

  it('the same files once more leave the question as it is; a no drops what was held on-prem, and they are not asked about again', async () => {
    const half = others.slice(0, 12).map((text) => `${text}\n`)
    const server = createServer((_, answer) => answer.end(half.join('')))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list_202411.csv`
      const asked = await run({ from: [url], reading })
      assert.deepEqual([asked.outcome, asked.rows.held], ['awaiting_approval', 19])
      assert.deepEqual(await ask(STAGED), [['1']])
      const same = await run({ from: [url], reading })
      assert.deepEqual(
        [same.outcome, same.import?.loaded_before, same.question?.run],
        ['awaiting_approval', true, asked.run],
      )
      const rejected = await rejectRun(world.app, world.master, asked.run)
      assert.deepEqual([rejected.kind, rejected.outcome], ['import', 'rejected'])
      assert.match(
        renderReport(rejected),
        /to load the files all the same.*master-sync import FILE… --approve/u,
      )
      assert.deepEqual(await ask(STAGED), [['0']])
      const path = join(world.app.mastersFolder, '..', 'list_202411.csv')
      await writeFile(path, half.join(''))
      for (const given of [{ from: [url] }, { files: [path] }]) {
        const again = await run({ ...given, reading })
        assert.deepEqual(
          [again.outcome, again.import?.loaded_before, again.import?.rejected?.run],
          ['nothing_to_do', true, asked.run],
        )
        assert.match(renderReport(again), new RegExp(`run ${asked.run}\\), rejected on `, 'u'))
      }
      assert.deepEqual(await ask(STAGED), [['0']])
      for (const given of [{ approve: true }, { reading: { ...reading, forced: true } }] as const) {
        const staged = await stage(world, [path], 'reading' in given ? given.reading : reading)
        const { ref, ...opened } = await inStep(() =>
          directActivities(world).openImport({ master: world.master.master, import: staged, ...given }),
        )
        assert.deepEqual([opened.import, opened.loadedBefore], [staged, undefined])
        await cancelRun(world.app, world.master, ref.run, true)
      }
      assert.deepEqual(await ask('select count(*) from master_medical_orgs where closed_on is not null'), [
        ['1'],
      ])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('a run that was cut short is an import as well, and can be closed', async () => {
    const opened = await inStep(() => directActivities(world).openImport({ master: world.master.master }))
    const { run: number } = opened.ref
    const { report } = await oneRun(world.app, world.master, number)
    assert.deepEqual([report.kind, report.outcome], ['import', null])
    await cancelRun(world.app, world.master, number, true)
    const { report: closed } = await oneRun(world.app, world.master, number)
    assert.deepEqual([closed.kind, closed.outcome], ['import', 'cancelled'])
  })

  it('is forgotten with the history of the master, but for the imports by which the table goes', async () => {
    await world.rewrite({ ...BASE, history: { keep: '30d' } })
    await world.source.query(`
      update master_import.changes set at = at - interval '31 days' where import < 3;
      update master_import.imports set settled_at = settled_at - interval '31 days'`)
    await load('202412', [line(1_000_001, '札幌中央病院'), line(1_000_003, '北病院'), ...others])
    assert.deepEqual(await ask('select distinct what, import from master_import.changes'), [['added', '7']])
    assert.deepEqual(await ask(`select import, state from master_import.imports where state <> 'dropped'`), [
      ['7', 'applied'],
    ])
    assert.deepEqual((await story('0111000001')).imports, [])
  })
})

describe('what is told of an import', () => {
  const PARTS = 30_000
  const MOST_BYTES = 64 * 1024

  it('stays small, however many parts, files and columns there are', async () => {
    const world = await createWorld({
      source:
        'create table goods (code text primary key, category text, name text); create table targets (code text primary key, note text)',
      master: {
        source: { table: 'public.goods', key: ['code'] },
        cloud: { table: 'public.goods' },
        import: {
          csv: {
            key: ['code'],
            columns: { code: '番号', category: '分類', name: '名前' },
            scope: ['category'],
          },
        },
      },
      withMaster: true,
    })
    try {
      const folder = join(world.app.mastersFolder, '..')
      const write = async (name: string, from: number, below: number): Promise<string> => {
        const lines = Array.from({ length: below - from }, (_, n) => `${from + n},分類${from + n},名\n`)
        await writeFile(join(folder, name), `番号,分類,名前\n${lines.join('')}`)
        return join(folder, name)
      }
      const files = [await write('goods_20260101.csv', 300, PARTS)]
      for (let n = 0; n < 30; n++) files.push(await write(`some_${n}_20260101.csv`, n * 10, n * 10 + 10))
      const report = await directImport(world)({ files })
      assert.deepEqual([report.failure, report.targets, report.rows.inserted], [null, PARTS, PARTS])
      assert.deepEqual(report.import?.whole, { files: 31, parts: PARTS })
      assert.deepEqual([report.import.files.length, report.import.scopes.length], [20, 20])
      assert.ok(JSON.stringify(report).length < MOST_BYTES, `${JSON.stringify(report).length} bytes`)
      assert.match(renderReport(report), /31.*30,000/u)
    } finally {
      await world.close()
    }
  })
})
