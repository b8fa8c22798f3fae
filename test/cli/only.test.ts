import assert from 'node:assert/strict'
import { cli, exits, reportIn, tells, type Ended } from './run-cli.js'
import { createWorld, texts, type World } from '../support/world.js'

const ORGS = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 7, '0'), '病院' || n from generate_series(1, 9) n;
  insert into targets select lpad(n::text, 7, '0') from generate_series(1, 8) n`

const ROOMS = `
  create table rooms (org text, room integer, name text, primary key (org, room));
  create table targets (org text, room integer, note text, primary key (org, room));
  insert into rooms select 'M,' || n, n, '室' || n from generate_series(1, 5) n;
  insert into targets select org, room from rooms`

describe('start-sync --only', () => {
  let world: World
  let rooms: World
  before(async () => {
    ;[world, rooms] = await Promise.all([
      createWorld({ source: ORGS }),
      createWorld({
        source: ROOMS,
        master: { source: { table: 'rooms', key: ['org', 'room'] }, cloud: { table: 'rooms' } },
      }),
    ])
    await Promise.all([world.work(), rooms.work()])
  })
  after(() => Promise.all([world.close(), rooms.close()]))

  const only = (on: World, ...ids: readonly string[]): Promise<Ended> =>
    cli(on.env, 'start-sync', '--json', ...ids.flatMap((id) => ['--only', id]))
  const runs = (): Promise<unknown> => texts(world.cloud, 'select count(*) from master_sync.runs')

  it('brings the rows of the ids alone', async () => {
    const ended = await only(world, '0000002', ' 0000005 ')
    exits(ended, 0)
    assert.equal(reportIn(ended).rows.inserted, 2)
    assert.deepEqual(await texts(world.cloud, 'select id from orgs order by id'), [['0000002'], ['0000005']])
  })

  it('takes one CSV record an id where the key has several columns', async () => {
    const ended = await only(rooms, '"M,1",1', '"M,3", 3')
    exits(ended, 0)
    assert.equal(reportIn(ended).rows.inserted, 2)
    assert.deepEqual(await texts(rooms.cloud, 'select org, room from rooms order by room'), [
      ['M,1', '1'],
      ['M,3', '3'],
    ])
    const [short, words, number] = await Promise.all([
      only(rooms, 'M1'),
      only(rooms, '"M,1'),
      only(rooms, '"M,1",one'),
    ])
    tells(short, 3, 'ID_INVALID', '"M1"', 'org, room')
    tells(words, 3, 'ID_INVALID', 'not a CSV record')
    tells(number, 3, 'ID_INVALID', 'room (integer)')
  })

  it('takes an integer as people write it', async () => {
    const ended = await only(rooms, '"M,2",02')
    exits(ended, 0)
    assert.equal(reportIn(ended).rows.inserted, 1)
  })

  it('takes an id that is off the list but kept in the cloud: it is removed', async () => {
    await world.source.query(`delete from targets where id = '0000005'`)
    const ended = await only(world, '0000005')
    exits(ended, 0)
    assert.equal(reportIn(ended).rows.removed, 1)
  })

  it('exits 3 before a run starts where an id is neither listed nor in the cloud, and says what was meant', async () => {
    const before = await runs()
    const said = await only(world, '0000002', '0000009', '7', '00000-03')
    tells(
      said,
      3,
      'ID_UNKNOWN',
      '0000009',
      'targets add',
      / 7 \(did you mean 0000007\?\)/u,
      /00000-03 \(did you mean 0000003\?\)/u,
    )
    assert.doesNotMatch(said.stderr, /0000002/u)
    assert.deepEqual(await runs(), before)
  })

  it('exits 3 for an empty id', async () => {
    tells(await only(world, ' '), 3, 'ID_INVALID', '" "')
  })
})
