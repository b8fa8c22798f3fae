import assert from 'node:assert/strict'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { targetHistory } from '../../operations/targets/history.js'
import { clearMoves } from '../../db/list-moves.js'
import { takeStaged } from '../../db/take-staged.js'
import { examineLists } from '../../operations/doctor/lists.js'
import { openGiven } from '../../operations/targets/open.js'
import { openList } from '../../targets/open.js'
import { stageReading } from '../../targets/stage-reading.js'
import { directRun, type DirectRun } from '../support/direct-run.js'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 3, '0'), '病院' || n from generate_series(1, 30) n`

const yaml = (entries: Readonly<Record<string, string>>): string =>
  `sync_targets:\n${Object.entries(entries)
    .map(([id, note]) => `  - id: ${id}\n    note: "${note}"\n`)
    .join('')}`

describe('lists beside the on-prem table', () => {
  let world: World
  let sync: DirectRun
  const write = (name: string, text: string): Promise<void> =>
    writeFile(join(world.app.mastersFolder, name), text)
  const table = () => texts(world.source, 'select id, note from targets order by id')
  const inCloud = async () => (await texts(world.cloud, 'select id from orgs order by id')).map(([id]) => id)
  const readOf = ({ lists }: Awaited<ReturnType<DirectRun>>) =>
    lists.map(({ list, entries, added, changed, removed, failure }) => [
      list,
      entries,
      added,
      changed,
      removed,
      failure?.code ?? null,
    ])

  before(async () => {
    world = await createWorld({
      source: SOURCE,
      master: { targets: { lists: ['lists/sales.yaml', 'lists/support.csv'], notes: true } },
    })
    sync = directRun(world)
    await mkdir(join(world.app.mastersFolder, 'lists'))
    await write('lists/support.csv', 'id,note\n003,サポート\n004,\n')
    await write('lists/sales.yaml', yaml({ '001': '導入済み', '002': '導入予定', '003': '営業' }))
    await world.source.query(`insert into targets values ('010', '手で登録')`)
  })
  after(() => world.close())

  it('are read into it at the start of a run, before the rows are brought', async () => {
    const report = await sync()
    assert.equal(report.failure, null)
    assert.deepEqual(readOf(report), [
      ['lists/sales.yaml', 3, 3, 0, 0, null],
      ['lists/support.csv', 2, 2, 0, 0, null],
    ])
    assert.deepEqual(await table(), [
      ['001', '導入済み'],
      ['002', '導入予定'],
      ['003', '営業'],
      ['004', null],
      ['010', '手で登録'],
    ])
    assert.deepEqual(await inCloud(), ['001', '002', '003', '004', '010'])
  })

  it('change nothing when they have not changed', async () => {
    const report = await sync()
    assert.deepEqual([report.outcome, report.rows.unchanged], ['nothing_to_do', 5])
    assert.deepEqual(readOf(report), [
      ['lists/sales.yaml', 3, 0, 0, 0, null],
      ['lists/support.csv', 2, 0, 0, 0, null],
    ])
  })

  it('take out only what they put in, and what no other list names', async () => {
    await world.source.query(`insert into targets values ('011', '直接')`)
    await sync()
    await write('lists/sales.yaml', yaml({ '002': '導入済み', '011': '営業も' }))
    const report = await sync()
    assert.deepEqual(readOf(report)[0], ['lists/sales.yaml', 2, 1, 1, 2, null])
    assert.deepEqual(await table(), [
      ['002', '導入済み'],
      ['003', 'サポート'],
      ['004', null],
      ['010', '手で登録'],
      ['011', '直接'],
    ])
    await write('lists/sales.yaml', yaml({ '002': '導入済み' }))
    await sync()
    assert.deepEqual(
      (await table()).map(([id]) => id),
      ['002', '003', '004', '010', '011'],
    )
  })

  it('put back what someone took out of the table by hand', async () => {
    await world.source.query(`delete from targets where id in ('002', '010')`)
    await sync()
    assert.deepEqual(
      (await table()).map(([id]) => id),
      ['002', '003', '004', '011'],
    )
  })

  it('that cannot be read leave in force what was read of them before, and the run says so', async () => {
    await write('lists/support.csv', 'id,note\n003,"サポート\n')
    await write('lists/sales.yaml', 'sync_targets: [')
    const report = await sync()
    assert.deepEqual(
      report.lists.map(({ failure }) => failure?.code),
      ['LIST_INVALID', 'LIST_INVALID'],
    )
    const examined = await examineLists(world.app, world.master)
    assert.deepEqual(
      examined.map(({ check, findings }) => [check.ok, check.seen, findings.map(({ code }) => code)]),
      [[false, 'the table may be written', ['LIST_INVALID', 'LIST_INVALID']]],
    )
    await rm(join(world.app.mastersFolder, 'lists/sales.yaml'))
    const again = await sync()
    assert.deepEqual(
      again.lists.map(({ failure }) => failure?.code),
      ['LIST_UNREADABLE', 'LIST_INVALID'],
    )
    assert.deepEqual(
      (await table()).map(([id]) => id),
      ['002', '003', '004', '011'],
    )
  })

  it('are read by a plan as well, which stores nothing', async () => {
    await write('lists/sales.yaml', yaml({ '002': '導入済み', '020': '新規' }))
    const plan = await sync({ mode: 'plan' })
    assert.deepEqual(readOf(plan)[0], ['lists/sales.yaml', 2, 1, 0, 0, null])
    assert.equal((await table()).length, 4)
    await sync()
    assert.equal((await table()).length, 5)
  })

  it('of the ids that the cloud holds are written after a run, where the file says, and only when they are others or the file is gone', async () => {
    const held = () => readFile(join(world.app.mastersFolder, 'lists/held.csv'), 'utf8')
    await world.rewrite({
      targets: { lists: ['lists/sales.yaml'], publish: ['lists/held.csv', 'nowhere/held.yaml'], notes: true },
    })
    const report = await sync()
    assert.deepEqual(
      report.published.map(({ list, entries, failure }) => [list, entries, failure?.code ?? null]),
      [
        ['lists/held.csv', 5, null],
        ['nowhere/held.yaml', null, 'LIST_UNREADABLE'],
      ],
    )
    assert.match(await held(), /002.*導入済み[^]*020.*新規/u)
    const path = join(world.app.mastersFolder, 'lists/held.csv')
    const { ino } = await stat(path)
    await sync()
    assert.equal((await stat(path)).ino, ino)
    await rm(path)
    await sync()
    assert.match(await held(), /002.*導入済み[^]*020.*新規/u)
    await world.source.query(`insert into targets values ('021', '追加')`)
    await sync()
    assert.match(await held(), /021.*追加/u)
  })

  it('are the same lists in a command, from wherever it is given', () => {
    const named = openGiven(world.app, world.master, join(world.app.mastersFolder, 'lists/sales.yaml'))
    assert.equal(named.uri, 'lists/sales.yaml')
    assert.equal(openGiven(world.app, world.master, 'other.csv').uri, 'other.csv')
  })

  it('whose ids the table refuses leave it as it is', async () => {
    await world.source.query(`alter table targets add dept text not null default 'x'`)
    await world.source.query('alter table targets alter dept drop default')
    await world.rewrite({ targets: { lists: ['lists/sales.yaml'], notes: true } })
    await write('lists/sales.yaml', yaml({ '002': '導入済み', '020': '新規', '025': '部署が無い' }))
    const report = await sync()
    assert.deepEqual([report.failure, report.lists[0]?.failure?.code], [null, 'STATEMENT_REFUSED'])
    await world.source.query('alter table targets drop dept')
    await sync()
    assert.ok((await table()).some(([id]) => id === '025'))
    await write('lists/sales.yaml', yaml({ '002': '導入済み', '020': '新規' }))
    await sync()
  })

  it('that were taken over by half, for a worker was killed, are settled by the next run', async () => {
    await world.rewrite({ targets: { lists: ['lists/sales.yaml'], notes: true } })
    await write('lists/sales.yaml', yaml({ '002': '解約予定', '022': '新規' }))
    await world.app.onCloud(world.master, async (cloud) => {
      const list = openList('lists/sales.yaml', { columns: ['id'], folder: world.app.mastersFolder })
      await stageReading(cloud, list, () => undefined)
      await clearMoves(cloud)
      const taken = { master: world.name, list: 'lists/sales.yaml', notes: true }
      await takeStaged(cloud, taken, { run: null, by: '営業' })
    })
    await sync()
    assert.deepEqual(
      (await table()).filter(([id]) => ['002', '020', '022'].includes(id ?? '')),
      [
        ['002', '解約予定'],
        ['022', '新規'],
      ],
    )
    const byHand = await texts(
      world.cloud,
      `select key[1] from master_sync.target_entries where list = 'table' order by key`,
    )
    assert.deepEqual(byHand, [['011'], ['021']])
    await write('lists/sales.yaml', yaml({ '002': '導入済み', '020': '新規' }))
    await sync()
  })

  it('are remembered in the cloud: which names which id, and what changed when', async () => {
    const entries = await texts(
      world.cloud,
      `select key[1], list, note, pending from master_sync.target_entries order by key, list`,
    )
    assert.deepEqual(entries, [
      ['002', 'lists/sales.yaml', '導入済み', null],
      ['003', 'lists/support.csv', 'サポート', null],
      ['004', 'lists/support.csv', null, null],
      ['011', 'table', '直接', null],
      ['020', 'lists/sales.yaml', '新規', null],
      ['021', 'table', '追加', null],
    ])
    const { changes: story } = await targetHistory(world.app, world.master, '001', 10)
    assert.deepEqual(
      story.map(({ list, what, note }) => [list, what, note]),
      [
        ['lists/sales.yaml', 'removed', '導入済み'],
        ['lists/sales.yaml', 'added', '導入済み'],
      ],
    )
    const { changes: changed } = await targetHistory(world.app, world.master, '002', 10)
    assert.deepEqual(
      changed.map(({ what, note }) => [what, note]),
      [
        ['changed', '導入済み'],
        ['changed', '解約予定'],
        ['changed', '導入済み'],
        // With which note it was added is not known any more.
        ['added', null],
      ],
    )
  })
})
