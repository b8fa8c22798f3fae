import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addTargets, removeTargets } from '../../operations/targets/edit.js'
import { directRun, type DirectRun } from '../support/direct-run.js'
import type { MasterPatch, World } from '../support/world.js'
import { ask, counts, createReplacing, listed, outside, replacements, rows } from './replacing.js'

const EDITS = `update orgs set phone = '電話' where id = 'a01'`
const COMES = `insert into orgs values ('b01', '新', '011', '', null)`

/** a01 is to become b01, which the source does not have yet. */
async function waiting(
  master: MasterPatch = {},
): Promise<{ readonly world: World; readonly run: DirectRun }> {
  const world = await createReplacing(master)
  const run = directRun(world)
  await run()
  await world.source.query(`delete from orgs where id = 'b01'`)
  return { world, run }
}

describe('a replacement that was given up', () => {
  let world: World
  let run: DirectRun
  beforeEach(async () => {
    ;({ world, run } = await waiting({ targets: { lists: ['list.csv', 'other.csv'] } }))
    await world.cloud.query(EDITS)
    await list()
    await writeFile(join(world.app.mastersFolder, 'other.csv'), 'id\n')
  })
  afterEach(() => world.close())

  const list = (...ids: readonly string[]) =>
    writeFile(join(world.app.mastersFolder, 'list.csv'), ['id', ...ids, ''].join('\n'))

  const stays = async () => {
    assert.deepEqual(await outside(world), [])
    assert.deepEqual(await rows(world, 'a01', 'b01'), ['a01|旧|電話||旧備考', 'b01|新|011||null'])
    assert.ok((await listed(world)).some((entry) => entry.startsWith('a01')))
    assert.deepEqual(await replacements(world), [])
  }

  for (const runs of [0, 1])
    it(`is not carried out when the new id is listed again, ${runs} runs later`, async () => {
      await ask(world)
      await removeTargets(world.app, world.master, ['b01'])
      for (let index = 0; index < runs; index += 1) await run()
      await world.source.query(COMES)
      await addTargets(world.app, world.master, ['b01'], '別の施設')
      await run()
      await stays()
    })

  it('nor when its list drops it, and names it again', async () => {
    await list('b01')
    await run()
    await ask(world)
    await removeTargets(world.app, world.master, ['b01'])
    await run()
    assert.deepEqual(await replacements(world), ['a01 b01 pending'])
    await list()
    await run()
    await world.source.query(COMES)
    await list('b01')
    await run()
    await stays()
  })

  it('nor when people take it out of the table themselves, and write it there again', async () => {
    await ask(world)
    await world.source.query(`delete from targets where id = 'b01'`)
    await run()
    await world.source.query(`${COMES}; insert into targets values ('b01')`)
    await run()
    await stays()
  })

  it('stands while the new id moves from one list to another', async () => {
    await ask(world)
    await list('b01')
    await run()
    await removeTargets(world.app, world.master, ['b01'])
    await list()
    await writeFile(join(world.app.mastersFolder, 'other.csv'), 'id\nb01\n')
    await run()
    await world.source.query(COMES)
    await run()
    assert.deepEqual(await outside(world), ['a01 replaced'])
  })
})

describe('a replacement that was given up, of a master whose runs read no lists', () => {
  it('is not carried out when the new id is written into the table again', async () => {
    const { world, run } = await waiting()
    try {
      await ask(world)
      await world.source.query(`delete from targets where id = 'b01'`)
      await run()
      await world.source.query(`${COMES}; insert into targets values ('b01')`)
      await run()
      assert.deepEqual([await outside(world), await replacements(world)], [[], []])
    } finally {
      await world.close()
    }
  })
})

describe('the old row of a replacement that waits', () => {
  async function inWaiting(master: MasterPatch, test: (world: World, run: DirectRun) => Promise<void>) {
    const { world, run } = await waiting(master)
    try {
      await test(world, run)
    } finally {
      await world.close()
    }
  }

  /** The new row comes, and gets what the old one has. */
  async function gives(world: World, run: DirectRun, ...expected: readonly string[]): Promise<void> {
    await world.source.query(COMES)
    await run()
    assert.deepEqual(await rows(world, 'b01'), expected)
    assert.deepEqual(await outside(world), ['a01 replaced'])
  }

  it('is not deleted by an answer to a question of before', () =>
    inWaiting({}, async (world, run) => {
      await world.cloud.query(EDITS)
      await world.source.query(`delete from targets where id = 'a01'`)
      const held = await run()
      assert.deepEqual(
        held.held.map(({ kind, rows: count }) => [kind, count]),
        [['edits', 1]],
      )
      await ask(world)
      await run({ answers: held.run, by: 'someone' })
      await gives(world, run, 'b01|新|電話||旧備考')
    }))

  it('is not deleted by a run that has compared it before', () =>
    inWaiting({}, async (world, run) => {
      await addTargets(world.app, world.master, ['b01'], null)
      await world.cloud.query(`update orgs set remarks = '覚え' where id = 'a01'`)
      await world.source.query(`delete from targets where id = 'a01'`)
      await world.cloud.query(`
        create function ask() returns trigger language plpgsql as $$
        begin
          insert into master_sync.replacements (master, old_key, new_key) values ('${world.name}', '{a01}', '{b01}');
          return null;
        end $$;
        create trigger ask after insert on master_sync.plan_rows execute function ask()`)
      assert.deepEqual(counts(await run()), { moved: 1 })
      await world.cloud.query('drop trigger ask on master_sync.plan_rows')
      await gives(world, run, 'b01|新|011||覚え')
    }))

  it('is not let go where it was the cloud’s own, before it has given what it has', async () => {
    const world = await createReplacing()
    try {
      await world.cloud.query(`insert into orgs (id, name, phone) values ('a01', '旧', '自前')`)
      await world.source.query(`delete from orgs where id = 'b01'`)
      const run = directRun(world)
      await run()
      await ask(world)
      await world.source.query(`delete from targets where id = 'a01'`)
      assert.deepEqual(counts(await run()), {})
      await gives(world, run, 'b01|新|自前||null')
    } finally {
      await world.close()
    }
  })
})
