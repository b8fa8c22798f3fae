import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RESULTS } from '../../core/results.js'
import { cli, exits, jsonIn, startCli, tells, type Ended } from './run-cli.js'
import { createWorld, texts, type World } from '../support/world.js'

const ORGS = `
  create table orgs (id text primary key, name text, phone text);
  insert into orgs select lpad(n::text, 3, '0'), '病院' || n, '011' from generate_series(1, 60) n;
  create table targets (id text primary key, note text);
  insert into targets select id, '営業 #' || id from orgs where id <= '010'`

describe('targets replace', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      source: ORGS,
      master: {
        columns: { phone: 'keep_edits' },
        removals: { gone: 'mark' },
        targets: { lists: ['list.csv'] },
      },
    })
    await writeFile(join(world.app.mastersFolder, 'list.csv'), 'id,note\n009,表\n')
    await world.sync()
    await world.cloud.query(`
      create table contracts (number integer primary key, org text references orgs (id));
      insert into contracts select n, '001' from generate_series(1, 25) n;
      create table visits (org text references orgs (id), at date);
      insert into visits values ('001', '2027-04-01'), ('002', '2027-04-02');
      update orgs set phone = '電話' where id <= '004'`)
  })
  after(() => world.close())

  const replace = (...args: readonly string[]): Promise<Ended> =>
    cli(world.env, 'targets', 'replace', ...args)
  const result = (ended: Ended) => jsonIn(ended, RESULTS['targets replace'])
  const listed = async () =>
    (await texts(world.source, `select id from targets where note is not null order by id`)).flat()
  const marked = async () =>
    (
      await texts(
        world.cloud,
        `select id || ' ' || sync_removed_reason from orgs where sync_removed_at is not null order by id`,
      )
    ).flat()

  it('brings the new row at once, and says what was carried and who refers to the old one', async () => {
    const ended = await replace('001', '011', '--json')
    exits(ended, 0)
    const { run, ...found } = result(ended)
    assert.deepEqual([run?.outcome, run?.rows.inserted, run?.rows.marked], ['completed', 1, 1])
    assert.deepEqual(found, {
      old: '001',
      new: '011',
      note: '営業 #001',
      in_source: true,
      did_you_mean: null,
      done: true,
      instead: null,
      carried: ['phone'],
      left: [],
      lists: [],
      referring: [
        {
          table: 'public.contracts',
          columns: ['org'],
          rows: 25,
          sample: Array.from({ length: 20 }, (_, n) => String(n + 1)),
        },
        { table: 'public.visits', columns: ['org'], rows: 1, sample: ['001'] },
      ],
      waits: null,
    })
    assert.deepEqual(await marked(), ['001 replaced by 011'])
    assert.ok(!(await listed()).includes('001'))
  })

  it('tells people in English and Japanese', async () => {
    const ended = await replace('2', '012')
    tells(ended, 3, 'ID_UNKNOWN', 'did you mean 002')
    const done = await replace('002', '012', '--note', '移転')
    exits(done, 0)
    assert.match(done.stderr, /002 → 012/u)
    assert.match(done.stdout, /1 inserted 追加.*1 marked/u)
    assert.ok(
      done.stdout.endsWith(
        [
          '002: replaced by / 差替え先 012',
          '  carried over / 引き継いだ列: phone',
          '  rows that refer to 002 / 002 を参照している行:',
          '    public.visits (org): 1: 002',
          '',
        ].join('\n'),
      ),
      done.stdout,
    )
    assert.deepEqual(await texts(world.source, `select note from targets where id = '012'`), [['移転']])
  })

  it('refuses an id in the place of itself, and one that nobody knows', async () => {
    tells(await replace('003', '003'), 3, 'ID_REPLACES_ITSELF')
    tells(await replace('ZZZ', '013'), 3, 'ID_UNKNOWN')
    assert.ok(!(await listed()).includes('013'))
  })

  it('waits for the source, and comes with the run that finds the new row there', async () => {
    const ended = await replace('003', 'N01', '--json')
    exits(ended, 0)
    const { run, waits, done, in_source, lists } = result(ended)
    assert.deepEqual([run, waits, done, in_source, lists], [null, null, false, false, ['table']])
    assert.match(
      (await replace('003', 'N01')).stderr,
      /N01: not in the source, waits on the list .*リストで待機/u,
    )
    assert.equal((await world.sync()).outcome, 'nothing_to_do')
    await world.source.query(`insert into orgs values ('N01', '新設', '011')`)
    const { run: number, replaced } = await world.sync()
    assert.deepEqual(replaced, { ids: 1, sample: [{ old: '003', new: 'N01' }] })
    const [told, undo] = await Promise.all([
      cli(world.env, 'runs', String(number)),
      cli(world.env, 'undo', String(number)),
    ])
    assert.match(told.stdout, /^ {2}replaced 差替え\n {4}003 → N01$/mu)
    assert.match(undo.stdout, /! the list stays as the replacement left it[^]*リストは差替え後のまま/u)
    assert.match(undo.stdout, /003 → N01\n.*targets add OLD[^]*targets remove NEW/u)
    assert.ok((await marked()).includes('003 replaced by N01'))
    assert.deepEqual(await texts(world.cloud, `select phone from orgs where id = 'N01'`), [['電話']])
  })

  it('leaves it to the next run with --later', async () => {
    const ended = await replace('004', '014', '--later')
    exits(ended, 0)
    assert.match(ended.stderr, /the next run brings it.*master-sync start-sync/u)
    assert.match(ended.stdout, /^004: stays as it is until a run has brought 014 \/ 014 の行が届くまで/u)
    const { rows } = await world.sync()
    assert.deepEqual([rows.inserted, rows.marked], [1, 1])
  })

  it('comes right after the run that is under way, and so does another', async () => {
    const blocker = await world.source.connect()
    await blocker.query('begin; lock table orgs in access exclusive mode')
    const full = startCli(world.env, 'start-sync')
    await full.says(/comparing|cutting/u)
    const first = startCli(world.env, 'targets', 'replace', '005', '015', '--json')
    const second = startCli(world.env, 'targets', 'replace', '006', '016', '--json')
    await blocker.query('rollback')
    blocker.release()
    const [, one, other] = await Promise.all([full.ended, first.ended, second.ended])
    for (const ended of [one, other]) {
      exits(ended, 0)
      assert.equal(result(ended).done, true)
    }
    assert.deepEqual((await marked()).slice(-2), ['005 replaced by 015', '006 replaced by 016'])
  })

  it('names the list that still names the old id, and a check of that list says so', async () => {
    const ended = await replace('009', '019', '--json')
    exits(ended, 4)
    assert.deepEqual([result(ended).done, result(ended).lists], [true, ['list.csv']])
    const text = await replace('009', '019')
    assert.match(
      text.stdout,
      /! still names it; edit it there \/ まだ記載があります。修正してください: list\.csv/u,
    )
    assert.ok((await listed()).includes('009'))
    const check = await cli(
      world.env,
      'targets',
      'check',
      join(world.app.mastersFolder, 'list.csv'),
      '--json',
    )
    exits(check, 4)
    assert.deepEqual(jsonIn(check, RESULTS['targets check']).problems, [
      { problem: 'superseded', id: '009', line: 2, column: 1, did_you_mean: '019' },
    ])
    const shown = await cli(world.env, 'targets', 'check', join(world.app.mastersFolder, 'list.csv'))
    assert.match(
      shown.stdout,
      /009: another id takes its place \/ 差し替え済み、または差し替え待ち; successor \/ 後継: 019/u,
    )
  })

  it('says of each column that was not carried over why, and that a person should look', async () => {
    await world.cloud.query(`
      update orgs set phone = '電話' where id = '008'; update orgs set phone = '別' where id = '010'`)
    const ended = await replace('008', '010')
    exits(ended, 4)
    assert.match(
      ended.stdout,
      /! not carried over \/ 引き継がなかった列: phone: 010 has its own \/ 010 の値を残します/u,
    )
    assert.deepEqual(await texts(world.cloud, `select phone from orgs where id = '010'`), [['別']])
  })

  it('is kept where no worker listens: the next run brings it', async () => {
    const ended = await cli(
      { ...world.env, TASK_QUEUE: `${world.name}-idle` },
      'targets',
      'replace',
      '007',
      '017',
      '--json',
    )
    tells(ended, 0, 'WORKER_MISSING', 'the list is changed')
    assert.deepEqual([result(ended).done, result(ended).waits?.code], [false, 'WORKER_MISSING'])
    await world.sync()
    assert.ok((await marked()).includes('007 replaced by 017'))
  })
})
