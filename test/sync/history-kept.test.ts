import assert from 'node:assert/strict'
import { createWorld, texts, type World } from '../support/world.js'
import { undo } from '../support/undoing.js'

describe('what is remembered of rows', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      master: { history: { keep: '30d' } },
      source: `
        create table orgs (id text primary key, name text);
        create table targets (id text primary key);
        insert into orgs select 'A' || n, 'n' || n from generate_series(1, 20) n;
        insert into targets select id from orgs`,
    })
  })
  after(() => world.close())

  const remembered = () =>
    texts(
      world.cloud,
      `select r.run, r.sample is not null, (select count(*) from master_sync.row_history h where h.run = r.run),
        exists (select from master_sync.starters s where s.execution_id = r.execution_id)
       from master_sync.runs r order by 1`,
    )

  it('is forgotten when it is older than the master’s file says, with who asked a schedule for it', async () => {
    await world.sync()
    for (const name of ['old', 'young']) {
      await world.source.query(`update orgs set name = '${name}' where id < 'A12'`)
      await world.sync()
    }
    await world.cloud.query(`
      insert into master_sync.starters select execution_id, 'someone' from master_sync.runs;
      update master_sync.runs set sample = '[]';
      update master_sync.runs set started_at = started_at - interval '31 days', closed_at = closed_at - interval '31 days'
        where run <= 2`)
    await world.sync()
    assert.deepEqual((await remembered()).slice(0, 3), [
      ['1', 'f', '0', 'f'],
      ['2', 'f', '0', 'f'],
      ['3', 't', '3', 't'],
    ])
  })

  it('can be taken back for as long', async () => {
    for (const run of [1, 2])
      await assert.rejects(undo(world, run), {
        code: 'UNDO_IMPOSSIBLE',
        message: /not remembered any more/u,
      })
    assert.equal((await undo(world, 3)).rows.updated, 3)
  })
})
