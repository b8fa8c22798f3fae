import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { HEADERS, institution, published } from '../feeds/forms.js'
import { directImport, type DirectImport } from '../support/direct-import.js'
import { createWorld, texts, type World } from '../support/world.js'

const clinic = (id: string, name: string, address: string): readonly string[] =>
  institution('clinic', {
    ...{ ID: id, 正式名称: name, '正式名称（フリガナ）': 'カナ', 所在地: address },
    ...{
      機関区分: '2',
      都道府県コード: '13',
      '所在地座標（緯度）': '35.6812345678901',
      案内用ホームページアドレス: 'https://example.jp',
    },
  })

const code = (seven: string, name: string, address: string): string =>
  `13${seven},${seven},${name},1000001,${address}`

describe('a publication that does not own the ids of the table', () => {
  let world: World
  let run: DirectImport
  const write = async (name: string, text: string): Promise<string> => {
    const path = join(world.app.mastersFolder, '..', name)
    await writeFile(path, text)
    return path
  }
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
    const clinics = [
      clinic('1321320000010', '丸の内クリニック', '東京都千代田区丸の内１丁目２番３号'),
      clinic('1321320000020', '佐藤医院', '東京都港区芝１－１－１'),
      clinic('1321320000030', '佐藤医院', '東京都大田区蒲田２－２－２'),
      clinic('1321320000040', '銀座医院', '東京都中央区銀座４－４－４'),
      clinic('1321320000050', '移転前の医院', '東京都中央区月島１－１'),
    ]
    const first = await run({
      files: [await write('clinic_20260601.csv', published(HEADERS.clinic, ...clinics))],
    })
    assert.equal(first.failure, null)
  })
  after(() => world.close())

  it('only fills what the owner does not give, in rows that it matches for sure', async () => {
    const lines = [
      code('0110118', '丸の内クリニック', '千代田区丸の内１－２－３'),
      code('0110126', '佐藤医院', '港区芝１－１－１'),
      code('0110134', '銀座医院', '中央区銀座四丁目４番５号'),
      code('0110142', '佐藤医院', '世田谷区１'),
      code('0110159', '知らない医院', '中央区１'),
    ]
    const report = await run({
      files: [await write('list_202609.csv', `${lines.join('\n')}\n`)],
      reading: { feed: 'kouseikyoku-ika' },
    })
    assert.deepEqual([report.failure, report.outcome], [null, 'completed'])
    assert.deepEqual(report.import?.enriches, { owner: 'iryojohonet', matched: 3, unmatched: 2 })
    assert.deepEqual([report.rows.inserted, report.rows.updated, report.rows.marked], [0, 3, 0])
    assert.deepEqual(await orgs('medical_id, name, address, postal_code, matched_id, closed_on'), [
      [
        '1321320000010',
        '丸の内クリニック',
        '東京都千代田区丸の内１丁目２番３号',
        '100-0001',
        '1310110118',
        null,
      ],
      ['1321320000020', '佐藤医院', '東京都港区芝１－１－１', '100-0001', '1310110126', null],
      ['1321320000030', '佐藤医院', '東京都大田区蒲田２－２－２', null, null, null],
      ['1321320000040', '銀座医院', '東京都中央区銀座４－４－４', '100-0001', '1310110134', null],
      ['1321320000050', '移転前の医院', '東京都中央区月島１－１', null, null, null],
    ])
    assert.deepEqual(
      await texts(world.source, `select publication, scope, as_of from master_import.scopes order by 1`),
      [
        ['iryojohonet', '13-2', '2026-06-01'],
        ['kouseikyoku', '13-ika', '2026-09-01'],
      ],
    )
  })

  it('knows a row again by the id that was matched, when its name has changed', async () => {
    const report = await run({
      files: [
        await write(
          'list_202610.csv',
          `${code('0110118', '丸の内中央クリニック', '千代田区大手町１').replace('1000001', '1000002')}\n`,
        ),
      ],
      reading: { feed: 'kouseikyoku-ika' },
    })
    assert.deepEqual(report.import?.enriches?.matched, 1)
    assert.deepEqual(
      await texts(
        world.source,
        `select name, postal_code from master_medical_orgs where matched_id = '1310110118'`,
      ),
      [['丸の内クリニック', '100-0002']],
    )
    assert.deepEqual(
      await texts(world.source, `select what from master_import.changes where what <> 'added' group by 1`),
      [['enriched']],
    )
  })
})

describe('a master of products', () => {
  let world: World
  let run: DirectImport
  const load = async (day: string, ...lines: readonly string[]): ReturnType<DirectImport> => {
    const path = join(world.app.mastersFolder, '..', `products_${day}.csv`)
    await writeFile(path, ['分類,番号,商品名,価格', ...lines, ''].join('\r\n'))
    return run({ files: [path], approve: true })
  }

  before(async () => {
    world = await createWorld({
      source: `create table products (category text, number integer, name text not null, price numeric(10, 2), closed_on date,
        changed_at timestamptz default now(), primary key (category, number));
        create table listed (category text, number integer, note text, primary key (category, number))`,
      master: {
        source: { table: 'public.products', key: ['category', 'number'] },
        targets: { table: 'public.listed' },
        cloud: { table: 'public.products' },
        import: {
          csv: {
            key: ['category', 'number'],
            scope: ['category'],
            columns: {
              category: '分類',
              number: '番号',
              name: { header: '商品名', required: true },
              price: '価格',
            },
          },
        },
      },
      withMaster: true,
    })
    run = directImport(world)
  })
  after(() => world.close())

  it('is imported in the same way, with its own types, key and parts', async () => {
    const first = await load('20260901', '文具,1,鉛筆,120', '文具,2,"消しゴム, 白",80.50', '食品,1,緑茶,150')
    assert.deepEqual([first.failure, first.rows.inserted], [null, 3])
    const second = await load('20261001', '文具,1,鉛筆,120.00', '文具,3,定規,200')
    assert.deepEqual(
      [second.failure, second.rows.inserted, second.rows.updated, second.rows.marked],
      [null, 1, 0, 1],
    )
    assert.deepEqual(
      await texts(
        world.source,
        'select category, number, name, price, closed_on from products order by 1, 2',
      ),
      [
        ['文具', '1', '鉛筆', '120.00', null],
        ['文具', '2', '消しゴム, 白', '80.50', '2026-10-01'],
        ['文具', '3', '定規', '200.00', null],
        ['食品', '1', '緑茶', '150.00', null],
      ],
    )
  })

  it('with a row that the table refuses is refused whole, and nothing is told of the row', async () => {
    await world.source.query(`alter table products add constraint cheap check (price < 1000)`)
    const report = await load('20261101', '文具,1,鉛筆,5555', '文具,4,糊,90')
    assert.equal(report.outcome, 'failed')
    assert.equal(report.failure?.code, 'IMPORT_VALUE')
    assert.match(report.failure.message, /constraint cheap/u)
    assert.ok(!JSON.stringify(report).includes('5555'))
    assert.deepEqual(await texts(world.source, 'select count(*) from products'), [['4']])
  })
})
