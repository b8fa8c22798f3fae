import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunReport } from '../../core/report.js'
import { directImport } from '../support/direct-import.js'
import { createWorld, texts, type World } from '../support/world.js'

const LIST = 'kouseikyoku-ika'
const codes = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => {
    const seven = String(2_000_000 + index)
    return `01${seven},${seven},第${index}医院,0600001,本町${index}番`
  })

describe('what files cover', () => {
  let world: World
  const load = async (name: string, lines: readonly string[], feed: string): Promise<RunReport> => {
    const path = join(world.app.mastersFolder, '..', name)
    await writeFile(path, `${lines.join('\n')}\n`)
    return directImport(world)({ files: [path], reading: { feed } })
  }
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
})
