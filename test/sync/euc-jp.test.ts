import assert from 'node:assert/strict'
import type { RunReport } from '../../core/report.js'
import { createWorld, texts, type World } from '../support/world.js'
import { assertSame, syncEqual, syncIdle, useMaster } from './other-master.js'

/** Valid EUC-JP of the user-defined area, for which Unicode has no character. */
const GAIJI = `convert_from('\\xF5A1'::bytea, 'EUC_JP')`

/** Kanji of both planes of JIS, half-width kana, symbols that encodings of Japanese disagree about. */
const TEXTS = ['医療法人　山田病院', 'ｱｲｳｴｵ', '髙﨑', '丂丄丅', '～∥－￠￡￢', '①Ⅱ㈱℡', `'"\\\\,`, '']

const ORGS = `create table orgs (id text primary key, name text, note text); create table targets (id text primary key);
  insert into orgs select lpad(n::text, 3, '0'), '病院' || n, 'メモ' || n from generate_series(1, 40) n;
  insert into targets select id from orgs`

describe('a source in EUC_JP', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      source: '',
      setUp: false,
      encoding: 'EUC_JP',
      env: { SEGMENT_ROWS: '15', BATCH_ROWS: '10' },
    })
  })
  after(() => world.close())

  async function rejects(): Promise<readonly (string | null)[][]> {
    const where = `where master = '${world.master.master}'`
    return texts(
      world.cloud,
      `select array_to_string(key, ','), sqlstate, column_name from master_sync.rejects ${where} order by 1`,
    )
  }

  async function syncBut(ids: readonly string[], column: string): Promise<RunReport> {
    const report = await world.sync()
    assert.deepEqual([report.failure, report.outcome, report.equal], [null, 'completed_with_rejects', true])
    assert.deepEqual(
      await rejects(),
      ids.map((id) => [id, '22P05', column]),
    )
    return report
  }

  /** Of the rows all but some, and not the columns that hold what cannot be read. */
  const sameBut = (table: string, ...ids: readonly string[]): Promise<void> => {
    const rows = `select * from ${table} where id <> all ('{${ids.join(',')}}') order by id collate "C"`
    return assertSame(world, rows, rows)
  }

  it('hashes to the same as its copy in UTF-8, whatever the type', async () => {
    await useMaster(world, {
      name: 'kinds',
      source: `create type 種別 as enum ('病院', '診療所');
        create table orgs (id integer primary key, 名称 text, 旧字 varchar(9), 固定 char(9), 種別 種別, 種別一覧 種別[], j json, jb jsonb, x xml, a text[], n numeric, at timestamptz);
        create table targets (id integer primary key)`,
    })
    for (const [index, text] of TEXTS.entries()) {
      await world.source.query(
        `insert into kinds.orgs values ($1, $2, left($2, 9), left($2, 9), '病院', '{診療所,NULL}', to_json($2::text), to_jsonb($2::text),
          xmlparse(content '<?xml version="1.0" encoding="EUC-JP"?><a>医療</a>'), array[$2, null, 'a"b'], 1.50, '2026-11-23 09:00+09')`,
        [index, text],
      )
    }
    await world.source.query(
      'insert into kinds.orgs (id) values (100); insert into kinds.targets select id from kinds.orgs',
    )
    await syncEqual(world)
    const all = 'select o.*, x::text from kinds.orgs o order by id'
    await assertSame(world, all, all)
    await syncIdle(world)
    await world.source.query(`update kinds.orgs set 名称 = '高崎' where 名称 = '髙﨑'`)
    assert.equal((await syncEqual(world)).rows.updated, 1)
    await assertSame(world, all, all)
  })

  it('may have keys in Japanese, in many segments', async () => {
    await useMaster(world, {
      name: 'keys',
      key: ['id', '枝番'],
      source: `create table orgs (id text, 枝番 integer, name text, primary key (id, 枝番)); create table targets (枝番 text, id text);
        insert into orgs select substr('亜丂ｱアa医～髙漢Ａ', 1 + n % 10, 1) || (n % 7) || substr('医丄zｶ', 1 + n % 4, 1), n, '病院' from generate_series(1, 120) n;
        insert into targets select 枝番, id from orgs where 枝番 % 3 > 0`,
    })
    assert.equal((await syncEqual(world)).rows.inserted, 80)
    await world.source.query(`
      delete from keys.targets where 枝番::integer % 5 = 0; insert into keys.targets select 枝番, id from keys.orgs where 枝番 % 6 = 0;
      update keys.orgs set name = '診療所' where 枝番 % 4 = 0`)
    const only = await texts(world.source, `select id || ',' || 枝番 from keys.orgs where 枝番 in (4, 6)`)
    assert.deepEqual(
      (
        await syncEqual(
          world,
          only.flatMap(([id]) => id ?? []),
        )
      ).rows.updated,
      1,
    )
    await syncEqual(world)
    await assertSame(
      world,
      'select * from keys.orgs order by 枝番',
      'select distinct o.* from keys.orgs o join keys.targets t on t.id = o.id and t.枝番 = o.枝番::text order by 枝番',
    )
    await syncIdle(world)
  })

  it('has a row parked whose characters Unicode lacks, from the first load until it is mended', async () => {
    await useMaster(world, { name: 'first', source: ORGS })
    await world.source.query(`update first.orgs set name = ${GAIJI} || name where id in ('007', '021')`)
    assert.equal((await syncBut(['007', '021'], 'name')).rows.inserted, 38)
    await sameBut('first.orgs', '007', '021')
    await world.source.query(`update first.orgs set note = '変更' where id in ('001', '021', '040')`)
    assert.equal((await syncBut(['007', '021'], 'name')).rows.updated, 2)
    await sameBut('first.orgs', '007', '021')
    await world.source.query(`update first.orgs set name = '読める' where id = '007'`)
    assert.equal((await syncBut(['021'], 'name')).rows.inserted, 1)
    await world.source.query(`update first.orgs set name = '読める' where id = '021'`)
    assert.equal((await syncEqual(world)).rows.inserted, 1)
    assert.deepEqual(await rejects(), [])
    await sameBut('first.orgs')
    await syncIdle(world)
  })

  it('has a copied row left as it was when such characters come into it', async () => {
    await useMaster(world, { name: 'later', source: ORGS })
    await syncEqual(world)
    await world.source.query(`
      update later.orgs set note = ${GAIJI} where id in ('007', '021'); update later.orgs set name = '変更' where id in ('007', '008');
      delete from later.targets where id = '009'`)
    const { rows } = await syncBut(['007', '021'], 'note')
    assert.deepEqual([rows.updated, rows.removed], [1, 1])
    assert.deepEqual(await texts(world.cloud, `select * from later.orgs where id = '007'`), [
      ['007', '病院7', 'メモ7'],
    ])
    await syncBut(['007', '021'], 'note')
    // One mended to another text, one to what it was.
    await world.source.query(`update later.orgs set note = 'メモ' || id::integer where id in ('007', '021')`)
    assert.equal((await syncEqual(world)).rows.updated, 1)
    assert.deepEqual(await rejects(), [])
    await sameBut('later.orgs', '009')
  })

  it('has such a row removed when it leaves the list, and not minded while it is on none', async () => {
    await useMaster(world, { name: 'leaving', source: ORGS })
    await syncEqual(world)
    await world.source.query(`
      update leaving.orgs set note = ${GAIJI} where id in ('007', '008'); delete from leaving.targets where id = '007';
      insert into leaving.orgs values ('gaiji', ${GAIJI}, ${GAIJI}), (${GAIJI}, 'key', 'key');
      insert into leaving.targets values ('gaiji '), ('nothing like it')`)
    const report = await syncBut(['008'], 'note')
    assert.deepEqual([report.rows.removed, report.missing], [1, 2])
    assert.deepEqual(report.missing_ids[0], { id: 'gaiji ', did_you_mean: 'gaiji' })
    await world.source.query(`delete from leaving.targets where id = '008'`)
    assert.equal((await syncEqual(world)).rows.removed, 1)
    assert.deepEqual(await rejects(), [])
  })

  it('has a kept row parked that comes back with such characters', async () => {
    await useMaster(world, { name: 'come_back', source: ORGS })
    await syncEqual(world)
    await world.source.query(`delete from come_back.orgs where id in ('007', '008')`)
    await syncEqual(world)
    await world.source.query(`
      insert into come_back.orgs values ('007', ${GAIJI}, ''), ('008', 'again', '');
      update come_back.orgs set note = '変更' where id = '009'`)
    assert.equal((await syncBut(['007'], 'name')).rows.updated, 2)
    await world.source.query(`update come_back.orgs set name = 'again' where id = '007'`)
    assert.equal((await syncEqual(world)).rows.updated, 1)
    await sameBut('come_back.orgs')
  })

  it('does not fail over an id that is taken for one which EUC_JP cannot write', async () => {
    await useMaster(world, { name: 'folded', source: ORGS })
    await world.source.query(`insert into folded.targets values ('￣001')`)
    assert.deepEqual((await syncEqual(world)).missing_ids, [{ id: '￣001', did_you_mean: null }])
  })

  it('is told apart when it is the listed key that cannot be read', async () => {
    await useMaster(world, { name: 'bad_key', source: ORGS })
    await syncEqual(world)
    await world.source.query(
      `insert into bad_key.orgs values (${GAIJI}, 'a', 'b'); insert into bad_key.targets select id from bad_key.orgs where name = 'a'`,
    )
    assert.equal((await world.sync()).failure?.code, 'SOURCE_UNCONVERTIBLE')
    await world.source.query(`delete from bad_key.targets where id = ${GAIJI}`)
    await syncIdle(world)
  })

  it('says of an id that EUC_JP cannot write that it is unknown', async () => {
    await useMaster(world, { name: 'unknown_id', source: ORGS })
    await syncEqual(world)
    await assert.rejects(world.sync({ only: ['𠮷'] }), { code: 'ID_UNKNOWN' })
  })
})

describe('a source in SQL_ASCII', () => {
  it('is taken for UTF-8, and its rows in anything else are parked', async () => {
    const bytes = `convert_from('\\xB0E5CEC5'::bytea, 'SQL_ASCII')`
    const world = await createWorld({ source: ORGS, encoding: 'SQL_ASCII', env: { SEGMENT_ROWS: '15' } })
    try {
      await world.source.query(`update orgs set note = ${bytes} where id = '007'`)
      const report = await world.sync()
      assert.deepEqual(
        [report.failure, report.outcome, report.rows.inserted],
        [null, 'completed_with_rejects', 39],
      )
      assert.deepEqual(await texts(world.cloud, 'select key, column_name from master_sync.rejects'), [
        ['{007}', 'note'],
      ])
      await world.source.query(`update orgs set note = '医療' where id = '007'`)
      assert.equal((await syncEqual(world)).rows.inserted, 1)
      await assertSame(world, 'select * from orgs order by id', 'select * from orgs order by id')
      await syncIdle(world)
    } finally {
      await world.close()
    }
  })
})
