import assert from 'node:assert/strict'
import { removeTargets } from '../../operations/targets/edit.js'
import { directRun, type DirectRun } from '../support/direct-run.js'
import { texts, type World } from '../support/world.js'
import { ask, counts, createReplacing, listed, outside, replacements, rows } from './replacing.js'

const ONLY = { only: [['b01']] } as unknown as NonNullable<Parameters<DirectRun>[0]>

describe('a code that was issued anew', () => {
  let world: World
  let run: DirectRun
  beforeEach(async () => {
    world = await createReplacing()
    run = directRun(world)
    await run()
  })
  afterEach(() => world.close())

  it('gets what people wrote in the old row, which is marked with it, and leaves the list', async () => {
    await world.cloud.query(
      `update orgs set phone = '電話', url = 'https://a', remarks = '覚え' where id = 'a01'`,
    )
    await ask(world)
    assert.deepEqual(await listed(world), ['a01 営業 #1', 'b01 営業 #1'])
    assert.deepEqual(await replacements(world), ['a01 b01 pending'])
    const report = await run(ONLY)
    assert.deepEqual(
      [report.outcome, counts(report), report.equal],
      ['completed', { inserted: 1, marked: 1 }, true],
    )
    assert.deepEqual(await rows(world, 'a01', 'b01'), [
      'a01|旧|電話|https://a|覚え|replaced by b01',
      'b01|新|電話|https://a|覚え',
    ])
    assert.deepEqual(await outside(world), ['a01 replaced'])
    assert.deepEqual(await listed(world), ['b01 営業 #1'])
    assert.deepEqual(await replacements(world), ['a01 b01 2 phone,remarks,url'])
    const left = await texts(
      world.cloud,
      `select key[1], what, run, changed_by is not null from master_sync.target_changes`,
    )
    assert.deepEqual(left, [['a01', 'removed', '2', 't']])
  })

  it('keeps what was carried as edits of its own, and nothing is written any more', async () => {
    await world.cloud.query(`update orgs set phone = '電話', url = 'https://a' where id = 'a01'`)
    await ask(world)
    await run(ONLY)
    const before = await texts(world.cloud, 'select xmin, ctid from orgs order by id')
    for (const mode of ['apply', 'apply', 'verify'] as const) {
      const report = await run({ mode })
      assert.deepEqual([report.outcome, counts(report), report.equal], ['nothing_to_do', {}, true])
    }
    assert.deepEqual(await texts(world.cloud, 'select xmin, ctid from orgs order by id'), before)
    await world.source.query(
      `update orgs set phone = '012', url = 'https://b', name = '新名' where id = 'b01'`,
    )
    const moved = await run()
    assert.equal(moved.rows.conflicts, 1)
    assert.deepEqual(await rows(world, 'b01'), ['b01|新名|電話|https://a|旧備考'])
  })

  it('gets no cell in which people wrote nothing, nor one in which they wrote in the new row', async () => {
    await world.source.query(
      `insert into targets values ('b01', '先'); update orgs set remarks = '新備考' where id = 'b01'`,
    )
    await run()
    await world.cloud.query(`
      update orgs set phone = '電話', remarks = '覚え' where id = 'a01';
      update orgs set phone = '別' where id = 'b01'`)
    await ask(world)
    const report = await run(ONLY)
    assert.deepEqual(counts(report), { marked: 1 })
    assert.deepEqual(await replacements(world), ['a01 b01 3  phone,remarks'])
    assert.deepEqual(await rows(world, 'b01'), ['b01|新|別||新備考'])
    assert.deepEqual(await listed(world), ['b01 先'])
  })

  it('gets what a row that was there before lacks', async () => {
    await world.source.query(`insert into targets values ('b01')`)
    await run()
    await world.cloud.query(`update orgs set phone = null, url = 'https://a' where id = 'a01'`)
    await ask(world)
    const report = await run()
    assert.deepEqual(
      [report.outcome, counts(report), report.equal],
      ['completed', { updated: 1, marked: 1 }, true],
    )
    assert.deepEqual(await rows(world, 'b01'), ['b01|新|null|https://a|旧備考'])
  })

  it('waits on the list until the source has it, and the old row stays as it is', async () => {
    await world.source.query(`delete from orgs where id = 'b01'`)
    await world.cloud.query(`update orgs set phone = '電話' where id = 'a01'`)
    await ask(world)
    assert.equal((await run()).outcome, 'nothing_to_do')
    assert.deepEqual([await outside(world), await listed(world)], [[], ['a01 営業 #1', 'b01 営業 #1']])
    await world.source.query(
      `delete from orgs where id = 'a01'; insert into orgs values ('b01', '新', '012', '', null)`,
    )
    const report = await run()
    assert.deepEqual([counts(report), report.equal], [{ inserted: 1, marked: 2 }, true])
    assert.deepEqual(await rows(world, 'a01', 'b01'), [
      'a01|旧|電話||旧備考|replaced by b01',
      'b01|新|電話||旧備考',
    ])
    assert.deepEqual([await outside(world), await listed(world)], [['a01 replaced'], ['b01 営業 #1']])
  })

  it('finds the old row also where it would be deleted for being gone', async () => {
    await world.rewrite({
      columns: { phone: 'keep_edits', remarks: 'insert_only' },
      lock: 'locked',
      removals: { untargeted: 'delete', gone: 'delete' },
    })
    await ask(world)
    await world.cloud.query(`update orgs set phone = '電話', remarks = '覚え' where id = 'a01'`)
    await world.source.query(`delete from orgs where id in ('a01', 'b01')`)
    assert.deepEqual([counts(await run()), await outside(world)], [{}, []])
    await world.source.query(`insert into orgs values ('b01', '新', '012', '', null)`)
    const report = await run()
    assert.deepEqual([report.outcome, await outside(world)], ['completed', ['a01 replaced']])
    assert.deepEqual(await rows(world, 'b01'), ['b01|新|電話||覚え'])
  })

  it('is not waited for any more where it has been taken off the list itself', async () => {
    await world.source.query(`delete from orgs where id = 'b01'`)
    await ask(world)
    await run()
    await removeTargets(world.app, world.master, ['a01'])
    assert.deepEqual(counts(await run()), {})
    await removeTargets(world.app, world.master, ['b01'])
    assert.deepEqual(counts(await run()), { removed: 1 })
  })

  for (const [what, query] of [
    ['deleted', `delete from orgs where id = 'a01'`],
    ['never brought', ''],
  ] as const)
    it(`needs no old row: ${what}`, async () => {
      if (query === '') await world.source.query(`insert into targets values ('z99', '未着')`)
      else await world.cloud.query(query)
      const old = query === '' ? 'z99' : 'a01'
      await ask(world, old)
      const report = await run(ONLY)
      assert.deepEqual([report.outcome, counts(report)], ['completed', { inserted: 1 }])
      assert.deepEqual(await rows(world, old, 'b01'), ['b01|新|011||null'])
      assert.deepEqual(await replacements(world), [`${old} b01 2`])
      assert.ok((await listed(world)).every((entry) => !entry.startsWith(old)))
      await run()
      assert.deepEqual(counts(await run()), {})
      assert.deepEqual([await rows(world, old), await outside(world)], [[], []])
    })

  it('leaves a locked old row unmarked, and waits for a locked new one', async () => {
    await world.source.query(`insert into targets values ('b01')`)
    await run()
    await world.cloud.query(`update orgs set phone = '電話' where id = 'a01'; update orgs set locked = true`)
    await ask(world)
    assert.deepEqual(counts(await run(ONLY)), { locked: 7 })
    assert.deepEqual([await replacements(world), await outside(world)], [['a01 b01 pending'], []])
    await world.cloud.query(`update orgs set locked = false where id = 'b01'`)
    await run()
    assert.deepEqual(await rows(world, 'a01', 'b01'), ['a01|旧|電話||旧備考', 'b01|新|電話||旧備考'])
    assert.deepEqual([await outside(world), await listed(world)], [['a01 replaced'], ['b01']])
  })

  it('takes the place of a row that was marked or kept before, and keeps since when', async () => {
    await world.source.query(`delete from orgs where id = 'a01'`)
    await run()
    const since = await texts(world.cloud, `select sync_removed_at from orgs where id = 'a01'`)
    assert.deepEqual(await outside(world), ['a01 marked_gone'])
    await ask(world)
    await run()
    assert.deepEqual(await rows(world, 'a01'), ['a01|旧|011||旧備考|replaced by b01'])
    assert.deepEqual(await texts(world.cloud, `select sync_removed_at from orgs where id = 'a01'`), since)
  })

  it('gives way when the old id is listed again, and then its row is compared like any other', async () => {
    await ask(world)
    await run(ONLY)
    await world.source.query(
      `insert into targets values ('a01', '復活'); update orgs set name = '再' where id = 'a01'`,
    )
    const report = await run()
    assert.deepEqual([counts(report), report.equal], [{ updated: 1 }, true])
    assert.deepEqual([await rows(world, 'a01'), await outside(world)], [['a01|再|011||旧備考'], []])
    assert.deepEqual(await listed(world), ['a01 復活', 'b01 営業 #1'])
  })

  it('may itself be issued anew, and in one run with the one before', async () => {
    await world.source.query(`insert into orgs values ('d01', '次', '011', '', null)`)
    await world.cloud.query(`update orgs set phone = '電話' where id = 'a01'`)
    await ask(world)
    await ask(world, 'b01', 'd01')
    await run()
    assert.deepEqual(await rows(world, 'a01', 'b01', 'd01'), [
      'a01|旧|電話||旧備考|replaced by b01',
      'b01|新|電話||旧備考|replaced by d01',
      'd01|次|電話||旧備考',
    ])
    assert.deepEqual(await listed(world), ['d01 営業 #1'])
  })

  it('may be asked for otherwise, and the other way round, until it is done', async () => {
    await ask(world, 'a01', 'c01')
    await ask(world, 'c01', 'a01')
    assert.deepEqual(await replacements(world), ['c01 a01 pending'])
    await ask(world, 'c01', 'b01')
    await run()
    assert.deepEqual(await replacements(world), ['c01 b01 2'])
  })

  it('waits while the master is on hold, unless a person approves', async () => {
    await world.source.query(`insert into targets values ('b01')`)
    await run()
    await ask(world)
    await world.cloud.query(
      `insert into master_sync.masters (master, hold) values ('${world.name}', '{"reason":"x","by":"y","at":""}')
       on conflict (master) do update set hold = excluded.hold`,
    )
    await run(ONLY)
    assert.deepEqual(await replacements(world), ['a01 b01 pending'])
    await run({ approve: true })
    assert.deepEqual(await replacements(world), ['a01 b01 4 remarks'])
  })
})
