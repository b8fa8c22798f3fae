import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { importTable } from '../../core/import-table.js'
import type { Master } from '../../core/master.js'
import { readTable } from '../../db/catalog.js'
import { makePlan, readPlan } from '../../db/import-plan.js'
import { TEMPORARY_STAGE } from '../../db/import-stage.js'
import { fitStage } from '../../db/import-target.js'
import { named } from '../../db/read-layout.js'
import { READ_COMMITTED, transaction, type Session } from '../../db/session.js'
import { openFiles, stageForALook } from '../../feeds/stage-files.js'
import { directImport, stage, type DirectImport } from '../support/direct-import.js'
import { createWorld, texts, type World } from '../support/world.js'

const HEADER = '番号,棚,分類,商品名,検索名,価格,備考,通番'
const UUID = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'

describe('values of published files, in a table with types and collations of its own', () => {
  let world: World
  let run: DirectImport
  const write = async (name: string, header: string, lines: readonly string[]): Promise<string> => {
    const path = join(world.app.mastersFolder, '..', name)
    await writeFile(path, [header, ...lines, ''].join('\r\n'))
    return path
  }
  const load = async (day: string, ...lines: readonly string[]): ReturnType<DirectImport> =>
    run({ files: [await write(`goods_${day}.csv`, HEADER, lines)], approve: true })
  const goods = (columns: string): Promise<readonly (string | null)[][]> =>
    texts(world.source, `select ${columns} from goods order by number`)
  const looking = async (
    master: Master,
    path: string,
    work: (session: Session) => Promise<void>,
  ): Promise<void> => {
    await world.app.onSource(world.master, (session) =>
      transaction(session, READ_COMMITTED, async () => {
        const shape = await readTable(session, 'source', named(master.source.table))
        const reading = await openFiles(master, [{ path, name: path }], {})
        await stageForALook(session, master, shape, reading)
        await work(session)
      }),
    )
  }

  before(async () => {
    world = await createWorld({
      source: `
        create collation insensitive (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
        create table goods (
          number integer primary key, shelf integer, kind text collate insensitive,
          name varchar(5) collate "ja-x-icu", name_search text collate insensitive, address_search text,
          price numeric(10, 2), remark text collate insensitive,
          serial integer generated always as identity, closed_on date,
          successor_number text, successor_reason text);
        create table parts (code char(4), id uuid, name varchar(5), primary key (code, id));
        create table listed (number integer primary key)`,
      master: {
        source: { table: 'public.goods', key: ['number'] },
        targets: { table: 'public.listed' },
        cloud: { table: 'public.goods' },
        import: {
          guards: { rejects: { percent: 90 } },
          csv: {
            key: ['number'],
            scope: ['kind', 'shelf'],
            columns: {
              ...{ number: '番号', shelf: '棚', kind: '分類', name: '商品名', name_search: '検索名' },
              ...{ price: '価格', remark: '備考', serial: '通番' },
            },
          },
        },
      },
      withMaster: true,
    })
    run = directImport(world)
    const first = await load(
      '20260901',
      '7,1,Pens,鉛筆,pencil,120,red,7001',
      '8,1,Pens,筆,brush,80.50,x,7002',
    )
    assert.deepEqual([first.failure, first.rows.inserted], [null, 2])
  })
  after(() => world.close())

  it('are one with a number that is written otherwise, in keys as in what says which part a row is of', async () => {
    const report = await load(
      '20261001',
      '+007,01,Pens,鉛筆,pencil,120.00,RED,7001',
      '9,1,Pens,絵筆,brush,90,y,7003',
    )
    assert.deepEqual(
      [report.failure, report.rows.inserted, report.rows.updated, report.rows.marked],
      [null, 1, 1, 1],
    )
    assert.deepEqual(await goods('number, shelf, remark, closed_on, successor_number'), [
      ['7', '1', 'RED', null, null],
      ['8', '1', 'x', '2026-10-01', '9'],
      ['9', '1', 'y', null, null],
    ])
    assert.deepEqual(
      await texts(
        world.source,
        `select key, after ->> 'remark' from master_import.changes where what = 'changed'`,
      ),
      [['{7}', 'RED']],
    )
  })

  it('that are none of their column, or would be cut or rounded there, leave their row as it is', async () => {
    const lines = [
      '7,1,Pens,鉛筆,pencil,120,RED,7001',
      '9,1,Pens,水性ボールペン,p,1,,',
      '9,1,Pens,糊,p,80.505,,',
      '10,1,Pens,糊,p,百円,,',
      '11,1,Pens,糊,p,123456789.5,,',
      '九,1,Pens,糊,p,1,,',
      '99999999999,1,Pens,糊,p,1,,',
      '12,一,Pens,糊,p,百円,,',
    ]
    const report = await load('20261101', ...lines)
    assert.deepEqual(
      [report.failure, report.outcome, report.rows.rejected, report.rows.inserted, report.rows.marked],
      [null, 'completed_with_rejects', 7, 0, 0],
    )
    assert.deepEqual(report.import?.files, [
      {
        ...{ file: 'goods_20261101.csv', feed: 'csv', as_of: '2026-11-01', covers: true, encoding: 'utf-8' },
        ...{ records: 8, rows: 1, folded: 0, reported: 7, unidentified: 2 },
      },
    ])
    assert.ok(!/ペン|80\.505|九|99999|百円/u.test(JSON.stringify(report)))
    const { rows } = await world.source.query({
      text: `select f ->> 'code', f ->> 'line', f ->> 'column', f ->> 'value'
        from master_import.imports, jsonb_array_elements(findings -> 'findings' -> 'first') f
        where import = $1 order by 1, 2`,
      values: [report.import.import],
      rowMode: 'array',
    })
    assert.deepEqual(rows, [
      ['ID_FORM', '7', '番号', '九'],
      ['ID_FORM', '8', '番号', '99999999999'],
      ['VALUE_UNFIT', '3', '商品名', '水性ボールペン'],
      ['VALUE_UNFIT', '4', '価格', '80.505'],
      ['VALUE_UNFIT', '5', '価格', '百円'],
      ['VALUE_UNFIT', '6', '価格', '123456789.5'],
      ['VALUE_UNFIT', '9', '棚', '一'],
    ])
    assert.deepEqual(await goods('number, name, price, closed_on'), [
      ['7', '鉛筆', '120.00', null],
      ['8', '筆', '80.50', '2026-10-01'],
      ['9', '絵筆', '90.00', null],
    ])
  })

  it('that are none of their column refuse the files where they are too many, with their places and no more', async () => {
    const bad = ['9,1,Pens,糊,p,百円,,', '10,1,Pens,糊,p,十円,,']
    await assert.rejects(load('20261102', ...bad), {
      code: 'IMPORT_REJECTS',
      message:
        '2 of 2 records cannot be taken over, more than 90 %: VALUE_UNFIT 2 (the first: goods_20261102.csv:2, 価格)',
    })
  })

  it('that cannot be read leave what the table has there, whatever it becomes meanwhile', async () => {
    const path = await write('goods_20261103.csv', HEADER, [
      '7,1,Pens,鉛\u0007筆,pencil,130,RED,7001',
      '9,1,Pens,\u0007,brush,90,y,7003',
      '13,1,Pens,\u0007,ink,90,y,7003',
    ])
    const id = await stage(world, [path], {})
    await world.source.query(`update goods set name = '朱筆' where number = 9`)
    const report = await run({ staged: id, approve: true })
    assert.deepEqual(
      [report.failure, report.rows.inserted, report.rows.updated, report.rows.unchanged],
      [null, 1, 1, 1],
    )
    assert.deepEqual(await goods('number, name, price, closed_on'), [
      ['7', '鉛筆', '130.00', null],
      ['8', '筆', '80.50', '2026-10-01'],
      ['9', '朱筆', '90.00', null],
      ['13', null, '90.00', null],
    ])
  })

  it('stand in the stage as uuids and padded texts are written, and are one id there', async () => {
    const { source, import: section } = world.master
    assert.ok(section !== undefined)
    const csv = { columns: { code: 'コード', id: 'ID', name: '名' }, key: ['code', 'id'], scope: ['code'] }
    const master: Master = {
      ...world.master,
      source: { ...source, table: 'public.parts', key: ['code', 'id'] },
      import: { ...section, csv },
    }
    const lines = [`"A1 ",${UUID},x`, `A1,${UUID.toUpperCase()},x`, `A1,{${UUID.replaceAll('-', '')}},x`]
    await looking(master, await write('parts_20260901.csv', 'コード,ID,名', lines), async ({ db }) => {
      const { rows } = await sql`select scope, c1, c2, c3 from ${TEMPORARY_STAGE}`.execute(db)
      assert.deepEqual(rows, [{ scope: 'A1', c1: 'A1', c2: UUID, c3: 'x' }])
    })
  })

  it('of a publication that only adds to rows make none where the row has gone', async () => {
    const path = await write('goods_20261201.csv', HEADER, ['7,1,Pens,鉛筆,pencil,130,RED,7001'])
    await looking(world.master, path, async (session) => {
      await sql`alter table ${TEMPORARY_STAGE} add column matched text default '404'`.execute(session.db)
      const shape = await readTable(session, 'source', named(world.master.source.table))
      const columns = ['number', 'shelf', 'kind', 'name', 'name_search', 'price', 'remark', 'serial']
      const { table } = await fitStage(
        ...([session, TEMPORARY_STAGE, world.master, shape] as const),
        { publication: 'csv', columns },
        { publication: 'iryojohonet', columns: ['name'] },
        { owner: 'iryojohonet', matched: 1, unmatched: 0 },
      )
      await makePlan(session, TEMPORARY_STAGE, table, [])
      assert.equal((await readPlan(session, TEMPORARY_STAGE)).added.rows, 0)
    })
  })

  it('say themselves when a row was closed, where they give that', async () => {
    await world.app.onSource(world.master, async (session) => {
      const shape = await readTable(session, 'source', named(world.master.source.table))
      const columns = ['number', 'closed_on', 'successor_reason', 'serial']
      const table = importTable(world.master, shape, { publication: 'csv', columns })
      assert.deepEqual([table.closed, table.successor], [undefined, undefined])
      assert.deepEqual(
        table.columns.map(({ staged }) => staged),
        ['c2', 'c3'],
      )
    })
  })
})
