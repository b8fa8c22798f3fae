import assert from 'node:assert/strict'
import { createWorld, texts, type World } from '../support/world.js'
import { POLICIES, SITUATIONS, type Situation } from './policy-cases.js'

/** A column for each policy, named as the policy. */
const COLUMNS = POLICIES.map((policy) => `${policy} text`).join(', ')
const ALL_TO = POLICIES.map((policy) => `${policy} = $2`).join(', ')
const ALL = POLICIES.map(() => '$2').join(', ')

async function prepare({ source, cloud }: World): Promise<void> {
  for (const { id, row } of SITUATIONS) {
    await source.query(`insert into orgs values ($1, ${ALL})`, [id, '1'])
    if (row !== 'born') await source.query('insert into targets values ($1)', [id])
    else await cloud.query(`insert into orgs (id, ${POLICIES.join(', ')}) values ($1, ${ALL})`, [id, '9'])
  }
}

async function change({ source, cloud }: World, { id, ...situation }: Situation): Promise<void> {
  const { source: there, cloud: here, row, locked = false, unlocked = false } = situation
  if (there !== undefined) await source.query(`update orgs set ${ALL_TO} where id = $1`, [id, there])
  if (locked || unlocked) await cloud.query('update orgs set locked = true where id = $1', [id])
  if (row === 'born') await source.query('insert into targets values ($1)', [id])
  if (row === 'deleted') await cloud.query('delete from orgs where id = $1', [id])
  if (here !== undefined) await cloud.query(`update orgs set ${ALL_TO} where id = $1`, [id, here])
}

describe('a column with the policy', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      source: `create table orgs (id text primary key, ${COLUMNS}); create table targets (id text primary key)`,
      // The excluded column is one that the cloud has for itself.
      cloud: `create table orgs (id text primary key, ${COLUMNS})`,
      master: {
        source: { exclude: ['exclude'] },
        columns: { keep_edits: 'keep_edits', fill_empty: 'fill_empty', insert_only: 'insert_only' },
        lock: 'locked',
        guards: { updates: { percent: 100 } },
      },
    })
    await prepare(world)
    await world.sync()
    for (const situation of SITUATIONS) await change(world, situation)
    await world.sync()
    await world.cloud.query('update orgs set locked = false where id = any($1)', [
      SITUATIONS.filter(({ unlocked }) => unlocked).map(({ id }) => id),
    ])
    const report = await world.sync()
    assert.equal(report.equal, true)
  })
  after(() => world.close())

  for (const { id, when, cells } of SITUATIONS) {
    for (const policy of POLICIES) {
      const { does, value, base, conflict } = cells[policy]
      it(`${policy}, where ${when}, ${does}`, async () => {
        const column = policy
        assert.deepEqual(await texts(world.cloud, `select ${column} from orgs where id = '${id}'`), [[value]])
        const remembered = await texts(
          world.cloud,
          `select bases ? '${column}', bases ->> '${column}', conflicts -> '${column}' ->> 'base',
             conflicts -> '${column}' ->> 'source', conflicts -> '${column}' ->> 'cloud'
           from master_sync.tracked_rows where key = '{${id}}'`,
        )
        const { base: agreed = null, source = null, cloud = null } = conflict ?? {}
        assert.deepEqual(remembered, [[base === undefined ? 'f' : 't', base ?? null, agreed, source, cloud]])
      })
    }
  }

  it('of all these leaves nothing to do for another run', async () => {
    assert.equal((await world.sync()).outcome, 'nothing_to_do')
  })
})
