import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { directRun } from '../support/direct-run.js'
import { texts, type MasterPatch, type World } from '../support/world.js'
import { ask, counts, createReplacing, listed, outside, replacements, rows } from './replacing.js'

async function inWorld(
  master: MasterPatch,
  test: (world: World) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const world = await createReplacing(master, env)
  try {
    await test(world)
  } finally {
    await world.close()
  }
}

const ids = async (world: World) => (await texts(world.cloud, 'select id from orgs order by id')).flat()

describe('a row that was replaced', () => {
  for (const removals of [
    { untargeted: 'delete', gone: 'delete' },
    { untargeted: 'mark', gone: 'mark' },
    { untargeted: 'keep', gone: 'keep' },
  ])
    it(`stays for good under ${removals.untargeted}, off the list and gone from the source`, () =>
      inWorld({ removals }, async (world) => {
        const run = directRun(world)
        await run()
        await ask(world)
        await run()
        const before = await texts(world.cloud, 'select to_jsonb(o), xmin from orgs o order by id')
        for (const gone of [false, true]) {
          if (gone) await world.source.query(`delete from orgs where id = 'a01'`)
          const report = await run()
          assert.deepEqual([report.outcome, counts(report), report.equal], ['nothing_to_do', {}, true])
          assert.deepEqual(
            await texts(world.cloud, 'select to_jsonb(o), xmin from orgs o order by id'),
            before,
          )
        }
        const [row] = await rows(world, 'a01')
        assert.equal(row?.endsWith('replaced by b01'), removals.gone === 'mark')
        await world.cloud.query(`delete from orgs where id = 'a01'`)
        await run()
        assert.deepEqual(await outside(world), [])
      }))

  it('stays also where it was the cloud’s own before', () =>
    inWorld({}, async (world) => {
      await world.cloud.query(`insert into orgs (id, name, phone) values ('a01', '旧', '自前')`)
      const run = directRun(world)
      await run()
      await ask(world)
      await run()
      assert.deepEqual(counts(await run()), {})
      assert.deepEqual(
        [await ids(world), await outside(world)],
        [['a01', 'b01', 'c01', 'c02', 'c03', 'c04', 'c05'], ['a01 replaced']],
      )
      assert.deepEqual(await rows(world, 'b01'), ['b01|新|自前||null'])
    }))

  it('is not removed by an answer to a question of before', () =>
    inWorld({ guards: { removals: { rows: 1 } } }, async (world) => {
      const run = directRun(world)
      await run()
      await world.source.query(`delete from targets where id in ('a01', 'c05')`)
      const held = await run()
      assert.equal(held.held[0]?.rows, 2, JSON.stringify(held.failure))
      await ask(world)
      await run({ only: [['b01']] as never })
      await run({ answers: held.run, by: 'someone' })
      assert.deepEqual(await ids(world), ['a01', 'b01', 'c01', 'c02', 'c03', 'c04'])
      assert.deepEqual(await outside(world), ['a01 replaced'])
    }))

  it('keeps a value that may stand but once, and the others are carried', () =>
    inWorld({}, async (world) => {
      const run = directRun(world)
      await run()
      await world.cloud.query(`
        create unique index on orgs (phone) where phone <> '011' and phone <> '03';
        update orgs set phone = '電話', url = 'https://a' where id = 'a01'`)
      await ask(world)
      const report = await run()
      assert.deepEqual([report.outcome, report.equal], ['completed', true])
      assert.deepEqual(await replacements(world), ['a01 b01 2 remarks,url phone'])
      assert.deepEqual(await rows(world, 'b01'), ['b01|新|011|https://a|旧備考'])
    }))

  it('is what triggers of the table make of it, and so is the new one', () =>
    inWorld({}, async (world) => {
      const run = directRun(world)
      await run()
      await world.cloud.query(`
        create function keep_remarks() returns trigger language plpgsql as $$
        begin
          new.remarks := old.remarks;
          new.name := upper(new.name) || '！';
          return new;
        end $$;
        create trigger keep before update on orgs for each row execute function keep_remarks();
        update orgs set phone = '電話' where id = 'a01'`)
      await ask(world)
      await run()
      const changed = await rows(world, 'b01')
      assert.deepEqual(changed, ['b01|新！|電話||null'])
      assert.deepEqual(counts(await run()), { altered: 1 })
      assert.deepEqual(await rows(world, 'b01'), changed)
    }))

  it('is not written by a run that has lost the lease meanwhile', () =>
    inWorld({}, async (world) => {
      const run = directRun(world)
      await run()
      await world.source.query(`insert into targets values ('b01')`)
      await run()
      await world.cloud.query(`update orgs set phone = '電話' where id = 'a01'`)
      await ask(world)
      await world.cloud.query(`
        create function take_over() returns trigger language plpgsql as $$
        begin
          update master_sync.leases set token = token + 1;
          return new;
        end $$;
        create trigger take_over before update on master_sync.replacements
          for each row when (new.run is not null) execute function take_over()`)
      const before = await texts(world.cloud, 'select to_jsonb(o), xmin from orgs o order by id')
      assert.equal((await run()).failure?.code, 'LEASE_LOST')
      assert.deepEqual(await texts(world.cloud, 'select to_jsonb(o), xmin from orgs o order by id'), before)
      assert.deepEqual([await replacements(world), await outside(world)], [['a01 b01 pending'], []])
      assert.deepEqual(await listed(world), ['a01 営業 #1', 'b01'])
    }))

  it('waits for another run where someone holds it', () =>
    inWorld(
      {},
      async (world) => {
        const run = directRun(world)
        await run()
        await ask(world)
        const client = await world.cloud.connect()
        await client.query(`begin; select from orgs where id = 'a01' for update`)
        const report = await run()
        assert.deepEqual([report.outcome, counts(report)], ['completed', { inserted: 1 }])
        assert.deepEqual(await replacements(world), ['a01 b01 pending'])
        await client.query('rollback')
        client.release()
        await run()
        assert.deepEqual(await outside(world), ['a01 replaced'])
      },
      { LEASE_SECONDS: '5' },
    ))
})

describe('the list of an id that was replaced', () => {
  it('is left by it only where no other list names it; until then its row stays as it is', () =>
    inWorld({ targets: { lists: ['list.csv'] } }, async (world) => {
      const write = (text: string) => writeFile(join(world.app.mastersFolder, 'list.csv'), text)
      await write('id,note\na01,表\n')
      const run = directRun(world)
      await run()
      await ask(world)
      for (const outcome of ['completed', 'nothing_to_do', 'nothing_to_do']) {
        assert.equal((await run()).outcome, outcome)
        assert.deepEqual(await outside(world), ['a01 replaced'])
        assert.ok((await listed(world))[0]?.startsWith('a01'))
      }
      await write('id,note\nb01,表\n')
      await run()
      assert.deepEqual(await listed(world), ['b01 営業 #1'])
      await write('id,note\na01,復活\nb01,表\n')
      await run()
      assert.deepEqual([await outside(world), await rows(world, 'a01')], [[], ['a01|旧|011||旧備考']])
    }))

  it('is not touched where it may not be, and the next run that may takes the id off', () =>
    inWorld({}, async (world) => {
      const run = directRun(world)
      await run()
      await ask(world)
      await world.source.query(`
        create function refuse() returns trigger language plpgsql as $$
        begin raise check_violation; end $$;
        create trigger refuse before delete on targets for each row execute function refuse()`)
      for (const outcome of ['completed', 'nothing_to_do']) {
        assert.equal((await run()).outcome, outcome)
        assert.deepEqual(await listed(world), ['a01 営業 #1', 'b01 営業 #1'])
        assert.deepEqual(await outside(world), ['a01 replaced'])
      }
      await world.source.query('drop trigger refuse on targets')
      await run()
      assert.deepEqual([await listed(world), await outside(world)], [['b01 営業 #1'], ['a01 replaced']])
    }))
})
