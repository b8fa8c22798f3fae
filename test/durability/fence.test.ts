import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { keyFromDatabase } from '../../core/ids.js'
import { look } from '../../operations/follow.js'
import { acquireLease, checkLease, releaseLease, type Lease } from '../../db/lease.js'
import { newRun, readContext, recordRun, type RunContext } from '../../db/runs.js'
import { storePlan } from '../../db/plan-rows.js'
import { storeComparison, storeSegments } from '../../db/segments.js'
import { inSession, READ_COMMITTED, transaction, type Session } from '../../db/session.js'
import { until } from '../support/gates.js'
import { createGatedWorld, idOf, type GatedWorld } from '../support/gated-world.js'
import { texts } from '../support/world.js'

const ROWS = 200

describe('the fence', () => {
  let world: GatedWorld
  beforeEach(async () => {
    world = await createGatedWorld({ rows: ROWS, env: { LEASE_SECONDS: '60' } })
  })
  afterEach(() => world.end())

  const inCloud = <T>(work: (session: Session) => Promise<T>): Promise<T> =>
    inSession(world.app.databases.get('cloud', world.master.cloud.database), work)

  /** Another run, as far as the ledger knows. */
  const recordOther = (session: Session): Promise<number> =>
    recordRun(session, newRun(world.master, 'apply', {}, { workflowId: 'other', executionId: randomUUID() }))

  it('lets a batch whose run was taken over write nothing, and the run goes on when it has the lease again', async () => {
    const gate = await world.hold('checkpoint')
    await world.work()
    const started = await world.start()
    await gate.reached()
    const other = await inCloud(async (session) => {
      const run = await recordOther(session)
      await acquireLease(session, world.master.master, run, 0)
      return run
    })
    await gate.open()
    const client = await world.app.temporal()
    await until('the run to queue', async () => {
      const { retrying } = await look(client, started)
      return retrying?.includes('is under way') === true
    })
    assert.deepEqual(await world.writes(), [])
    await inCloud((session) => releaseLease(session, world.master.master, other))
    const report = await world.follow(started)
    assert.deepEqual(
      [report.run, report.outcome, report.equal, report.rows.inserted],
      [1, 'completed', true, ROWS],
    )
    assert.equal((await world.writes()).length, ROWS)
  })

  it('makes a takeover wait for a transaction that has passed it', async () => {
    const master = world.master.master
    await inCloud(async (writer) => {
      const lease = await acquireLease(writer, master, await recordOther(writer), 60_000)
      let committed = false
      const takeover = inCloud(async (session) => {
        const taken = await acquireLease(session, master, await recordOther(session), 0)
        return { taken, after: committed }
      })
      await transaction(writer, READ_COMMITTED, async () => {
        await checkLease(writer, lease)
        await until('the takeover to wait', async () => {
          const { rowCount } = await world.cloud.query(`
            select from pg_locks where locktype in ('transactionid', 'tuple') and not granted`)
          return rowCount === 1
        })
        committed = true
      })
      const { taken, after } = await takeover
      assert.ok(after)
      await assert.rejects(checkLease(writer, lease), { code: 'LEASE_LOST' })
      await releaseLease(writer, master, taken.run)
    })
  })

  it('gives no lease to a run that has ended', async () => {
    await world.sync()
    const [run] = await world.runs()
    await assert.rejects(
      inCloud((session) => acquireLease(session, world.master.master, run ?? 0, 60_000)),
      { code: 'RUN_UNKNOWN' },
    )
  })

  it('has a run that waited go by its file as it is when the waiting is over', async () => {
    await world.sync()
    await world.source.query(`update org_rows set name = name || '改' where id = '${idOf(100)}'`)
    const gate = await world.hold('copy')
    const first = await world.start()
    await gate.reached()
    const id = idOf(7)
    await world.source.query(`delete from targets where id = '${id}'`)
    const second = await world.start({ only: [id] })
    await until('the second run to be recorded', async () => (await world.runs()).length === 3)
    await world.rewrite({ removals: { untargeted: 'keep' } })
    await gate.open()
    await world.follow(first)
    assert.equal((await world.follow(second)).outcome, 'completed')
    assert.deepEqual(await texts(world.cloud, `select id from orgs where id = '${id}'`), [[id]])
  })

  it('lets a step that comes late change neither the segments nor the plan', async () => {
    await world.sync()
    await world.source.query(
      `update org_rows set name = name || '改' where id <= '${idOf(80)}' or id = '${idOf(100)}'`,
    )
    const gate = await world.hold('copy')
    const started = await world.start()
    await gate.reached()
    const [, run = 0] = await world.runs()
    const ledger = async () => [
      await texts(
        world.cloud,
        `select s.xmin, s.* from master_sync.segments s where run = ${run} order by segment`,
      ),
      await texts(
        world.cloud,
        `select p.xmin, p.* from master_sync.plan_rows p where run = ${run} order by key`,
      ),
    ]
    const before = await ledger()
    await inCloud(async (session) => {
      const lease = await acquireLease(session, world.master.master, run, 60_000)
      const context = await readContext(session, run)
      assert.ok(context)
      await late(session, lease, context)
    })
    assert.deepEqual(await ledger(), before)
    await gate.open()
    const report = await world.follow(started)
    assert.deepEqual([report.outcome, report.equal, report.rows.updated], ['completed', true, 81])
  })
})

async function late(session: Session, lease: Lease, context: RunContext): Promise<void> {
  await storeSegments(session, lease, [{ from: undefined, below: undefined }])
  const steps = [{ key: keyFromDatabase([idOf(1)]), step: 'delete_gone' }] as const
  const found = [{ segment: 0, whole: false, listed: 0, present: 0, steps }]
  await storeComparison(session, lease, found, (segment) =>
    storePlan(session, lease.run, segment, context.layout, steps),
  )
}
