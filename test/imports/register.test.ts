import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunReport } from '../../core/report.js'
import { directImport, type DirectImport } from '../support/direct-import.js'
import { createWorld, texts, type World } from '../support/world.js'

/** 9 and 7 digits, name, postal code, address: as the bureaus' list is passed on. */
const line = (prefecture: string, seven: string, name: string, address = '中央区１－１'): string =>
  `${prefecture}${seven},${seven},${name},0600001,${address}`

/** Of a part of the register so many rows that stay as they are. */
const others = (prefecture: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) =>
    line(prefecture, String(2_000_000 + index), `第${index}医院`, `本町${index}番`),
  )

describe('an import', () => {
  let world: World
  let run: DirectImport
  const write = async (name: string, lines: readonly string[]): Promise<string> => {
    const path = join(world.app.mastersFolder, '..', name)
    await writeFile(path, `${lines.join('\n')}\n`)
    return path
  }
  const load = async (
    month: string,
    lines: readonly string[],
    { forced = false, approve = false } = {},
  ): Promise<RunReport> =>
    run({
      files: [await write(`list_${month}.csv`, lines)],
      reading: { feed: 'kouseikyoku-ika', ...(forced ? { forced } : {}) },
      ...(approve ? { approve } : {}),
    })
  const orgs = (columns: string, where = 'true'): Promise<unknown> =>
    texts(world.source, `select ${columns} from master_medical_orgs where ${where} order by 1`)
  const counts = ({ rows }: RunReport) => [rows.inserted, rows.updated, rows.marked, rows.unchanged]

  const first = [
    line('01', '0110119', '札幌病院'),
    line('01', '0110127', '大通医院', '大通西２'),
    line('01', '0110135', '円山医院', '円山３'),
    ...others('01', 40),
    line('13', '0110118', '丸の内医院'),
    ...others('13', 12),
  ]

  before(async () => {
    world = await createWorld({
      source: '',
      master: {
        source: { table: 'public.master_medical_orgs', key: ['medical_id'] },
        cloud: { table: 'public.master_medical_orgs' },
      },
      withMaster: true,
    })
    run = directImport(world)
  })
  after(() => world.close())

  it('fills an empty table, and says as of when it has what', async () => {
    const report = await load('202409', first)
    assert.equal(report.failure, null)
    assert.deepEqual([report.kind, report.outcome, report.equal], ['import', 'completed', true])
    assert.deepEqual(counts(report), [56, 0, 0, 0])
    assert.deepEqual(await orgs('name, name_search, closed_on', `name like '丸%'`), [
      ['丸の内医院', '丸ノ内医院', null],
    ])
    assert.deepEqual(await texts(world.source, 'select scope, as_of from master_import.scopes order by 1'), [
      ['01-ika', '2024-09-01'],
      ['13-ika', '2024-09-01'],
    ])
  })

  it('changes nothing when it is done again', async () => {
    const before = await orgs('medical_id, xmin')
    const report = await load('202409', first)
    assert.deepEqual([report.outcome, report.equal], ['nothing_to_do', true])
    assert.deepEqual(counts(report), [0, 0, 0, 56])
    assert.deepEqual(await orgs('medical_id, xmin'), before)
    assert.deepEqual(
      await texts(world.source, `select count(*) from pg_tables where tablename like 'staged%'`),
      [['0']],
    )
  })

  it('closes what is gone from the parts that the files cover, with a successor where there is just one', async () => {
    const report = await load('202410', [
      line('01', '0110143', '札幌病院', '北１条１'),
      line('01', '0110127', '大通医院', '大通西２－１'),
      line('01', '0110151', '新円山医院', '円山３'),
      ...others('01', 40),
    ])
    assert.deepEqual([report.outcome, report.failure, report.equal], ['completed', null, true])
    assert.deepEqual(counts(report), [2, 1, 2, 40])
    assert.deepEqual(
      await orgs('medical_id, closed_on, successor_medical_id, successor_reason', 'closed_on is not null'),
      [
        ['0110110119', '2024-10-01', '0110110143', 'same name in the prefecture'],
        ['0110110135', '2024-10-01', '0110110151', 'same address'],
      ],
    )
    assert.equal(report.import?.written?.successors.rows, 2)
    assert.deepEqual(await orgs('count(*)', `prefecture_code = '13' and closed_on is null`), [['13']])
  })

  it('opens again what was closed and is back', async () => {
    const report = await load('202411', [
      ...first.slice(0, 43),
      line('01', '0110143', '札幌病院', '北１条１'),
      line('01', '0110151', '新円山医院', '円山３'),
    ])
    assert.deepEqual(counts(report), [0, 3, 0, 42])
    assert.deepEqual(
      await orgs('medical_id', 'closed_on is not null or successor_medical_id is not null'),
      [],
    )
    assert.equal(report.import?.reopened.rows, 2)
  })

  it('keeps what every change was, when, and from which file; but not what only normalises away', async () => {
    const changed = first.map((text) => text.replace('第1医院', '第１医院').replace('第2医院', '第二医院'))
    const report = await load('202412', changed)
    assert.deepEqual([report.rows.updated, report.import?.respelled], [2 * 2, 2])
    assert.deepEqual(await orgs('name', `medical_id = '0112000001'`), [['第１医院']])
    const story = `select c.what, c.before, c.after, i.files -> 0 ->> 'file' from master_import.changes c
      join master_import.imports i using (import) where key = $1 order by change`
    const { rows } = await world.source.query({ text: story, values: [['0112000002']], rowMode: 'array' })
    assert.deepEqual(rows, [
      ['added', null, null, 'list_202409.csv'],
      [
        'changed',
        { name: '第2医院', name_search: '第2医院' },
        { name: '第二医院', name_search: '第二医院' },
        'list_202412.csv',
      ],
    ])
    const again = await world.source.query({ text: story, values: [['0112000001']], rowMode: 'array' })
    assert.equal(again.rows.length, 1)
  })

  it('asks before it closes half of a part, and writes the rest meanwhile', async () => {
    const half = [...first.slice(0, 20), line('01', '0110160', '時計台医院', '北１条２')]
    const report = await load('202501', half)
    assert.equal(report.outcome, 'awaiting_approval')
    assert.deepEqual([report.rows.inserted, report.rows.marked, report.rows.held], [1, 0, 23])
    assert.deepEqual(
      report.held.map(({ kind, causes }) => [kind, causes.map(({ cause, part }) => [cause, part])]),
      [
        [
          'removals',
          [
            ['part_halved', '01-ika'],
            ['percent_open', undefined],
          ],
        ],
      ],
    )
    assert.equal(report.question?.state, 'open')
    const approved = await run({ answers: report.run })
    assert.deepEqual([approved.outcome, approved.rows.marked, approved.failure], ['completed', 23, null])
    assert.deepEqual(await orgs('count(*)', `closed_on = '2025-01-01'`), [['23']])
    assert.deepEqual(await texts(world.cloud, `select state from master_sync.questions`), [['approved']])
  })

  it('asks anew where what was approved is not what it would do any more', async () => {
    const report = await load('202502', first.slice(0, 5))
    assert.deepEqual([report.outcome, report.rows.held], ['awaiting_approval', 16])
    await world.source.query(
      `update master_medical_orgs set remarks = '確認中' where medical_id = '0112000016'`,
    )
    const approved = await run({ answers: report.run })
    assert.deepEqual(
      [approved.outcome, approved.rows.marked, approved.rows.held],
      ['awaiting_approval', 0, 16],
    )
    const next = await load('202503', [
      ...first.slice(0, 20),
      line('01', '0110160', '時計台医院', '北１条２'),
    ])
    assert.equal(next.outcome, 'nothing_to_do')
    assert.deepEqual(await texts(world.cloud, `select state from master_sync.questions order by run`), [
      ['approved'],
      ['approved'],
      ['superseded'],
    ])
    assert.deepEqual(
      await texts(world.source, `select count(*) from pg_tables where tablename like 'staged%'`),
      [['0']],
    )
  })

  it('closes nothing by itself while records of the files were left out', async () => {
    const lines = [...first.slice(0, 19), line('01', '0110160', '時計台医院', '北１条２')]
    const report = await load('202504', [...lines, ...others('27', 200), line('99', '0110160', '？')])
    assert.deepEqual([report.outcome, report.rows.held, report.rows.rejected], ['awaiting_approval', 1, 1])
    assert.deepEqual(
      report.held[0]?.causes.map(({ cause }) => cause),
      ['left_out'],
    )
  })

  it('leaves alone the row of a record that was left out for another column, and closes what is gone', async () => {
    const nameless = [line('01', '2000015', ''), line('01', '0110178', '')]
    const lines = [...first.slice(0, 18), ...nameless, line('01', '0110160', '時計台医院', '本町16番')]
    const report = await load('202504', [...lines, ...others('27', 200)])
    assert.deepEqual(
      [report.outcome, report.rows.marked, report.rows.rejected, report.rows.updated, report.held],
      ['completed_with_rejects', 1, 2, 1, []],
    )
    assert.deepEqual([report.import?.absent.rows, report.targets, report.rows.unchanged], [1, 219, 218])
    const closed = `medical_id in ('0112000015', '0112000016')`
    // Whether the other in its place, or the one that was left out, has taken over is not known.
    assert.deepEqual(await orgs('medical_id, name, closed_on, successor_medical_id', closed), [
      ['0112000015', '第15医院', null, null],
      ['0112000016', '第16医院', '2025-04-01', null],
    ])
  })

  it('refuses older data, files of no known date, too many bad records, and ids that are not those of the table', async () => {
    const refused = async (report: Promise<RunReport>): Promise<string | undefined> =>
      (await report).failure?.code
    assert.equal(await refused(load('202401', first)), 'IMPORT_OLDER')
    assert.equal((await load('202401', first, { forced: true, approve: true })).failure, null)
    const shifted = others('01', 30).map((text) => text.replace(/^(..)2(\d*),2/u, '$13$2,3'))
    assert.equal(await refused(load('202505', shifted)), 'IMPORT_OTHER_IDS')
    await assert.rejects(load('list', first), { code: 'IMPORT_UNDATED' })
    await assert.rejects(load('202506', [...others('01', 20), line('99', '0110160', '？')]), {
      code: 'IMPORT_REJECTS',
    })
    assert.deepEqual(
      await texts(world.source, `select count(*) from master_import.imports where state = 'staged'`),
      [['0']],
    )
  })
})
