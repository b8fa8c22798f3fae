import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { setUp } from '../../operations/setup.js'
import { applyTargets } from '../../operations/targets/apply.js'
import { addTargets, removeTargets } from '../../operations/targets/edit.js'
import { exportTargets } from '../../operations/targets/export.js'
import { targetHistory } from '../../operations/targets/history.js'
import { targets } from '../../operations/targets/list.js'
import { directRun, type DirectRun } from '../support/direct-run.js'
import { createThreeRoleWorld, type ThreeRoleWorld } from '../support/three-roles.js'
import { createWorld, texts, type World } from '../support/world.js'

const YES = { strict: false, agreed: () => Promise.resolve(true) }
const LEDGER = { targets: { table: undefined } }

const inCloud = async (world: World) =>
  (await texts(world.cloud, 'select id from orgs order by id')).map(([id]) => id)
const add = (world: World, ids: readonly string[], note: string | null = null) =>
  addTargets(world.app, world.master, ids, note)

describe('a list that the ledger alone holds', () => {
  let world: World
  let sync: DirectRun
  before(async () => {
    world = await createWorld({
      source: `create table orgs (id text primary key, name text);
        insert into orgs select lpad(n::text, 3, '0'), '病院' || n from generate_series(1, 40) n`,
      master: { ...LEDGER, targets: { table: undefined, notes: true, lists: ['lists/sales.yaml'] } },
      env: { SEGMENT_ROWS: '10' },
    })
    sync = directRun(world)
    await mkdir(join(world.app.mastersFolder, 'lists'))
    await write('sync_targets: []')
  })
  after(() => world.close())
  const write = (text: string): Promise<void> =>
    writeFile(join(world.app.mastersFolder, 'lists/sales.yaml'), text)

  it('takes what is added and removed by hand, with notes, and brings it', async () => {
    const ids = Array.from({ length: 23 }, (_, n) => String(n + 1).padStart(3, '0'))
    const added = await add(world, [...ids, '999'], '導入済み')
    assert.deepEqual([...new Set(added.map(({ result }) => result))], ['added'])
    assert.deepEqual(added.at(-1)?.in_source, false)
    assert.deepEqual(
      (await add(world, ['001', '002'], '更新')).map(({ result }) => result),
      ['changed', 'changed'],
    )
    assert.deepEqual(
      (await add(world, ['001'])).map(({ result }) => result),
      ['listed'],
    )
    const report = await sync()
    assert.deepEqual(
      [report.failure, report.targets, report.missing, report.rows.inserted, report.equal],
      [null, 24, 1, 23, true],
    )
    assert.deepEqual(report.missing_ids, [{ id: '999', did_you_mean: null }])
    assert.deepEqual(await inCloud(world), ids)
    const listed = await targets(world.app, world.master)
    assert.deepEqual(listed.slice(0, 3), [
      { id: '001', note: '更新', lists: ['table'] },
      { id: '002', note: '更新', lists: ['table'] },
      { id: '003', note: '導入済み', lists: ['table'] },
    ])
    const removed = await removeTargets(world.app, world.master, ['999', '003', '777'])
    assert.deepEqual(
      removed.map(({ result }) => result),
      ['removed', 'removed', 'not_listed'],
    )
    const again = await sync()
    assert.deepEqual([again.rows.removed, again.rows.unchanged, again.equal], [1, 22, true])
    assert.equal((await sync()).outcome, 'nothing_to_do')
  })

  it('takes over lists at the start of a run, and gives up what they drop and nobody else names', async () => {
    await write('sync_targets:\n  - id: "001"\n    note: 営業\n  - id: "031"\n  - id: "032"\n')
    const report = await sync()
    assert.deepEqual([report.lists[0]?.failure, report.lists[0]?.added], [null, 3])
    assert.deepEqual([report.rows.inserted, report.equal], [2, true])
    assert.deepEqual((await targets(world.app, world.master))[0], {
      id: '001',
      note: '更新',
      lists: ['lists/sales.yaml', 'table'],
    })
    const kept = await removeTargets(world.app, world.master, ['001', '031'])
    assert.deepEqual(
      kept.map(({ result, lists }) => [result, lists]),
      [
        ['named_by_list', ['lists/sales.yaml']],
        ['named_by_list', ['lists/sales.yaml']],
      ],
    )
    await write('sync_targets:\n  - id: "032"\n')
    const less = await sync()
    assert.deepEqual([less.lists[0]?.removed, less.rows.removed], [2, 2])
    const unread = await sync()
    assert.deepEqual([unread.outcome, unread.lists[0]?.entries], ['nothing_to_do', 1])
    const { changes: told } = await targetHistory(world.app, world.master, '001', 10)
    assert.deepEqual(
      told.map(({ what, list }) => [what, list]),
      [
        ['removed', 'lists/sales.yaml'],
        ['removed', 'table'],
        ['added', 'lists/sales.yaml'],
        ['changed', 'table'],
        ['added', 'table'],
      ],
    )
  })

  it('is applied from a file and exported to one', async () => {
    const file = join(world.app.mastersFolder, 'lists', 'once.csv')
    await writeFile(file, 'id,note\n033,一度\n034,\n')
    const { added, applied } = await applyTargets(world.app, world.master, file, YES)
    assert.deepEqual([added.rows, applied], [2, true])
    const only = await sync({ only: [['033'], ['034']] as never })
    assert.deepEqual([only.failure, only.rows.inserted], [null, 2])
    assert.deepEqual(
      await exportTargets(world.app, world.master, join(world.app.mastersFolder, 'lists', 'o.yaml')),
      {
        list: join(world.app.mastersFolder, 'lists', 'o.yaml'),
        entries: (await targets(world.app, world.master)).length,
      },
    )
    const unknown = await sync({ only: [['035']] as never })
    assert.equal(unknown.failure?.code, 'ID_UNKNOWN')
  })

  it('goes into a table, whole, when the master is given one', async () => {
    const before = (await targets(world.app, world.master)).map(({ id, note }) => [id, note])
    await world.rewrite({
      targets: { table: 'public.targets', notes: true, lists: ['lists/sales.yaml'] },
    })
    await setUp(world.app, world.master, { withTargets: true })
    const report = await sync()
    assert.deepEqual([report.failure, report.outcome], [null, 'nothing_to_do'])
    assert.deepEqual(await texts(world.source, 'select * from targets order by 1'), before)
  })
})

describe('a list that moves between tables and the ledger', () => {
  let world: World
  let sync: DirectRun
  const inTable = async (table: string) =>
    (await texts(world.source, `select id from ${table} order by id`)).map(([id]) => id)
  before(async () => {
    world = await createWorld({
      source: `create table orgs (id text primary key, name text);
        create table targets (id text primary key, note text); create table others (id text primary key);
        insert into orgs select lpad(n::text, 3, '0'), '病院' || n from generate_series(1, 40) n;
        insert into targets values ('001', '手で')`,
      master: { targets: { lists: ['lists/sales.yaml'] } },
    })
    sync = directRun(world)
    await mkdir(join(world.app.mastersFolder, 'lists'))
    await writeFile(join(world.app.mastersFolder, 'lists/sales.yaml'), 'sync_targets:\n  - id: "002"\n')
    await sync()
  })
  after(() => world.close())

  it('loses nothing that stood there by hand', async () => {
    await world.rewrite(LEDGER)
    assert.equal((await sync()).outcome, 'nothing_to_do')
    await add(world, ['003'])
    await sync()
    await world.rewrite({ targets: { table: 'public.others' } })
    const report = await sync()
    assert.deepEqual([report.failure, report.outcome], [null, 'nothing_to_do'])
    assert.deepEqual(await inTable('others'), ['001', '002', '003'])
    assert.deepEqual(await inCloud(world), ['001', '002', '003'])
    await removeTargets(world.app, world.master, ['003'])
    await sync()
    assert.deepEqual(await inCloud(world), ['001', '002'])
  })
})

describe('a list that the ledger alone holds, and changes while a run is under way', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      source: `create table orgs (id text primary key, name text);
        insert into orgs select 'M' || n, '病院' || n from generate_series(1, 9) n`,
      master: LEDGER,
    })
  })
  after(() => world.close())

  it('keeps a row whose id came back before it was removed', async () => {
    const sync = directRun(world)
    await add(world, ['M1', 'M2', 'M3'])
    await sync()
    await removeTargets(world.app, world.master, ['M1', 'M2'])
    await world.cloud.query(`
      create function put_back() returns trigger language plpgsql as $$
      begin
        insert into master_sync.target_entries (master, key, list, pending)
        select r.master, '{M1}', 'table', 'place' from master_sync.runs r where r.run = new.run on conflict do nothing;
        return null;
      end $$;
      create trigger put_back after insert on master_sync.plan_rows for each row execute function put_back()`)
    const report = await sync()
    await world.cloud.query('drop trigger put_back on master_sync.plan_rows')
    assert.deepEqual([report.failure, report.rows.removed, report.rows.moved], [null, 1, 1])
    assert.deepEqual(await inCloud(world), ['M1', 'M3'])
    assert.equal((await sync()).outcome, 'nothing_to_do')
  })
})

describe('a list that the ledger alone holds, of ids that are not written as the source writes them', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      source: `create table orgs (id bigint primary key, name text);
        insert into orgs select n, '病院' || n from generate_series(60, 90) n;
        insert into orgs values (9223372036854775807, '最大'), (-5, '負')`,
      master: LEDGER,
    })
  })
  after(() => world.close())

  it('brings only what is the very same, and tells what was probably meant', async () => {
    const sync = directRun(world)
    const added = await add(world, ['70', '0071', 'M-1', '9223372036854775807', '9223372036854775808', '-5'])
    assert.deepEqual(
      added.map(({ id, in_source, did_you_mean }) => [id, in_source, did_you_mean]),
      [
        ['70', true, null],
        ['0071', false, '71'],
        ['M-1', false, null],
        ['9223372036854775807', true, null],
        ['9223372036854775808', false, null],
        ['-5', true, null],
      ],
    )
    const report = await sync()
    assert.deepEqual([report.failure, report.targets, report.missing, report.equal], [null, 6, 3, true])
    assert.deepEqual(await inCloud(world), ['-5', '70', '9223372036854775807'])
  })

  it('brings single ids at once', async () => {
    await add(world, ['61'])
    const report = await world.sync({ only: ['61'] })
    assert.deepEqual(
      [report.failure, report.only, report.targets, report.rows.inserted, report.equal],
      [null, 1, 1, 1, true],
    )
    await assert.rejects(world.sync({ only: ['62'] }), { code: 'ID_UNKNOWN' })
  })

  it('keeps no notes unless the master says so, which is told before anything is added', async () => {
    await assert.rejects(add(world, ['72'], 'メモ'), { code: 'NOTE_NOT_KEPT' })
    assert.ok(!(await targets(world.app, world.master)).some(({ id }) => id === '72'))
  })
})

describe('a list that the ledger alone holds, whatever its ids are', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      source: 'create table orgs (id text, part text, name text, primary key (id, part))',
      master: { ...LEDGER, source: { key: ['id', 'part'] }, removals: { gone: 'delete' } },
      env: { SEGMENT_ROWS: '10', BATCH_ROWS: '10' },
    })
  })
  after(() => world.close())

  it('gives the cloud the rows of the source that it names, and no others', async () => {
    const sync = directRun(world)
    const part = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }).filter((text) => !/[\0]|^\s|\s$/u.test(text)),
      fc.constantFrom('a', 'b', 'あ', '𠮷', 'Z', '"', ',', '\uFFFD', '\uE000'),
    )
    const key = fc.tuple(part, part)
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 40, selector: (pair) => pair.join('\u0001') }),
        fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 40, maxLength: 40 }),
        async (keys, where) => {
          const among = (of: 0 | 1) => keys.filter((_, index) => where[index]?.[of] === true)
          await world.source.query('truncate orgs')
          await world.cloud.query(`delete from master_sync.target_entries`)
          for (const pair of among(0)) await world.source.query('insert into orgs values ($1, $2, $1)', pair)
          const ids = among(1).map((pair) => pair.map((text) => `"${text.replaceAll('"', '""')}"`).join(','))
          if (ids.length > 0) await add(world, ids)
          const report = await sync({ approve: true })
          assert.equal(report.failure, null)
          assert.equal(report.equal, true)
          const expected = keys.filter((_, index) => where[index]?.every(Boolean) === true)
          const found = await texts(world.cloud, 'select id, part from orgs')
          assert.deepEqual(new Set(found.map(String)), new Set(expected.map(String)))
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('a list that the ledger alone holds, with a role that may only select', () => {
  let made: ThreeRoleWorld
  before(async () => {
    made = await createThreeRoleWorld({
      source: `create table orgs (id text primary key, name text);
        insert into orgs select 'M' || n, '病院' || n from generate_series(1, 9) n`,
      master: LEDGER,
    })
  })
  after(() => made.close())

  it('is kept and brought, with the printed grants and nothing more', async () => {
    const { world } = made
    assert.deepEqual(
      (await add(world, ['M1', 'M2'])).map(({ result }) => result),
      ['added', 'added'],
    )
    const report = await directRun(world)()
    assert.deepEqual([report.failure, report.rows.inserted, report.equal], [null, 2, true])
    const onPrem = made.scripts.filter(({ side }) => side === 'source').flatMap(({ sql }) => sql.split(';'))
    const inserting = onPrem.filter(
      (statement) => statement.includes('grant') && statement.includes('insert'),
    )
    assert.ok(inserting.every((statement) => statement.includes(`${made.prefix}_importer`)))
  })
})

describe('a list that the ledger alone holds, beside a source in another encoding', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      source: `create table orgs (id text primary key, name text); insert into orgs values ('医1', '病院')`,
      encoding: 'EUC_JP',
      master: LEDGER,
    })
  })
  after(() => world.close())

  it('refuses an id with a character that the source lacks, with its place', async () => {
    await assert.rejects(add(world, ['医1', '😀']), { code: 'ID_INVALID' })
    const file = join(world.app.mastersFolder, '..', 'list.csv')
    await writeFile(file, 'id\n医1\n😀\n')
    await assert.rejects(applyTargets(world.app, world.master, file, YES), (error: Error) => {
      assert.match(error.message, /list\.csv:3:1 😀 has a character/u)
      return true
    })
    await add(world, ['医1'])
    const report = await directRun(world)()
    assert.deepEqual([report.failure, report.rows.inserted, report.equal], [null, 1, true])
  })
})
