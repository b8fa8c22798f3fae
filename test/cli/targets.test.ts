import assert from 'node:assert/strict'
import { RESULTS } from '../../core/results.js'
import { cli, exits, jsonIn, tells, type Ended } from './run-cli.js'
import { addTargets, removeTargets } from '../../operations/targets/edit.js'
import { createWorld, texts, type World } from '../support/world.js'

const ORGS = `
  create table orgs (id text primary key, name text);
  insert into orgs values ('0123456', '病院1'), ('AB-12', '病院2'), ('0099', '病院3'), ('山田-1', '病院4');
  create table targets (id varchar(8) primary key, note text)`

const NUMBERS = `
  create table orgs (id integer primary key, name text);
  create table targets (id integer primary key);
  insert into orgs values (7, '病院7'), (70, '病院70')`

const ROOMS = `
  create table orgs (org text, room integer, name text, primary key (org, room));
  insert into orgs values ('M,1', 42, '室'), ('M2', 1, '室')`

describe('targets', () => {
  let orgs: World
  let numbers: World
  let rooms: World
  before(async () => {
    ;[orgs, numbers, rooms] = await Promise.all([
      createWorld({ source: ORGS }),
      createWorld({ source: NUMBERS }),
      createWorld({ source: ROOMS, master: { source: { key: ['org', 'room'] } } }),
    ])
  })
  after(() => Promise.all([orgs.close(), numbers.close(), rooms.close()]))

  const targets = (world: World, ...args: readonly string[]): Promise<Ended> =>
    cli(world.env, 'targets', ...args)

  it('add puts ids on the list with a note, list shows them, remove takes them off', async () => {
    const added = await targets(
      orgs,
      'add',
      ' 0123456 ',
      '山田-1',
      '--note',
      '導入予定 "7月", 本院',
      '--later',
    )
    exits(added, 0)
    assert.equal(added.stdout, '0123456: added / 追加\n山田-1: added / 追加\n')
    assert.match(added.stderr, /^the next run brings it.*\n$/u)
    const renoted = await targets(orgs, 'add', '0123456', '--note', '導入済')
    assert.equal(renoted.stdout, '0123456: note changed / メモ変更\n')
    const [again] = await addTargets(orgs.app, orgs.master, ['0123456'], null)
    assert.equal(again?.result, 'listed')
    const [json, words] = await Promise.all([targets(orgs, 'list', '--json'), targets(orgs, 'list')])
    assert.deepEqual(jsonIn(json, RESULTS['targets list']), {
      targets: [
        { id: '0123456', note: '導入済', lists: ['table'] },
        { id: '山田-1', note: '導入予定 "7月", 本院', lists: ['table'] },
      ],
    })
    exits(words, 0)
    assert.match(words.stdout, /^id +note +lists\n-+ +-+ +-+\n0123456 +導入済 +table\n山田-1 +導入予定/u)
    const removed = await targets(orgs, 'remove', '0123456', '山田-1', 'X')
    exits(removed, 0)
    assert.equal(
      removed.stdout,
      '0123456: removed / 削除\n山田-1: removed / 削除\nX: was not listed / 未登録\n',
    )
    assert.deepEqual(await texts(orgs.source, 'select * from targets'), [])
  })

  it('add takes ids that the source lacks, and says which ids were probably meant', async () => {
    const ids = ['123456', '０１２３４５６', 'ab-12', 'AB12', '99', 'ZZZ']
    const ended = await targets(orgs, 'add', ...ids, '--json')
    exits(ended, 0)
    assert.deepEqual(
      jsonIn(ended, RESULTS['targets add']).targets.map((target) => [
        target.id,
        target.in_source,
        target.did_you_mean,
      ]),
      [
        ['123456', false, '0123456'],
        ['０１２３４５６', false, '0123456'],
        ['ab-12', false, 'AB-12'],
        ['AB12', false, 'AB-12'],
        ['99', false, '0099'],
        ['ZZZ', false, null],
      ],
    )
    const words = await targets(orgs, 'add', '123456', 'ZZZ')
    assert.match(
      words.stderr,
      /^ +not in the source, .*元マスタにありません.*; did you mean \/ もしかして 0123456\?\n +not/u,
    )
    await orgs.source.query('delete from targets')
  })

  it('add takes all ids or, where one cannot be on the list, none', async () => {
    tells(
      await targets(orgs, 'add', '0099', 'far-too-long'),
      3,
      'ID_INVALID',
      'far-too-long',
      'character varying(8)',
    )
    assert.deepEqual(await texts(orgs.source, 'select id from targets'), [])
  })

  it('keeps a list of integers, of any that they can hold', async () => {
    const added = await targets(numbers, 'add', '7', '0070', '700', '--json')
    exits(added, 0)
    assert.deepEqual(
      jsonIn(added, RESULTS['targets add']).targets.map((target) => [target.result, target.in_source]),
      [
        ['added', true],
        ['added', true],
        ['added', false],
      ],
    )
    assert.deepEqual(await texts(numbers.source, 'select id from targets order by id'), [
      ['7'],
      ['70'],
      ['700'],
    ])
    const [large, letters, note] = await Promise.all([
      targets(numbers, 'add', '1', '3000000000'),
      targets(numbers, 'add', 'A1'),
      targets(numbers, 'add', '8', '--note', 'x'),
    ])
    tells(large, 3, 'ID_INVALID', '3000000000', 'integer')
    tells(letters, 3, 'ID_INVALID', 'A1', 'integer')
    tells(note, 3, 'COLUMN_MISSING', 'public.targets', 'note')
    await assert.rejects(
      removeTargets(numbers.app, numbers.master, ['007', '3000000000']),
      /3000000000 cannot be a value of id/u,
    )
    assert.equal((await texts(numbers.source, 'select id from targets')).length, 3)
  })

  it('takes ids of several columns as CSV records', async () => {
    const added = await targets(rooms, 'add', '"M,1",42', 'M2,1', 'm2,01', '--json')
    exits(added, 0)
    assert.deepEqual(
      jsonIn(added, RESULTS['targets add']).targets.map((target) => [
        target.id,
        target.in_source,
        target.did_you_mean,
      ]),
      [
        ['"M,1",42', true, null],
        ['M2,1', true, null],
        ['m2,01', false, 'M2,1'],
      ],
    )
    assert.match((await targets(rooms, 'list')).stdout, /^"M,1",42 +table$[^]*^M2,1 +table$/mu)
    assert.equal((await targets(rooms, 'remove', 'M2,1')).stdout, 'M2,1: removed / 削除\n')
  })

  it('tells how to make a list where there is none', async () => {
    await orgs.source.query('alter table targets rename to other_targets')
    const ended = await targets(orgs, 'list')
    tells(ended, 3, 'TABLE_MISSING', 'target list public.targets', `setup ${orgs.name} --with-targets`)
    exits(await cli(orgs.env, 'setup', '--with-targets'), 0)
    exits(await targets(orgs, 'add', '0099', '--note', 'x'), 0)
  })
})
