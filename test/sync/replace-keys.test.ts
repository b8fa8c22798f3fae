import assert from 'node:assert/strict'
import { askToReplace, settleReplacement } from '../../operations/targets/replace.js'
import { addTargets } from '../../operations/targets/edit.js'
import { directRun } from '../support/direct-run.js'
import { createWorld, texts } from '../support/world.js'

describe('an id that was issued anew', () => {
  it('is listed as the source writes it, however it was typed', async () => {
    const world = await createWorld({
      source: `
        create table orgs (number integer primary key, name text);
        insert into orgs select n, '病院' || n from generate_series(1, 5) n;
        create table targets (number text primary key);
        insert into targets values ('1')`,
      master: { source: { key: ['number'] }, removals: { gone: 'mark' } },
    })
    try {
      const run = directRun(world)
      await run()
      await askToReplace(world.app, world.master, { from: '01', to: '007', note: null })
      assert.deepEqual(await texts(world.source, 'select number from targets order by 1'), [['1'], ['7']])
      await world.source.query(`insert into orgs values (7, '新')`)
      await run()
      assert.deepEqual(await texts(world.cloud, 'select number, sync_removed_reason from orgs order by 1'), [
        ['1', 'replaced by 7'],
        ['7', null],
      ])
    } finally {
      await world.close()
    }
  })

  it('may have several columns, and a list that the ledger alone holds', async () => {
    const world = await createWorld({
      source: `
        create table orgs (region text, number integer, name text, phone text, primary key (region, number));
        insert into orgs select 'R,1', n, '病院' || n, '011' from generate_series(1, 5) n`,
      master: {
        source: { key: ['region', 'number'] },
        targets: { table: undefined, notes: true },
        columns: { phone: 'keep_edits' },
        removals: { gone: 'mark' },
      },
    })
    try {
      await addTargets(world.app, world.master, ['"R,1",1', '"R,1",2'], '営業')
      const run = directRun(world)
      await run()
      await world.cloud.query(`
        create table contracts (region text, number integer, foreign key (region, number) references orgs);
        insert into contracts values ('R,1', 1);
        update orgs set phone = '電話' where number = 1`)
      const asked = await askToReplace(world.app, world.master, {
        from: '"R,1",01',
        to: '"R,1",3',
        note: null,
      })
      assert.deepEqual([asked.note, asked.awaited.ids], ['営業', ['"R,1",3']])
      const report = await run()
      assert.deepEqual([report.outcome, report.equal], ['completed', true])
      assert.deepEqual(await settleReplacement(world.app, world.master, asked.keys), {
        done: true,
        instead: null,
        carried: ['phone'],
        left: [],
        lists: [],
        referring: [
          { table: 'public.contracts', columns: ['region', 'number'], rows: 1, sample: ['"R,1",1'] },
        ],
      })
      assert.deepEqual(
        await texts(world.cloud, 'select number, phone, sync_removed_reason from orgs order by number'),
        [
          ['1', '電話', 'replaced by "R,1",3'],
          ['2', '011', null],
          ['3', '電話', null],
        ],
      )
      const entries = await texts(
        world.cloud,
        'select key[2], note from master_sync.target_entries order by key',
      )
      assert.deepEqual(entries, [
        ['2', '営業'],
        ['3', '営業'],
      ])
      assert.equal((await run()).outcome, 'nothing_to_do')
    } finally {
      await world.close()
    }
  })
})
