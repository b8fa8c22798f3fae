import assert from 'node:assert/strict'
import type pg from 'pg'
import { look } from '../../operations/follow.js'
import type { StartedRun } from '../../operations/start.js'
import { until } from '../support/gates.js'
import { idOf, inGatedWorld, type GatedWorld } from '../support/gated-world.js'
import { sideBySide } from '../support/side-by-side.js'
import { texts } from '../support/world.js'

const ROWS = 200

/** All rows are loaded, and then changed at the source; they would be written in one batch. */
function inChangedWorld(
  test: (world: GatedWorld, user: pg.PoolClient) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const options = {
    rows: ROWS,
    master: { guards: { updates: { percent: 100 } } },
    env: { SEGMENT_ROWS: '1000', BATCH_ROWS: '1000', LEASE_SECONDS: '20', ...env },
  }
  return inGatedWorld(options, async (world) => {
    await world.sync()
    await world.forgetWrites()
    await world.source.query(`update org_rows set name = name || '改'`)
    const user = await world.cloud.connect()
    try {
      await test(world, user)
    } finally {
      // With its transaction, whatever became of it.
      user.release(true)
    }
  })
}

async function attempts(world: GatedWorld, { workflowId }: StartedRun): Promise<number> {
  const client = await world.app.temporal()
  const { raw } = await client.workflow.getHandle(workflowId).describe()
  return Math.max(0, ...(raw.pendingActivities ?? []).map((step) => step.attempt ?? 0))
}

describe('a user in the middle of a transaction on the cloud table', () => {
  sideBySide({
    'who lets go of a row has it written last, and kept nobody waiting': () =>
      inChangedWorld(async (world, user) => {
        await user.query(`begin; update orgs set remarks = 'mine' where id = '${idOf(7)}'`)
        await world.work()
        const started = await world.start()
        await until('the other rows to be written', async () => (await world.writes()).length === ROWS - 1)
        await user.query('commit')
        const report = await world.follow(started)
        assert.deepEqual([report.outcome, report.equal, report.rows.updated], ['completed', true, ROWS])
        assert.equal((await world.writes()).at(-1), `update ${idOf(7)}`)
      }),

    'who never lets go of a row has it parked, and the run ends': () =>
      inChangedWorld(
        async (world, user) => {
          await user.query(`begin; update orgs set remarks = 'mine' where id = '${idOf(7)}'`)
          const report = await world.sync()
          assert.deepEqual([report.outcome, report.equal], ['completed_with_rejects', true])
          assert.deepEqual([report.rows.updated, report.rows.rejected], [ROWS - 1, 1])
          assert.deepEqual(await texts(world.cloud, 'select key, sqlstate from master_sync.rejects'), [
            [`{${idOf(7)}}`, '55P03'],
          ])
          await user.query('commit')
          const next = await world.sync()
          assert.deepEqual([next.outcome, next.equal, next.rows.updated], ['completed', true, 1])
        },
        // The shortest: waiting for a row must end before a statement does.
        { LEASE_SECONDS: '5' },
      ),

    'who has inserted a listed row is not made the victim of a deadlock': () =>
      inChangedWorld(async (world, user) => {
        // Falls into the second half of the batch; the first is then written and locked for a while.
        const id = `${idOf(ROWS / 2)}a`
        await world.source.query(
          `insert into org_rows values ('${id}', '', ''); insert into targets values ('${id}')`,
        )
        await world.cloud.query(`
          create function linger() returns trigger language plpgsql as $$
          begin
            perform pg_sleep(0.01);
            return new;
          end $$;
          create trigger linger before update on orgs for each row execute function linger()`)
        await user.query(`begin; insert into orgs (id, name) values ('${id}', 'mine')`)
        await world.work()
        const started = await world.start()
        const ended = world.follow(started)
        const isLocked = async (): Promise<boolean> => {
          const { rowCount } = await world.cloud.query(
            `select from orgs where id = '${idOf(1)}' for update skip locked`,
          )
          return rowCount === 0
        }
        await until('the first row to be locked', isLocked)
        await user.query(`update orgs set remarks = 'mine' where id = '${idOf(1)}'`)
        await user.query('commit')
        const report = await ended
        assert.deepEqual([report.outcome, report.rows.updated, report.rows.adopted], ['completed', ROWS, 1])
        // The user's edit came after what the run wrote.
        assert.deepEqual(report.unequal_ids, [idOf(1)])
      }),

    'who has locked the table keeps the run waiting, not its rows refused': () =>
      inChangedWorld(
        async (world, user) => {
          // As `create index` does.
          await user.query('begin; lock table orgs in share mode')
          await world.work()
          const started = await world.start()
          await until('the step to be tried again', async () => (await attempts(world, started)) > 1)
          assert.deepEqual(await texts(world.cloud, 'select key from master_sync.plan_rows where busy'), [])
          const { retrying } = await look(await world.app.temporal(), started)
          assert.match(retrying ?? '', /lock timeout/u)
          await user.query('commit')
          const report = await world.follow(started)
          assert.deepEqual([report.outcome, report.equal, report.rows.updated], ['completed', true, ROWS])
        },
        { LEASE_SECONDS: '5' },
      ),
  })
})
