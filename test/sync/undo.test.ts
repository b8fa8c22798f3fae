import assert from 'node:assert/strict'
import type { RunReport } from '../../core/report.js'
import { until } from '../support/gates.js'
import { createWorld, texts, type World } from '../support/world.js'
import { approved, left, standing, undo } from '../support/undoing.js'

/** Every test has ids of its own, and runs that look at these alone. */
const SOURCE = `
  create table orgs (id text primary key, name text, phone text, fax text, note text);
  create table targets (id text primary key);
  insert into orgs select 'A' || n, '病院' || n, '03-' || n, case when n % 2 = 0 then 'f' || n end, 'memo'
    from generate_series(1, 60) n;
  insert into targets select 'A' || n from generate_series(1, 49) n`

const MASTER = {
  columns: { phone: 'keep_edits', fax: 'fill_empty', note: 'insert_only' },
  lock: 'locked',
  removals: { untargeted: 'delete', gone: 'mark' },
}

describe('undo', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE, master: MASTER })
    await world.cloud.query(`
      alter table orgs add column memo text, add column seen timestamptz;
      create table visits (org text references orgs (id) on delete cascade)`)
    await world.sync()
  })
  after(() => world.close())

  const source = (sql: string) => world.source.query(sql)
  const cloud = (sql: string) => world.cloud.query(sql)
  const of = (id: string, columns: string) =>
    texts(world.cloud, `select ${columns} from orgs where id = '${id}'`).then(([row]) => row)

  /** A run over the ids, taken back: all is as it was before. */
  async function andBack(...ids: readonly string[]): Promise<readonly [RunReport, RunReport]> {
    const before = await standing(world)
    const run = await approved(world, ...ids)
    assert.notDeepEqual(await standing(world), before, 'the run did nothing')
    const undone = await undo(world, run.run)
    assert.deepEqual(await left(world, undone.run), [])
    assert.deepEqual(await standing(world), before)
    return [run, undone]
  }

  it('puts values back, with what was known of the row', async () => {
    await source(
      `update orgs set name = '改称', phone = '06', fax = 'g1', note = 'other' where id in ('A1', 'A2')`,
    )
    const [run, undone] = await andBack('A1', 'A2')
    assert.equal(run.rows.updated, 2)
    assert.deepEqual([undone.kind, undone.undoes, undone.outcome], ['undo', run.run, 'completed'])
    assert.deepEqual([undone.rows.updated, undone.rows.moved], [2, 0])
  })

  it('forgets the conflicts that the run found, and finds those again that it closed', async () => {
    await cloud(`update orgs set phone = 'cloud' where id = 'A3'`)
    await source(`update orgs set phone = 'source' where id = 'A3'`)
    await andBack('A3')
    const conflict = await approved(world, 'A3')
    assert.equal(conflict.rows.conflicts, 1)
    await cloud(`update orgs set phone = 'source' where id = 'A3'`)
    await andBack('A3')
  })

  it('inserts rows again that the run deleted, with the columns that are the cloud’s own', async () => {
    await cloud(
      `update orgs set memo = '手書き', seen = '2026-01-02 03:04:05.678901+09', note = null where id = 'A4'`,
    )
    await source(`delete from targets where id in ('A4', 'A5')`)
    const [run, undone] = await andBack('A4', 'A5')
    assert.deepEqual([run.rows.removed, undone.rows.inserted], [2, 2])
  })

  it('takes marks off, and puts them on again that the run took off', async () => {
    await source(`delete from orgs where id = 'A6'`)
    await andBack('A6')
    assert.equal((await approved(world, 'A6')).rows.marked, 1)
    await source(`insert into orgs values ('A6', 'back')`)
    await andBack('A6')
  })

  it('deletes rows that the run inserted', async () => {
    await source(`insert into targets values ('A50'), ('A51')`)
    const [run, undone] = await andBack('A50', 'A51')
    assert.deepEqual([run.rows.inserted, undone.rows.removed], [2, 2])
  })

  it('deletes rows again that the run brought back', async () => {
    await cloud(`delete from orgs where id = 'A7'`)
    const [run, undone] = await andBack('A7')
    assert.deepEqual([run.rows.restored, undone.rows.removed], [1, 1])
  })

  it('releases rows that the run took over', async () => {
    await cloud(`insert into orgs (id, name, phone) values ('A52', 'own', 'own'), ('A53', '病院53', '03-53')`)
    await source(`insert into targets values ('A52'), ('A53')`)
    const [run] = await andBack('A52', 'A53')
    assert.equal(run.rows.adopted, 2)
  })

  it('takes back what the run noted in the ledger alone', async () => {
    // Declined for its lock.
    await cloud(`update orgs set locked = true where id = 'A8'`)
    await source(`update orgs set name = 'later' where id = 'A8'`)
    await andBack('A8')
    // Let go.
    await approved(world, 'A52')
    await source(`delete from targets where id = 'A52'`)
    await andBack('A52')
  })

  it('leaves values that someone changed since, and says which', async () => {
    await source(`update orgs set name = '新', phone = 'new' where id in ('A10', 'A11', 'A12')`)
    const run = await approved(world, 'A10', 'A11', 'A12')
    await cloud(`update orgs set name = 'mine' where id = 'A10'; delete from orgs where id = 'A11';
      update orgs set name = '病院12', phone = '03-12' where id = 'A12'`)
    const undone = await undo(world, run.run)
    assert.deepEqual(await left(world, undone.run), [
      ['A10', 'edited', 'name'],
      ['A11', 'deleted', 'name,phone'],
    ])
    assert.deepEqual(await of('A10', 'name, phone'), ['mine', '03-10'])
    assert.deepEqual(await of('A12', 'name, phone'), ['病院12', '03-12'])
    assert.deepEqual([undone.rows.updated, undone.rows.moved], [1, 2])
  })

  it('leaves what a later run has worked on, but for values that are as they were left', async () => {
    await source(`update orgs set name = 'n1', phone = 'p1' where id = 'A13'`)
    const first = await approved(world, 'A13')
    await source(`update orgs set name = 'n2' where id = 'A13'`)
    await approved(world, 'A13')
    const undone = await undo(world, first.run)
    assert.deepEqual(await of('A13', 'name, phone'), ['n2', '03-13'])
    assert.deepEqual(await left(world, undone.run), [['A13', 'edited', 'name']])
    const [tracked] = await texts(
      world.cloud,
      `select bases ->> 'phone' from master_sync.tracked_rows where key = '{A13}'`,
    )
    assert.deepEqual(tracked, ['03-13'])
  })

  it('leaves rows that are locked, edited, referred to or there again', async () => {
    await source(`insert into targets values ('A54'), ('A55'), ('A56'), ('A57')`)
    const inserted = await approved(world, 'A54', 'A55', 'A56', 'A57')
    await cloud(`update orgs set locked = true where id = 'A54'; update orgs set phone = 'mine' where id = 'A55';
      insert into visits values ('A56')`)
    const first = await undo(world, inserted.run)
    assert.deepEqual(await left(world, first.run), [
      ['A54', 'locked', null],
      ['A55', 'edited', null],
      ['A56', 'referenced', null],
    ])
    assert.deepEqual([first.rows.removed, first.rows.moved], [1, 3])

    await source(`update orgs set name = 'x' where id = 'A14'; delete from targets where id = 'A15'`)
    const changed = await approved(world, 'A14', 'A15')
    await cloud(`update orgs set locked = true where id = 'A14'; insert into orgs (id) values ('A15')`)
    const second = await undo(world, changed.run)
    assert.deepEqual(await left(world, second.run), [
      ['A14', 'locked', 'name'],
      ['A15', 'present', null],
    ])
    // What was left can be taken back later.
    await cloud(`update orgs set locked = false where id = 'A14'; delete from orgs where id = 'A15'`)
    const third = await undo(world, changed.run)
    assert.deepEqual([third.rows.updated, third.rows.inserted, third.rows.moved], [1, 1, 0])
  })

  it('leaves what the cloud refuses, and takes the rest back', async () => {
    await source(
      `update orgs set name = 'y' where id in ('A16', 'A17'); delete from targets where id in ('A18', 'A19')`,
    )
    const run = await approved(world, 'A16', 'A17', 'A18', 'A19')
    await cloud(`alter table orgs add constraint fine check (name not in ('病院16', '病院18'))`)
    const undone = await undo(world, run.run)
    await cloud('alter table orgs drop constraint fine')
    assert.equal(undone.outcome, 'completed_with_rejects')
    assert.deepEqual([undone.rows.updated, undone.rows.inserted, undone.rows.rejected], [1, 1, 2])
    assert.deepEqual(await left(world, undone.run), [
      ['A16', 'refused', 'name'],
      ['A18', 'refused', null],
    ])
    const again = await undo(world, run.run)
    assert.deepEqual([again.rows.updated, again.rows.inserted], [1, 1])
  })

  it('can be taken back itself, and that again', async () => {
    await source(`
      update orgs set name = 'z', phone = 'z' where id = 'A20'; delete from targets where id = 'A21';
      delete from orgs where id = 'A22'; insert into targets values ('A58')`)
    await cloud(`delete from orgs where id = 'A23'; insert into orgs (id, name) values ('A59', 'own')`)
    await source(`insert into targets values ('A59')`)
    const before = await standing(world)
    const run = await approved(world, 'A20', 'A21', 'A22', 'A23', 'A58', 'A59')
    const done = await standing(world)
    let last = run.run
    for (const expected of [before, done, before, done]) {
      const undone = await undo(world, last)
      assert.deepEqual(await left(world, undone.run), [])
      assert.deepEqual(await standing(world), expected)
      last = undone.run
    }
    // Taken back and brought back, the run is in effect, and can be taken back again.
    await undo(world, run.run)
    assert.deepEqual(await standing(world), before)
  })

  it('waits for rows that someone else holds', async () => {
    await source(`update orgs set name = 'held' where id in ('A24', 'A25')`)
    const run = await approved(world, 'A24', 'A25')
    const client = await world.cloud.connect()
    await client.query(`begin; update orgs set memo = 'x' where id = 'A24'`)
    const undone = undo(world, run.run)
    await until('the row that nobody holds', async () => (await of('A25', 'name'))?.[0] === '病院25')
    await client.query('commit')
    client.release()
    assert.equal((await undone).rows.updated, 2)
    assert.deepEqual(await of('A24', 'name, memo'), ['病院24', 'x'])
  })

  it('leaves the master on hold until a person lifts it', async () => {
    await source(`update orgs set name = 'bad' where id = 'A26'`)
    const run = await approved(world, 'A26')
    await undo(world, run.run)
    const held = await world.sync()
    assert.deepEqual([held.outcome, held.rows.updated], ['awaiting_approval', 0])
    assert.match(held.held[0]?.reason ?? '', new RegExp(`run ${run.run}`, 'u'))
    assert.deepEqual(await of('A26', 'name'), ['病院26'])
  })
})
