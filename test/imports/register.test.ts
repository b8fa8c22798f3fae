import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunReport } from '../../core/report.js'
import { directImport, type DirectImport } from '../support/direct-import.js'
import { createWorld, texts, type World } from '../support/world.js'

/** 9 and 7 digits, name, postal code, address: as the bureaus' list is passed on. */
const line = (prefecture: string, seven: string, name: string, address = '中央区１－１'): string =>
  `${prefecture}${seven},${seven},${name},0600001,${address}`

describe('an import', () => {
  let world: World
  let run: DirectImport
  const write = async (name: string, lines: readonly string[]): Promise<string> => {
    const path = join(world.app.mastersFolder, '..', name)
    await writeFile(path, `${lines.join('\n')}\n`)
    return path
  }
  const load = async (month: string, ...lines: readonly string[]): Promise<RunReport> =>
    run({ files: [await write(`list_${month}.csv`, lines)], reading: { feed: 'kouseikyoku-ika' } })
  const orgs = (columns: string): Promise<unknown> =>
    texts(world.source, `select ${columns} from master_medical_orgs order by medical_id`)

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
    const report = await load(
      '202409',
      line('01', '0110119', '札幌病院'),
      line('13', '0110118', '丸の内医院'),
    )
    assert.equal(report.failure, null)
    assert.deepEqual(
      [report.kind, report.outcome, report.rows.inserted, report.equal],
      ['import', 'completed', 2, true],
    )
    assert.deepEqual(await orgs('medical_id, name, name_search, closed_on'), [
      ['0110110119', '札幌病院', '札幌病院', null],
      ['1310110118', '丸の内医院', '丸ノ内医院', null],
    ])
    assert.deepEqual(await texts(world.source, 'select scope, as_of from master_import.scopes order by 1'), [
      ['01-ika', '2024-09-01'],
      ['13-ika', '2024-09-01'],
    ])
  })
})
