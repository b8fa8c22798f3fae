import assert from 'node:assert/strict'
import { createWorld, texts, type World } from '../support/world.js'
import { syncEqual, syncIdle } from './other-master.js'

const ORGS = `create table orgs (id text primary key, name text, founder text); create table targets (id text primary key);
  insert into orgs select n::text, 'n' || n, '個人' || n from generate_series(1, 40) n; insert into targets select id from orgs`

/** Roles belong to the whole server, which other tests use as well. */
const role = (name: string): string => `${name}_${process.pid}`

function as(user: string): (url: string) => string {
  return (url) => {
    const changed = new URL(url)
    changed.username = user
    return changed.toString()
  }
}

describe('a role', () => {
  const worlds: World[] = []
  after(async () => {
    for (const world of worlds) await world.close()
  })

  it('of the source needs no more than the columns that are copied', async () => {
    const reader = role('reader')
    const world = await createWorld({
      master: { source: { exclude: ['founder'] } },
      source: `${ORGS}; create role ${reader} login;
        grant select (id, name) on orgs to ${reader}; grant select (id) on targets to ${reader}`,
      through: { source: as(reader) },
    })
    worlds.push(world)
    await syncEqual(world)
    await world.source.query(
      `update orgs set name = 'changed' where id = '7'; delete from targets where id = '8'`,
    )
    const { rows } = await syncEqual(world)
    assert.deepEqual([rows.updated, rows.removed], [1, 1])
    await syncIdle(world)
  })

  it('of the cloud must see the tables that refer to the copy, before anything is written', async () => {
    const writer = role('writer')
    const world = await createWorld({
      source: ORGS,
      cloud: `create role ${writer} login; grant create on schema public to ${writer};
        do $$ begin execute format('grant create on database %I to ${writer}', current_database()); end $$`,
      through: { cloud: as(writer) },
    })
    worlds.push(world)
    await world.cloud.query('create table child (org text references orgs on delete cascade)')
    const { failure } = await world.sync()
    assert.equal(failure?.code, 'PERMISSION_DENIED')
    assert.equal(failure.remedy, `grant select (org) on public.child to ${writer};`)
    assert.deepEqual(await texts(world.cloud, 'select count(*) from orgs'), [['0']])
    await world.cloud.query(failure.remedy)
    await syncEqual(world)
  })
})
