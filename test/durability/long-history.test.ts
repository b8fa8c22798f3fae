import assert from 'node:assert/strict'
import type { WorkflowHandle } from '@temporalio/client'
import { reportSchema } from '../../core/report.js'
import type { SyncInput } from '../../workflows/messages.js'
import type { Progress } from '../../workflows/state.js'
import { createWorld, type World } from '../support/world.js'

const ROWS = 600
const MARKER = '漏れてはならない値'
const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 6, '0'), '${MARKER}' || n from generate_series(1, ${ROWS}) n;
  insert into targets select id from orgs`

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>

const MOST_BYTES = 64 * 1024

describe('a run of many segments', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE, env: { SEGMENT_ROWS: '20' } })
    await world.work()
  })
  after(() => world.close())

  it('continues as new with a full account when its history grows long', async () => {
    const client = await world.app.temporal()
    const input: SyncInput = { master: world.name, mode: 'apply', leaseMs: 60_000, historyLimit: 40 }
    const handle = await client.workflow.start('syncMaster', {
      workflowId: `${world.name}-long`,
      taskQueue: world.name,
      args: [input],
    })
    const report = reportSchema.parse(await handle.result())
    assert.deepEqual([report.outcome, report.equal], ['completed', true])
    assert.deepEqual([report.rows.inserted, report.targets, report.missing], [ROWS, ROWS, 0])
    const executions = await countExecutions(world, handle.workflowId)
    assert.ok(executions > 3, `${executions} executions`)
    const progress = await client.workflow.getHandle(handle.workflowId).query<Progress>('progress')
    assert.equal(progress.run, report.run)
  })

  it('puts no value of a row into its history, and no payload above 64 KB', async () => {
    await world.source.query(
      `update orgs set name = name || '改' where id like '%7'; delete from targets where id like '%9'`,
    )
    await world.rewrite({ guards: { removals: { percent: 100 } } })
    const report = await world.sync()
    assert.deepEqual([report.equal, report.rows.updated, report.rows.removed], [true, 60, 60])
    const client = await world.app.temporal()
    const history = await client.workflow.getHandle(report.workflow.id, report.workflow.run_id).fetchHistory()
    const payloads = payloadsOf(history)
    assert.ok(payloads.length > 60, `${payloads.length} payloads`)
    for (const payload of payloads) {
      const text = Buffer.from(payload.data ?? []).toString('utf8')
      assert.ok(text.length <= MOST_BYTES, `a payload of ${text.length} bytes`)
      assert.ok(!text.includes(MARKER), text.slice(0, 200))
    }
  })
})

interface Payload {
  readonly data?: Uint8Array | null
  readonly metadata?: unknown
}

/** Every payload of a history, wherever it stands. */
function payloadsOf(history: History): readonly Payload[] {
  const found: Payload[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
    if ('data' in value && 'metadata' in value && value.data instanceof Uint8Array)
      found.push(value as Payload)
    else Object.values(value).forEach(visit)
  }
  visit(history.events ?? [])
  return found
}

/** How many executions a workflow had, from the last back to the first. */
async function countExecutions(world: World, workflowId: string): Promise<number> {
  const client = await world.app.temporal()
  let runId: string | undefined
  for (let count = 1; ; count++) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory()
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes
    if (!started?.continuedExecutionRunId) return count
    runId = started.continuedExecutionRunId
  }
}
