import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { reportSchema, type RunReport } from '../../core/report.js'
import { askToReplace } from '../../operations/targets/replace.js'
import type { SyncInput } from '../../workflows/messages.js'
import { mochaGlobalSetup, mochaGlobalTeardown, mochaHooks } from '../support/servers.js'
import { createWorld, type World } from '../support/world.js'

/*
 * Records the histories that replay.test.ts replays:  node --import tsx test/replay/record.ts
 * With titles behind it, only these are written.
 * Run it on the code that is deployed, never on a change to the workflow: a history recorded by changed code replays
 * with it by definition, and proves nothing.
 */

const FOLDER = fileURLToPath(new URL('histories/', import.meta.url))

const WANTED: readonly string[] = process.argv.slice(2)

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 4, '0'), '病院' || n from generate_series(1, 100) n;
  insert into targets select id from orgs`

await mochaGlobalSetup()
mochaHooks.beforeAll()
await mkdir(FOLDER, { recursive: true })
const world = await createWorld({ source: SOURCE, env: { SEGMENT_ROWS: '10' } })
try {
  await record(world, 'first-load', {})
  await record(world, 'nothing-to-do', {})
  await world.source.query(
    `update orgs set name = '改名' where id like '%5'; delete from targets where id = '0007'`,
  )
  await record(world, 'plan', { mode: 'plan' })
  await record(world, 'changes', {})
  await record(world, 'only', { only: [['0001']] as unknown as NonNullable<SyncInput['only']> })
  await world.source.query('delete from targets')
  const held = await record(world, 'held', {})
  await record(world, 'answered', { answers: held?.run ?? 0, by: 'someone' })
  await record(world, 'undone', { undoes: (held?.run ?? 0) + 1, by: 'someone' })
  await record(world, 'approved', { approve: true, by: 'someone' })
  await world.cloud.query('delete from orgs')
  await world.source.query(`insert into targets select id from orgs where id <> '0007'`)
  await record(world, 'continued-as-new', { historyLimit: 30 })
  await askToReplace(world.app, world.master, { from: '0001', to: '0101', note: null })
  await world.source.query(`insert into orgs values ('0101', '新設')`)
  await record(world, 'replaced', { approve: true, by: 'someone' })
  await recordCancelled(world)
} finally {
  await world.close()
  await mochaHooks.afterAll()
  await mochaGlobalTeardown()
}

async function start(world: World, title: string, input: Partial<SyncInput>) {
  const { app, name } = world
  await world.work()
  const client = await app.temporal()
  return client.workflow.start('syncMaster', {
    workflowId: `recorded-${title}`,
    taskQueue: name,
    args: [{ master: name, mode: 'apply', leaseMs: 60_000, ...input } satisfies SyncInput],
  })
}

async function record(
  world: World,
  title: string,
  input: Partial<SyncInput>,
): Promise<RunReport | undefined> {
  const handle = await start(world, title, input)
  const report: unknown = await handle.result().catch(() => undefined)
  await save(world, title)
  return report === undefined ? undefined : reportSchema.parse(report)
}

/** Cancelled while the cutting waits for a lock. */
async function recordCancelled(world: World): Promise<void> {
  const locker = await world.source.connect()
  await locker.query('begin; lock table orgs')
  const handle = await start(world, 'cancelled', {})
  for (;;) {
    const { raw } = await handle.describe()
    if (raw.pendingActivities?.some((step) => step.activityType?.name === 'cutSegments')) break
  }
  await handle.cancel()
  await locker.query('rollback')
  locker.release()
  await handle.result().catch(() => undefined)
  await save(world, 'cancelled')
}

async function save(world: World, title: string): Promise<void> {
  if (WANTED.length > 0 && !WANTED.includes(title)) return
  const client = await world.app.temporal()
  const json = historyToJSON(await client.workflow.getHandle(`recorded-${title}`).fetchHistory())
  // Who and where it was recorded matters to nobody: names of machines, and paths in stack traces.
  const neutral: unknown = JSON.parse(json, (key, value: unknown) => {
    if (key === 'identity') return 'worker'
    if (typeof value === 'string' && value.startsWith('master-sync ')) return 'worker'
    if (key === 'stackTrace' || key === 'encodedAttributes') return ''
    return value
  })
  const text = JSON.stringify(neutral).replaceAll(world.name, 'recorded')
  await writeFile(`${FOLDER}${title}.json`, `${text}\n`)
}
