import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { inSession } from '../../db/session.js'
import { cancelRun } from '../../operations/cancel.js'
import type { StartedRun } from '../../operations/start.js'
import { until } from '../support/gates.js'
import { idOf, inGatedWorld, type GatedWorld } from '../support/gated-world.js'
import { sideBySide } from '../support/side-by-side.js'
import { texts } from '../support/world.js'

const ROWS = 600

const cancel = (world: GatedWorld, run: number) => cancelRun(world.app, world.master, run)

async function isAskedToStop(world: GatedWorld, { workflowId, runId }: StartedRun): Promise<boolean> {
  const client = await world.app.temporal()
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe()
  return Number(raw.pendingActivities?.[0]?.state) === CANCEL_REQUESTED
}

/** temporal.api.enums.v1.PendingActivityState */
const CANCEL_REQUESTED = 3

describe('a cancelled run', () => {
  sideBySide({
    'closes although its worker was killed in the middle of a step': () =>
      inGatedWorld({ rows: ROWS }, async (world) => {
        const gate = await world.hold('checkpoint')
        const worker = await world.workers.start()
        const started = await world.start()
        await gate.reached()
        await worker.kill()
        await cancel(world, 1)
        await gate.open()
        await world.workers.start()
        const report = await world.follow(started)
        assert.deepEqual([report.run, report.outcome], [1, 'cancelled'])
        assert.deepEqual(
          await texts(world.cloud, 'select outcome, report is not null from master_sync.runs'),
          [['cancelled', 't']],
        )
      }),

    'that waits for another run stops waiting': () =>
      inGatedWorld({ rows: ROWS, env: { LEASE_SECONDS: '60' } }, async (world) => {
        const copy = await world.hold('copy')
        await world.work()
        const first = await world.start()
        await copy.reached()
        const second = await world.start({ only: [idOf(1)] })
        await until('the second run to be recorded', async () => (await world.runs()).length === 2)
        // While it looks whether the lease is free: what it finds then is not to be taken for its failure.
        const record = await world.hold('record')
        await record.reached()
        await cancel(world, 2)
        await until('the step to be asked to stop', () => isAskedToStop(world, second))
        await record.open()
        const report = await world.follow(second)
        assert.deepEqual([report.run, report.outcome, report.failure], [2, 'cancelled', null])
        await copy.open()
        assert.equal((await world.follow(first)).outcome, 'completed')
      }),

    'is not taken for the one that has its name now': () =>
      inGatedWorld({ rows: ROWS }, async (world) => {
        const gate = await world.hold('copy')
        await world.work()
        const first = await world.start()
        await gate.reached()
        const client = await world.app.temporal()
        await client.workflow.getHandle(first.workflowId).terminate('by the test')
        const second = await world.start()
        assert.equal(second.workflowId, first.workflowId)
        assert.equal((await world.follow(await cancel(world, 1))).outcome, 'cancelled')
        await gate.open()
        const report = await world.follow(second)
        assert.deepEqual([report.run, report.outcome, report.equal], [2, 'completed', true])
      }),

    'begins no further statement': () =>
      inGatedWorld({ rows: 1 }, async (world) => {
        const database = world.app.databases.get('cloud', world.master.cloud.database)
        const controller = new AbortController()
        await assert.rejects(
          inSession(
            database,
            async ({ db }) => {
              await sql`select 1`.execute(db)
              controller.abort(new Error('stopped'))
              await sql`insert into writes (write) values ('late')`.execute(db)
            },
            controller.signal,
          ),
          /stopped/u,
        )
        assert.deepEqual(await world.writes(), [])
      }),
  })
})
