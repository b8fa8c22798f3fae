import assert from 'node:assert/strict'
import type { RunReport } from '../../core/report.js'
import { idOf, inGatedWorld, type GatedOptions, type GatedWorld } from '../support/gated-world.js'
import { sideBySide } from '../support/side-by-side.js'
import { texts } from '../support/world.js'

const ROWS = 600
const ONE_SEGMENT = { SEGMENT_ROWS: '1000', LEASE_SECONDS: '60' }
const DELETE_GONE = { removals: { gone: 'delete' } }

/** A world in which all rows are loaded and a backup of the source is there. */
function inLoadedWorld(
  options: Omit<GatedOptions, 'rows'>,
  test: (world: GatedWorld) => Promise<void>,
): Promise<void> {
  return inGatedWorld(
    { env: { LEASE_SECONDS: '60', SEGMENT_ROWS: '50' }, ...options, rows: ROWS },
    async (world) => {
      const report = await world.sync()
      assert.deepEqual([report.outcome, report.equal], ['completed', true])
      await world.source.query('create table backup as select * from org_rows')
      await world.forgetWrites()
      await test(world)
    },
  )
}

/** A run during which something happens at the source when the first segments have been compared. */
async function syncWhile(world: GatedWorld, happens: () => Promise<unknown>): Promise<RunReport> {
  const gate = await world.hold('plan')
  await world.work()
  const started = await world.start()
  await gate.reached()
  await happens()
  await gate.open()
  return world.follow(started)
}

async function ids(world: GatedWorld): Promise<number> {
  return (await texts(world.cloud, 'select id from orgs')).length
}

describe('a source that is emptied while a run compares, and filled later', () => {
  sideBySide({
    'leaves the rows alone where rows that are gone are kept, and takes them up again': () =>
      inLoadedWorld({}, async (world) => {
        const report = await syncWhile(world, () => world.source.query('truncate org_rows'))
        assert.equal(report.rows.removed, 0)
        await world.source.query('insert into org_rows select * from backup')
        const next = await world.sync()
        assert.deepEqual([next.equal, next.rows.inserted, next.rows.removed], [true, 0, 0])
        assert.deepEqual(await world.writes(), [])
        assert.equal((await world.sync()).outcome, 'nothing_to_do')
      }),
  })
})

describe('a target list that is emptied while a run compares', () => {
  sideBySide({
    'makes the run ask before it removes anything': () =>
      inLoadedWorld({}, async (world) => {
        const report = await syncWhile(world, () => world.source.query('truncate targets'))
        assert.deepEqual(
          [report.outcome, report.held.map(({ kind }) => kind)],
          ['awaiting_approval', ['removals']],
        )
        assert.deepEqual(await world.writes(), [])
      }),

    'does not turn rows that were to be kept into removals': () =>
      inLoadedWorld({ env: ONE_SEGMENT }, async (world) => {
        await world.source.query(`delete from org_rows where id <= '${idOf(200)}'`)
        const report = await syncWhile(world, () => world.source.query('truncate targets'))
        assert.equal(report.rows.removed, 0)
        assert.deepEqual(await world.writes(), [])
        assert.equal(await ids(world), ROWS)
      }),
  })
})

describe('a source that is emptied between comparison and writing', () => {
  sideBySide({
    'turns no planned write into a removal': () =>
      inLoadedWorld({ master: DELETE_GONE, env: ONE_SEGMENT }, async (world) => {
        await world.source.query(`
          update org_rows set name = '改' where id <= '${idOf(10)}';
          delete from targets where id between '${idOf(11)}' and '${idOf(15)}';
          insert into org_rows values ('new1', '', ''), ('new2', '', '');
          insert into targets values ('new1'), ('new2')`)
        const report = await syncWhile(world, () => world.source.query('truncate org_rows'))
        const { inserted, updated, removed, moved } = report.rows
        assert.deepEqual(
          { inserted, updated, removed, moved },
          { inserted: 0, updated: 0, removed: 5, moved: 12 },
        )
        assert.deepEqual([report.outcome, report.equal, report.unequal_ids], ['completed', true, []])
        assert.deepEqual(await world.writes(), [
          'delete 00011',
          'delete 00012',
          'delete 00013',
          'delete 00014',
          'delete 00015',
        ])
      }),

    'is told in the report of a first load': () =>
      inGatedWorld({ rows: ROWS, env: ONE_SEGMENT }, async (world) => {
        const report = await syncWhile(world, () => world.source.query('truncate org_rows'))
        const { inserted, unchanged, moved } = report.rows
        assert.deepEqual({ inserted, unchanged, moved }, { inserted: 0, unchanged: 0, moved: ROWS })
        assert.deepEqual(await world.writes(), [])
      }),
  })
})
