import assert from 'node:assert/strict'
import { EXIT } from '../../core/error-catalogue.js'
import { exitCodeOf } from '../../core/report.js'
import { createWorld, texts, type World } from '../support/world.js'
import { left, undo } from '../support/undoing.js'

describe('undo of a run of 10,000 changes', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      master: { guards: { updates: { percent: 100 } } },
      source: `
        create table orgs (id text primary key, name text, beds integer);
        create table targets (id text primary key);
        insert into orgs select lpad(n::text, 6, '0'), '病院' || n, n from generate_series(1, 10000) n;
        insert into targets select id from orgs`,
    })
  })
  after(() => world.close())

  it('with 50 of them edited since, restores 9,950 and lists 50', async () => {
    await world.sync()
    const before = await texts(world.cloud, 'select * from orgs where beds % 200 <> 7 order by id')
    await world.source.query(`update orgs set name = 'X'`)
    const bad = await world.sync()
    assert.equal(bad.rows.updated, 10_000)
    await world.cloud.query(`update orgs set name = 'edited' where beds % 200 = 7`)
    const undone = await undo(world, bad.run)
    assert.deepEqual([undone.rows.updated, undone.rows.moved], [9_950, 50])
    assert.equal(exitCodeOf(undone), EXIT.look)
    assert.deepEqual(await texts(world.cloud, 'select * from orgs where beds % 200 <> 7 order by id'), before)
    const stayed = await left(world, undone.run)
    assert.deepEqual([stayed.length, stayed[0]], [50, ['000007', 'edited', 'name']])
    const [count] = await texts(world.cloud, `select count(*) from orgs where name = 'edited'`)
    assert.deepEqual(count, ['50'])
  })
})
