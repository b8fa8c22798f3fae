import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { importPlanSchema, type ImportPlan } from '../../core/import-preview.js'
import { planImport } from '../../operations/import.js'
import { createWorld, texts, type World } from '../support/world.js'
import { cli, exits, jsonIn } from './run-cli.js'

const SOURCE = `
  create table orgs (medical_id text primary key, institution_type smallint, prefecture_code text, name text,
    postal_code text, address text, name_search text, closed_on date, founder_name text);
  create table targets (medical_id text primary key)`

/** 9 and 7 digits, name, postal code, address: as the bureaus' list is passed on. */
const line = (prefecture: string, seven: string, name: string, address = '中央区１－１'): string =>
  `${prefecture}${seven},${seven},${name},0600001,${address}`

describe('import, of published files', () => {
  let world: World
  const file = (name: string): string => join(world.app.mastersFolder, '..', name)
  const plan = (...lines: readonly string[]): Promise<ImportPlan> =>
    write('list_202409.csv', lines).then((path) =>
      planImport(world.app, world.master, [path], { feed: 'kouseikyoku-ika' }),
    )
  const write = async (name: string, lines: readonly string[]): Promise<string> => {
    await writeFile(file(name), `${lines.join('\n')}\n`)
    return file(name)
  }
  const ids = ({ sample }: ImportPlan['added']) => sample.map(({ id }) => id)

  before(async () => {
    world = await createWorld({
      source: SOURCE,
      master: { source: { key: ['medical_id'] } },
      setUp: false,
    })
  })
  after(() => world.close())

  it('tells what is new, and writes nothing', async () => {
    const found = await plan(line('01', '0110119', '札幌病院'), line('13', '0110118', '丸の内医院'))
    assert.deepEqual([found.publication, found.added.rows, found.changed.rows], ['kouseikyoku', 2, 0])
    assert.deepEqual(ids(found.added), ['0110110119', '1310110118'])
    assert.deepEqual(found.scopes, ['01-ika', '13-ika'])
    assert.deepEqual(await texts(world.source, 'select count(*) from orgs'), [['0']])
  })

  it('tells what has changed, by column, and what is not in the files, of what they cover', async () => {
    await world.source
      .query(`insert into orgs (medical_id, institution_type, prefecture_code, name, postal_code, address, closed_on) values
      ('0110110119', 1, '01', '札幌総合病院', '0600001', '北海道中央区１－１', null),
      ('0110110200', 1, '01', '閉院した病院', null, null, null),
      ('0110110300', 1, '01', '前に閉院した病院', null, null, '2020-01-01'),
      ('2710110100', 1, '27', '大阪病院', null, null, null)`)
    const found = await plan(line('01', '0110119', '札幌病院'), line('01', '0110119', '札幌病院'))
    assert.equal(found.folded, 1)
    assert.deepEqual(ids(found.absent), ['0110110200'])
    assert.deepEqual(found.changed.rows, 1)
    assert.ok(found.changed.sample[0]?.columns.includes('name'))
    assert.ok(found.changed.sample[0]?.columns.includes('founder_name') === false)
  })

  it('leaves out a row that contradicts the one before it', async () => {
    const found = await plan(line('01', '0110119', '札幌病院'), line('01', '0110119', '別の病院'))
    assert.deepEqual([found.folded, found.contradicting.rows], [0, 1])
    assert.deepEqual(
      found.contradicting.sample.map(({ id, line: at }) => [id, at]),
      [['0110110119', 2]],
    )
  })

  it('says so on the command line, and exits 4 where there is something to do', async () => {
    const path = await write('list_202409.csv', [
      line('01', '0110119', '札幌病院'),
      line('99', '0110119', '？'),
    ])
    const args = ['import', path, '--feed', 'kouseikyoku-ika', '--mode', 'plan']
    const told = await cli(world.env, ...args)
    exits(told, 4)
    assert.match(told.stdout, /absent 掲載なし: 0110110200/u)
    assert.match(told.stdout, /PREFECTURE_INVALID 1: .*list_202409\.csv:2/u)
    assert.match(told.stdout, /would be refused: \[IMPORT_NOT_SET_UP\] .* \/ 取り込みは断られます/u)
    const json = await cli(world.env, ...args, '--json')
    exits(json, 4)
    const { files, refused, held } = jsonIn(json, importPlanSchema)
    assert.deepEqual([files[0]?.reported, refused?.code, held], [1, 'IMPORT_NOT_SET_UP', []])
  })

  it('reads a CSV of one’s own as the master says', async () => {
    await world.rewrite({
      source: { key: ['medical_id'] },
      import: { csv: { columns: { medical_id: '商品コード', name: '商品名' }, key: ['medical_id'] } },
    })
    const path = await write('products.csv', ['商品コード,商品名', '0110110119,札幌総合病院', 'P-1,新商品'])
    const found = await planImport(world.app, world.master, [path], {})
    assert.deepEqual(
      [found.publication, ids(found.added), found.unchanged, ids(found.absent)],
      ['csv', ['P-1'], 1, ['0110110200', '2710110100']],
    )
  })
})
