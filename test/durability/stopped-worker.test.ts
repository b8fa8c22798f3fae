import assert from 'node:assert/strict'
import { freePort } from '../../local/places.js'
import type { StartedRun } from '../../operations/start.js'
import type { SyncInput } from '../../workflows/messages.js'
import { until } from '../support/gates.js'
import { inGatedWorld, type GatedWorld } from '../support/gated-world.js'
import { sideBySide } from '../support/side-by-side.js'
import { texts } from '../support/world.js'

const ROWS = 200

/** Its sessions outlive the patience of everybody else, so that what stops it is not a timeout of its own. */
const PATIENT = { LEASE_SECONDS: '60' }
/** Takes no second step while it is stopped in the first. */
const ONE_STEP = { WORKER_SLOTS: '1' }

/** A run whose steps and workflow tasks are given up on quickly, on a task queue of the test's choice. */
async function startDirectly(world: GatedWorld, taskQueue: string): Promise<StartedRun> {
  const client = await world.app.temporal()
  const input: SyncInput = { master: world.master.master, mode: 'apply', leaseMs: 5_000 }
  const handle = await client.workflow.start('syncMaster', {
    workflowId: `${world.name}-${taskQueue}`,
    taskQueue,
    workflowTaskTimeout: '2s',
    args: [input],
  })
  return { workflowId: handle.workflowId, runId: handle.firstExecutionRunId, how: 'started' }
}

/** The values that a stopped step has already read are not those that the next one finds. */
async function changeSource(world: GatedWorld): Promise<void> {
  await world.source.query(`update org_rows set name = name || '改'`)
}

async function assertSame(world: GatedWorld): Promise<void> {
  assert.deepEqual(
    await texts(world.cloud, 'select id, name from orgs order by id'),
    await texts(world.source, 'select id, name from org_rows order by id'),
  )
}

describe('a worker that is stopped', () => {
  sideBySide({
    'with SIGTERM finishes its step, and another takes on the rest': () =>
      inGatedWorld({ rows: ROWS, env: { LEASE_SECONDS: '60' } }, async (world) => {
        const gate = await world.hold('copy')
        const worker = await world.workers.start()
        const started = await world.start()
        await gate.reached()
        const ended = worker.end()
        await gate.open()
        assert.equal(await ended, 'exit code 0')
        assert.ok((await world.writes()).length > 0, 'the step was given up')
        await world.workers.start()
        const report = await world.follow(started)
        assert.deepEqual([report.run, report.outcome, report.equal], [1, 'completed', true])
        assert.equal((await world.writes()).length, ROWS)
      }),

    'and goes on writes nothing when its run was taken over; the run queues again and completes': () =>
      inGatedWorld({ rows: ROWS }, async (world) => {
        const gate = await world.hold('copy')
        const stopped = await world.workers.start(PATIENT)
        const first = await world.start()
        await gate.reached()
        stopped.stop()
        await gate.open()
        await changeSource(world)

        await world.workers.start({ TASK_QUEUE: 'other' })
        const second = await world.follow(await startDirectly(world, 'other'))
        assert.deepEqual([second.outcome, second.equal, second.rows.inserted], ['completed', true, ROWS])
        await world.forgetWrites()

        stopped.resume()
        const report = await world.follow(first)
        assert.deepEqual([report.run, report.outcome, report.equal], [1, 'completed', true])
        assert.deepEqual([report.rows.inserted, report.rows.updated, report.rows.unchanged], [0, 0, ROWS])
        assert.deepEqual(await world.writes(), [])
        await assertSame(world)
      }),

    'in the middle of a COPY, and goes on, writes nothing when another did its step': () =>
      inGatedWorld({ rows: ROWS }, async (world) => {
        const gate = await world.hold('copy')
        const stopped = await world.workers.start({ ...PATIENT, ...ONE_STEP })
        const started = await startDirectly(world, world.name)
        await gate.reached()
        stopped.stop()
        await gate.open()
        await changeSource(world)

        const closing = await world.hold('close')
        await world.workers.start()
        await closing.reached()
        assert.equal((await world.writes()).length, ROWS)
        stopped.resume()
        // Ends when its steps have.
        await stopped.end()
        await closing.open()
        const report = await world.follow(started)
        assert.deepEqual([report.outcome, report.equal, report.rows.inserted], ['completed', true, ROWS])
        assert.equal((await world.writes()).length, ROWS)
        await assertSame(world)
      }),

    'before its commit, and goes on, writes nothing when another did its step': () =>
      inGatedWorld({ rows: ROWS }, async (world) => {
        const gate = await world.hold('checkpoint')
        const stopped = await world.workers.start(ONE_STEP)
        const started = await startDirectly(world, world.name)
        await gate.reached()
        stopped.stop()
        await gate.open()

        await world.workers.start()
        const report = await world.follow(started)
        stopped.resume()
        await stopped.end()
        assert.deepEqual([report.outcome, report.equal, report.rows.inserted], ['completed', true, ROWS])
        assert.equal((await world.writes()).length, ROWS)
      }),

    'in the middle of a comparison, and goes on, leaves the plan alone that another made': () =>
      inGatedWorld({ rows: 100, master: { guards: { updates: { percent: 100 } } } }, async (world) => {
        const loader = await world.workers.start()
        await world.follow(await world.start())
        await loader.kill()
        await changeSource(world)

        const look = await world.hold('look')
        const port = await freePort()
        await world.workers.start({ ...PATIENT, HEALTH_PORT: String(port) })
        const started = await startDirectly(world, world.name)
        await look.reached()
        const copy = await world.hold('copy')
        await look.holdOnlyFirst()
        await copy.reached()
        const made = await plan(world)
        assert.equal(await stepsAt(port), 2)
        await look.open()
        await until('the late step to end', async () => (await stepsAt(port)) === 1)
        assert.deepEqual(await plan(world), made)
        await copy.open()
        const report = await world.follow(started)
        assert.deepEqual([report.outcome, report.equal, report.rows.updated], ['completed', true, 100])
      }),
  })
})

function plan(world: GatedWorld): Promise<unknown> {
  return texts(world.cloud, 'select xmin, segment, key, kind from master_sync.plan_rows order by key')
}

/** Steps in flight in a worker. */
async function stepsAt(port: number): Promise<unknown> {
  const answer = (await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()) as {
    readonly steps: unknown
  }
  return answer.steps
}
