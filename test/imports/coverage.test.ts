import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunReport } from '../../core/report.js'
import { planImport } from '../../operations/import.js'
import { renderImportPlan } from '../../scripts/import-text.js'
import { renderReport } from '../../scripts/report-text.js'
import { directImport } from '../support/direct-import.js'
import { createWorld, texts, type World } from '../support/world.js'

const LIST = 'kouseikyoku-ika'
const codes = (count: number, prefecture = '01', base = 2_000_000): readonly string[] =>
  Array.from({ length: count }, (_, index) => {
    const seven = String(base + index)
    return `${prefecture}${seven},${seven},第${index}医院,0600001,本町${index}番`
  })

describe('what files cover', () => {
  let world: World
  const write = async (name: string, lines: readonly string[]): Promise<string> => {
    const path = join(world.app.mastersFolder, '..', name)
    await writeFile(path, `${lines.join('\n')}\n`)
    return path
  }
  const load = async (name: string, lines: readonly string[], feed: string): Promise<RunReport> =>
    directImport(world)({ files: [await write(name, lines)], reading: { feed } })
  const look = async (name: string, lines: readonly string[], forced = false, otherIds = false) =>
    planImport(world.app, world.master, [await write(name, lines)], {
      feed: LIST,
      ...(forced ? { forced } : {}),
      ...(otherIds ? { otherIds } : {}),
    })
  const state = () =>
    texts(
      world.source,
      `select (select count(*) from master_medical_orgs where closed_on is not null),
        (select string_agg(scope || ' ' || as_of, ', ') from master_import.scopes)`,
    )

  before(async () => {
    world = await createWorld({
      source: '',
      master: {
        source: { table: 'public.master_medical_orgs', key: ['medical_id'] },
        cloud: { table: 'public.master_medical_orgs' },
      },
      withMaster: true,
    })
    assert.equal((await load('list_202409.csv', codes(40), LIST)).failure, null)
  })
  after(() => world.close())

  it('is not what a register of filings lacks: it closes nothing, and the date of the part stays', async () => {
    const headers =
      '都道府県コード,医療機関番号,医療機関名称,医療機関所在地（郵便番号）,医療機関所在地（住所）,電話番号,受理番号'
    const filings = Array.from(
      { length: 39 },
      (_, index) => `01,${2_000_000 + index},第${index}医院,060-0001,本町${index}番,,第1号`,
    )
    const report = await load('todokede_202410.csv', [headers, ...filings], 'kouseikyoku-todokede-ika')
    assert.deepEqual([report.failure, report.import?.absent.rows, report.question], [null, 0, null])
    assert.deepEqual(await state(), [['0', '01-ika 2024-09-01']])
  })
  it('is looked at as by an import: what would be refused is told, and what would wait', async () => {
    const why = async (name: string, lines: readonly string[], forced?: boolean) =>
      (await look(name, lines, forced)).refused?.code
    assert.equal(await why('list_202401.csv', codes(40)), 'IMPORT_OLDER')
    assert.equal(await why('list_202401.csv', codes(40), true), undefined)
    const others = codes(40, '01', 3_000_000)
    for (const forced of [false, true])
      assert.equal(await why('list_202411.csv', others, forced), 'IMPORT_OTHER_IDS')
    assert.equal((await look('list_202411.csv', others, false, true)).refused, null)
    assert.equal(await why('list.csv', codes(40)), 'IMPORT_UNDATED')
    assert.equal(await why('list_202411.csv', [...codes(40), '990110160,0110160,？,,']), 'IMPORT_REJECTS')
    const found = await look('list_202411.csv', [...codes(15), ...codes(60, '13')])
    const report = await load('list_202411.csv', [...codes(15), ...codes(60, '13')], LIST)
    assert.deepEqual([found.refused, found.held], [null, report.held])
    assert.match(
      renderImportPlan(found),
      /would wait for approval: 25 closures: 25 of the 40 .* \/ 承認待ちになります: 廃止 25: /u,
    )
    assert.match(renderReport(report), /held 保留 {6}25 closures 廃止: /u)
  })

  it('may be less than what the table goes by: the parts that stay behind are told, without a question', async () => {
    const all = Array.from({ length: 23 }, (_, index) => codes(1, String(20 + index))).flat()
    assert.equal((await load('list_202411.csv', [...codes(40), ...all], LIST)).question, null)
    const found = await look('list_202412.csv', codes(60, '13'))
    assert.deepEqual(
      [found.outside?.parts, found.outside?.sample.length, found.outside?.oldest],
      [24, 20, '2024-11-01'],
    )
    const report = await load('list_202412.csv', [...codes(60, '13'), ...all.slice(0, 20)], LIST)
    assert.deepEqual([report.question, report.import?.outside?.parts], [null, 4])
    assert.match(
      renderReport(report),
      /outside 範囲外 left as they are \/ 元のまま: 01-ika 40-ika 41-ika 42-ika \(4\), oldest as of \/ 最古 2024-11-01/u,
    )
  })
  it('finds successors once all of it is written, whichever part of it waited', async () => {
    const at = (seven: string, address: string) => `46${seven},${seven},${seven},0600001,${address}`
    const stay = [...codes(40, '46'), at('0110009', '角２')]
    const load46 = (month: string, ...lines: readonly string[]) =>
      load(`list_${month}.csv`, [...stay, ...lines], LIST)
    const found = async ({ rows, import: told }: RunReport) => [
      ...[rows.inserted, rows.marked, rows.held, told?.written?.successors.rows],
      ...(await texts(
        world.source,
        `select medical_id, successor_medical_id from master_medical_orgs
        where medical_id in ('4610110000', '4610110001') and closed_on is not null order by 1`,
      )),
    ]
    await load46('202501', at('0110000', '角１'), at('0110001', '角２'))
    // More than a fifth is new, and waits.
    const many = [at('0120000', '角１'), ...codes(12, '46', 3_000_000)]
    const first = await load46('202502', at('0110001', '角２'), ...many)
    assert.deepEqual(await found(first), [0, 1, 13, 0, ['4610110000', null]])
    const added = await directImport(world)({ answers: first.run })
    assert.deepEqual(await found(added), [13, 0, 0, 1, ['4610110000', '4610120000']])
    assert.deepEqual(
      await texts(
        world.source,
        `select what, after ->> 'successor_medical_id' from master_import.changes
        where key = '{4610110000}' order by change`,
      ),
      [
        ['added', null],
        ['closed', null],
        ['changed', '4610120000'],
      ],
    )
    // More than a twentieth is gone, and waits; of two at the address, the one that is new with the files goes first.
    const second = await load46('202503', at('0120000', '角１'), at('0130000', '角２'))
    assert.deepEqual((await found(second)).slice(0, 4), [1, 0, 13, 0])
    const closed = await directImport(world)({ answers: second.run })
    assert.deepEqual((await found(closed)).slice(0, 3), [0, 13, 0])
    assert.deepEqual((await found(closed)).at(-1), ['4610110001', '4610130000'])
  })
})
