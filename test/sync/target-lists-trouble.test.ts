import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { applyTargets } from '../../operations/targets/apply.js'
import { addTargets, removeTargets } from '../../operations/targets/edit.js'
import { targets } from '../../operations/targets/list.js'
import { directRun, type DirectRun } from '../support/direct-run.js'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text, constraint no_nines check (id <> '009'));
  insert into orgs select lpad(n::text, 3, '0'), '病院' || n from generate_series(1, 30) n;
  insert into targets values ('010', '手で')`

const LISTS = ['lists/a.csv', 'lists/b.csv']

describe('trouble with lists', () => {
  let world: World
  let sync: DirectRun
  const write = (name: string, ids: readonly string[], head = 'id,note'): Promise<void> =>
    writeFile(
      join(world.app.mastersFolder, 'lists', name),
      `${[head, ...ids.map((id) => `${id},メモ`)].join('\n')}\n`,
    )
  const table = async () =>
    (await texts(world.source, 'select id from targets order by id')).map(([id]) => id)
  const codes = ({ lists }: Awaited<ReturnType<DirectRun>>) =>
    lists.map(({ failure }) => failure?.code ?? null)

  beforeEach(async () => {
    world = await createWorld({ source: SOURCE, master: { targets: { lists: LISTS, notes: true } } })
    sync = directRun(world)
    await mkdir(join(world.app.mastersFolder, 'lists'))
    await write('a.csv', ['001', '002'])
    await write('b.csv', ['003'])
    assert.deepEqual(codes(await sync()), [null, null])
  })
  afterEach(() => world.close())

  it('that cannot be read, and of which the table has lost ids, leaves those in force all the same', async () => {
    await world.source.query(`delete from targets where id = '002'`)
    await write('a.csv', ['001'], 'どれか,note\n"')
    const report = await sync()
    assert.deepEqual([codes(report), report.rows.removed], [['LIST_INVALID', null], 0])
    assert.deepEqual(await table(), ['001', '002', '003', '010'])
    const notes = await texts(world.source, `select note from targets where id = '002'`)
    assert.deepEqual(notes, [['メモ']])
  })

  it('of which the table refuses one is not half taken over by the next that is read', async () => {
    await write('a.csv', ['001', '008', '009'])
    await write('b.csv', ['003', '004'])
    const report = await sync()
    assert.deepEqual(codes(report), ['STATEMENT_REFUSED', null])
    assert.deepEqual(await table(), ['001', '002', '003', '004', '010'])
    await write('a.csv', ['001', '008'])
    assert.deepEqual(codes(await sync()), [null, null])
    assert.deepEqual(await table(), ['001', '003', '004', '008', '010'])
  })

  it('is none where commands and runs read the same lists at once', async () => {
    await write('a.csv', ['001', '020', '021'])
    const apply = () =>
      applyTargets(world.app, world.master, join(world.app.mastersFolder, 'lists/a.csv'), {
        strict: false,
        agreed: () => Promise.resolve(true),
      }).catch((error: unknown) => error)
    const [one, other, run] = await Promise.all([apply(), apply(), sync()])
    assert.deepEqual(codes(run), [null, null])
    for (const ended of [one, other])
      if (ended instanceof Error) assert.equal(Reflect.get(ended, 'code'), 'LIST_CHANGED', String(ended))
    assert.deepEqual(await table(), ['001', '003', '010', '020', '021'])
    const byHand = await texts(
      world.cloud,
      `select key[1] from master_sync.target_entries where list = 'table' or pending is not null`,
    )
    assert.deepEqual(byHand, [['010']])
  })

  it('takes no note along into a cloud that is not to have them any more', async () => {
    await world.rewrite({ targets: { lists: LISTS, notes: false } })
    await sync()
    const kept = `
      select count(*) from (select note from master_sync.target_entries union all
        select note from master_sync.target_changes) n where note is not null`
    assert.deepEqual(await texts(world.cloud, kept), [['0']])
    assert.equal((await sync()).outcome, 'nothing_to_do')
    const notes = await texts(world.source, `select distinct note from targets order by note`)
    assert.deepEqual(notes, [['メモ'], ['手で']])
  })

  it('leaves an id on the list that a person has added as well', async () => {
    const [added] = await addTargets(world.app, world.master, ['001'], null)
    assert.equal(added?.result, 'listed')
    await write('a.csv', ['002'])
    await sync()
    assert.deepEqual(await table(), ['001', '002', '003', '010'])
    await write('a.csv', ['001', '002'])
    await sync()
    const [kept] = await removeTargets(world.app, world.master, ['001'])
    assert.deepEqual([kept?.result, kept?.lists], ['named_by_list', ['lists/a.csv']])
    await write('a.csv', ['002'])
    await sync()
    assert.deepEqual(await table(), ['002', '003', '010'])
  })

  it('gives back the note of its list to an id that a person has taken out again', async () => {
    await addTargets(world.app, world.master, ['001'], '手書き')
    await removeTargets(world.app, world.master, ['001'])
    await sync()
    assert.deepEqual(await texts(world.source, `select note from targets where id = '001'`), [['メモ']])
  })

  it('does not keep what a list that was applied once has lost, with its note, from ever being settled', async () => {
    await world.rewrite({ targets: { notes: false } })
    const file = join(world.app.mastersFolder, 'lists', 'once.csv')
    await writeFile(file, 'id,note\n020,一度だけ\n')
    await applyTargets(world.app, world.master, file, { strict: false, agreed: () => Promise.resolve(true) })
    await world.source.query(`delete from targets where id = '020'`)
    await world.rewrite({ targets: { notes: false, lists: LISTS } })
    await sync()
    assert.deepEqual(await table(), ['001', '002', '003', '010', '020'])
    const { key, source, cloud } = await digests(world)
    assert.deepEqual(source, cloud, key)
  })

  it('brings every character of ids and notes to where they belong', async () => {
    const odd = String.raw`a\b"c,d'e\N{}` + '\t\n\r\u{20BB7}'
    const file = join(world.app.mastersFolder, 'lists', 'odd.csv')
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
    const ids = ['x"y', String.raw`x\y`, '{x,y}', 'x\ty', '𠮷']
    await writeFile(file, `id,note\n${ids.map((id) => `${quoted(id)},${quoted(odd)}\n`).join('')}`)
    await applyTargets(world.app, world.master, file, { strict: false, agreed: () => Promise.resolve(true) })
    const found = await texts(world.source, `select id, note from targets where note like 'a%'`)
    assert.deepEqual(new Map(found.map(([id, note]) => [id, note])), new Map(ids.map((id) => [id, odd])))
  })

  it('of many ids, all of them changed, are taken over with little memory and statistics of today', async () => {
    const many = Array.from({ length: 50_000 }, (_, n) => `L${String(n).padStart(6, '0')}`)
    await write('a.csv', many)
    assert.deepEqual(codes(await sync()), [null, null])
    await world.cloud.query(`analyze; do $$ begin
      execute format('alter database %I set work_mem = 64', current_database()); end $$`)
    await world.app.databases.close()
    await writeFile(
      join(world.app.mastersFolder, 'lists', 'a.csv'),
      `id,note\n${many.map((id) => `${id},別のメモ`).join('\n')}\n`,
    )
    const report = await sync()
    assert.deepEqual([codes(report), report.lists[0]?.changed], [[null, null], many.length])
  })

  it('that lost its zeros takes no row away, and the list as it was stays in force', async () => {
    await write('a.csv', ['1', '002'])
    const report = await sync()
    assert.deepEqual([codes(report), report.rows.removed], [['LIST_DAMAGED', null], 0])
    assert.match(report.lists[0]?.failure?.message ?? '', /names 1 ids .*: 001 → 1$/u)
    assert.deepEqual(await table(), ['001', '002', '003', '010'])
    await write('a.csv', ['002'])
    assert.deepEqual(codes(await sync()), [null, null])
    await write('b.csv', ['3'])
    assert.deepEqual(codes(await sync()), [null, 'LIST_DAMAGED'])
    await write('b.csv', ['003', '77'])
    assert.deepEqual(codes(await sync()), [null, null])
    await write('b.csv', ['003', '077'])
    assert.deepEqual(codes(await sync()), [null, null])
  })
})

/** What a run goes by to know whether the table is what the ledger knows. */
async function digests(world: World) {
  const [source] = await texts(world.source, `select count(*), count(nullif(note, '')) from targets`)
  const [cloud] = await texts(
    world.cloud,
    `select count(distinct key), count(distinct key) filter (where note_hash is not null)
     from master_sync.target_entries where pending is null`,
  )
  return { key: 'ids, and notes among them', source, cloud }
}

describe('a table that demands a note for every id', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      source: `create table orgs (id text primary key, name text);
        create table targets (id text primary key, note text not null);
        insert into orgs select lpad(n::text, 3, '0'), '病院' || n from generate_series(1, 30) n`,
      master: { targets: { lists: ['lists/a.csv'], notes: true } },
    })
    await mkdir(join(world.app.mastersFolder, 'lists'))
    await writeFile(join(world.app.mastersFolder, 'lists/a.csv'), 'id,note\n001,\n002,あり\n')
  })
  after(() => world.close())

  it('gets an empty one where there is none', async () => {
    const sync = directRun(world)
    await addTargets(world.app, world.master, ['003'], null)
    const report = await sync()
    assert.deepEqual([report.lists[0]?.failure, report.rows.inserted], [null, 3])
    assert.deepEqual(await texts(world.source, 'select * from targets order by id'), [
      ['001', ''],
      ['002', 'あり'],
      ['003', ''],
    ])
    assert.deepEqual((await targets(world.app, world.master))[0], {
      id: '001',
      note: null,
      lists: ['lists/a.csv'],
    })
    const again = await sync()
    assert.deepEqual([again.outcome, again.lists[0]?.changed], ['nothing_to_do', 0])
    await writeFile(join(world.app.mastersFolder, 'lists/a.csv'), 'id,note\n001,\n002,\n')
    assert.equal((await sync()).lists[0]?.changed, 1)
    assert.deepEqual(await texts(world.source, 'select note from targets'), [[''], [''], ['']])
  })
})
