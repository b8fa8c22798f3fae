import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SyncError } from '../../core/errors.js'
import { keyFromDatabase } from '../../core/ids.js'
import { examineLists } from '../../operations/doctor/lists.js'
import { addTargets, removeTargets } from '../../operations/targets/edit.js'
import { settleReplacement } from '../../operations/targets/replace.js'
import { directRun, type DirectRun } from '../support/direct-run.js'
import { texts, type MasterPatch, type World } from '../support/world.js'
import { ask, counts, createReplacing, listed, outside, replacements, rows } from './replacing.js'

const EDITS = `update orgs set phone = '電話' where id = 'a01'`
const [A, B] = [keyFromDatabase(['a01']), keyFromDatabase(['b01'])]

async function inWorld(
  master: MasterPatch,
  test: (world: World, run: DirectRun) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const world = await createReplacing(master, env)
  try {
    const run = directRun(world)
    await run()
    await test(world, run)
  } finally {
    await world.close()
  }
}

const writeList = (world: World, ...ids: readonly string[]) =>
  writeFile(join(world.app.mastersFolder, 'list.csv'), ['id', ...ids, ''].join('\n'))

/** As where the runs' role may only read the list. */
const READ_ONLY = `
  create function refuse() returns trigger language plpgsql as $$ begin raise check_violation; end $$;
  create trigger refuse before delete on targets for each row execute function refuse()`

describe('a replacement that turns out to be the wrong way round', () => {
  for (const [what, master] of [
    ['', {}],
    [', while a list names the one that was replaced', { targets: { lists: ['list.csv'] } }],
  ] as const)
    it(`is turned round${what}`, async () => {
      const world = await createReplacing(master)
      try {
        const run = directRun(world)
        await writeList(world, ...(what === '' ? [] : ['a01']))
        await run()
        await ask(world)
        await run()
        assert.deepEqual(await outside(world), ['a01 replaced'])
        await world.cloud.query(`update orgs set phone = '電話' where id = 'b01'`)
        await ask(world, 'b01', 'a01')
        await run()
        assert.deepEqual(await outside(world), ['b01 replaced'])
        assert.deepEqual(await rows(world, 'a01', 'b01'), [
          'a01|旧|電話||旧備考',
          'b01|新|電話||旧備考|replaced by a01',
        ])
        assert.deepEqual(await listed(world), ['a01 営業 #1'])
      } finally {
        await world.close()
      }
    })

  it('is done one way where two people ask for both at once', () =>
    inWorld({}, async (world, run) => {
      await addTargets(world.app, world.master, ['b01'], null)
      await ask(world)
      await world.cloud.query(`
        insert into master_sync.replacements (master, old_key, new_key) values ('${world.name}', '{b01}', '{a01}')`)
      await run()
      assert.deepEqual(await replacements(world), ['a01 b01 2 remarks'])
      assert.deepEqual(await outside(world), ['a01 replaced'])
    }))
})

describe('an id that takes the place of another, and was itself replaced', () => {
  it('is refused, and its successor is named', () =>
    inWorld({}, async (world, run) => {
      await addTargets(world.app, world.master, ['b01'], null)
      await ask(world, 'b01', 'c01')
      await run()
      await run()
      const before = await listed(world)
      const refused = await ask(world).then(
        () => undefined,
        (error: unknown) => error,
      )
      assert.ok(refused instanceof SyncError)
      assert.deepEqual([refused.code, refused.message], ['ID_REPLACED', 'b01 was itself replaced by c01'])
      assert.deepEqual(await listed(world), before)
      await addTargets(world.app, world.master, ['b01'], null)
      await ask(world)
      await run()
      assert.deepEqual(await outside(world), ['a01 replaced'])
    }))

  it('gives way to its successor where the other was asked for before', () =>
    inWorld({}, async (world, run) => {
      await world.source.query(`delete from orgs where id = 'b01'`)
      await world.cloud.query(EDITS)
      await ask(world)
      await ask(world, 'b01', 'c01')
      await run()
      assert.deepEqual(await replacements(world), ['a01 c01 pending', 'b01 c01 2'])
      await run()
      assert.deepEqual(await rows(world, 'a01', 'c01'), [
        'a01|旧|電話||旧備考|replaced by c01',
        'c01|隣1|電話||旧備考',
      ])
      assert.deepEqual(await listed(world), [])
    }))
})

describe('an id that was replaced, and is listed again', () => {
  it('stays where a list had named it all along, and drops it now', () =>
    inWorld({ targets: { lists: ['list.csv'] } }, async (world, run) => {
      await writeList(world, 'a01')
      await run()
      await ask(world)
      await run()
      await writeList(world)
      await addTargets(world.app, world.master, ['a01'], '復活')
      await run()
      await run()
      assert.deepEqual([await outside(world), await listed(world)], [[], ['a01 復活', 'b01 営業 #1']])
    }))

  it('stays where no run could take it off, and a person takes it off and puts it back', () =>
    inWorld({}, async (world, run) => {
      await ask(world)
      await world.source.query(READ_ONLY)
      await run()
      await world.source.query('drop trigger refuse on targets')
      await removeTargets(world.app, world.master, ['a01'])
      await addTargets(world.app, world.master, ['a01'], '復活')
      await run()
      assert.deepEqual([await outside(world), await listed(world)], [[], ['a01 復活', 'b01 営業 #1']])
    }))

  it('is meant also where it is on the list all along', () =>
    inWorld({}, async (world, run) => {
      await ask(world)
      await world.source.query(READ_ONLY)
      await run()
      await addTargets(world.app, world.master, ['a01'], null)
      await world.source.query('drop trigger refuse on targets')
      await run()
      assert.deepEqual([await outside(world), await listed(world)], [[], ['a01 営業 #1', 'b01 営業 #1']])
    }))

  it('is told of by doctor until it has left the list', () =>
    inWorld({}, async (world, run) => {
      const findings = async () =>
        (await examineLists(world.app, world.master)).flatMap((one) =>
          one.findings.map(({ code, message }) => [code, message]),
        )
      await ask(world)
      await world.source.query(READ_ONLY)
      await run()
      assert.deepEqual(await findings(), [
        ['ID_STILL_LISTED', 'replaced and still on the list: a01 (now b01)'],
      ])
      await world.source.query('drop trigger refuse on targets')
      await run()
      assert.deepEqual(await findings(), [])
    }))
})

describe('a replacement that is asked for again', () => {
  it('is done already, and writes nothing', () =>
    inWorld({}, async (world, run) => {
      await world.cloud.query(EDITS)
      await ask(world)
      await run()
      await world.cloud.query(`update orgs set phone = '011' where id = 'b01'`)
      await ask(world)
      assert.deepEqual(counts(await run()), {})
      assert.deepEqual(await rows(world, 'b01'), ['b01|新|011||旧備考'])
      const state = await settleReplacement(world.app, world.master, { oldKey: A, newKey: B })
      assert.deepEqual([state.done, state.carried], [true, ['phone', 'remarks']])
    }))

  it('otherwise, says so to who asked first', () =>
    inWorld({}, async (world, run) => {
      await ask(world)
      await ask(world, 'a01', 'c01')
      await run()
      const keys = { oldKey: A, newKey: B }
      const { done, instead, carried } = await settleReplacement(world.app, world.master, keys)
      assert.deepEqual([done, instead, carried], [false, 'c01', []])
    }))
})

describe('a replacement under a hold', () => {
  it('is carried out for the ids that a person approves, and for no other', () =>
    inWorld({}, async (world, run) => {
      await world.source.query(`insert into orgs values ('d01', '次', '011', '', null)`)
      await addTargets(world.app, world.master, ['b01', 'd01'], null)
      await run()
      await ask(world)
      await ask(world, 'c01', 'd01')
      await world.cloud.query(
        `insert into master_sync.masters (master, hold) values ('${world.name}', '{"reason":"x","by":"y","at":""}')
         on conflict (master) do update set hold = excluded.hold`,
      )
      await run({ only: [keyFromDatabase(['d01'])], approve: true })
      assert.deepEqual(await outside(world), ['c01 replaced'])
      assert.equal((await replacements(world))[0], 'a01 b01 pending')
    }))
})

describe('the conflicts of a row that was replaced', () => {
  it('are nobody’s to decide, and stand again where that is undone', () =>
    inWorld({}, async (world, run) => {
      await world.cloud.query(EDITS)
      await world.source.query(`update orgs set phone = '012' where id = 'a01'`)
      assert.equal((await run()).rows.conflicts, 1)
      const conflicts = () =>
        texts(
          world.cloud,
          'select key[1], conflicts from master_sync.tracked_rows where conflicts is not null',
        )
      const before = await conflicts()
      await ask(world)
      const report = await run()
      assert.deepEqual([report.rows.conflicts, await conflicts()], [0, []])
      await run({ undoes: report.run, by: 'someone' })
      assert.deepEqual(await conflicts(), before)
    }))
})

describe('a cell that is carried over', () => {
  it('waits for another run where someone holds what it refers to', () =>
    inWorld(
      {},
      async (world, run) => {
        await world.source.query(`insert into targets values ('b01')`)
        await run()
        await world.cloud.query(`
          create table phones (phone text primary key);
          insert into phones values ('011'), ('03'), ('電話');
          alter table orgs add foreign key (phone) references phones;
          ${EDITS}`)
        await ask(world)
        const client = await world.cloud.connect()
        await client.query(`begin; select from phones where phone = '電話' for update`)
        await run()
        await client.query('rollback')
        client.release()
        assert.deepEqual([await replacements(world), await outside(world)], [['a01 b01 pending'], []])
        await run()
        assert.deepEqual(await rows(world, 'b01'), ['b01|新|電話||旧備考'])
      },
      { LEASE_SECONDS: '5' },
    ))
})
