import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { WorkflowHandle } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { reportSchema, type RunReport } from '../../core/report.js'
import { askToReplace } from '../../operations/targets/replace.js'
import type { ImportInput, SyncInput } from '../../workflows/messages.js'
import { stage } from '../support/direct-import.js'
import { mochaGlobalSetup, mochaGlobalTeardown, mochaHooks } from '../support/servers.js'
import { createWorld, type World } from '../support/world.js'

/*
 * Records the histories that replay.test.ts replays:  node --import tsx test/replay/record.ts
 * With titles behind it, only these are written.
 * Run it on the code that is deployed, never on a change to the workflow: a history recorded by changed code replays
 * with it by definition, and proves nothing.
 */

const FOLDER = fileURLToPath(new URL('histories/', import.meta.url))

const READING = { feed: 'kouseikyoku-ika' }

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
const publications = await createWorld({
  source: '',
  master: {
    source: { table: 'public.master_medical_orgs', key: ['medical_id'] },
    cloud: { table: 'public.master_medical_orgs' },
    schedule: { after: 'import' },
  },
  withMaster: true,
})
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
  await recordImports(publications)
} finally {
  await Promise.all([world.close(), publications.close()])
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

/** One with a sync that follows, one that is fetched, fails, asks, is approved, is cancelled. */
async function recordImports(world: World): Promise<void> {
  const line = (n: number): string => `01${n},${n},第${n}医院,0600001,本町${n}番\n`
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, index) => line(2_000_000 + index)).join('')
  const staged = async (month: string, count: number): Promise<string> => {
    const path = `${world.app.mastersFolder}/../list_${month}.csv`
    await writeFile(path, lines(count))
    return stage(world, [path], READING)
  }
  const site = createServer((_, answer) => answer.end(lines(31)))
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/list_202411.csv`
  try {
    await recordImport(world, 'import', { import: await staged('202410', 30) })
    await recordImport(world, 'import-older', { import: await staged('202401', 30) })
    await recordImport(world, 'import-fetched', { from: [url], reading: READING })
    await recordImport(world, 'import-loaded-before', { from: [url], reading: READING })
    const held = await recordImport(world, 'import-held', { import: await staged('202412', 15) })
    await recordImport(world, 'import-approved', { answers: held?.run ?? 0, by: 'someone' })
    const id = await staged('202501', 15)
    const locker = await world.source.connect()
    await locker.query('begin; lock table master_medical_orgs in share mode')
    const handle = await startImport(world, 'import-cancelled', { import: id })
    await untilAt(handle, 'applyImport')
    await handle.cancel()
    await handle.result().catch(() => undefined)
    await locker.query('rollback')
    locker.release()
    await save(world, 'import-cancelled')
  } finally {
    site.closeAllConnections()
    site.close()
  }
}

async function startImport(world: World, title: string, input: Partial<ImportInput>) {
  const { app, name } = world
  await world.work()
  const client = await app.temporal()
  return client.workflow.start('importMaster', {
    workflowId: `recorded-${title}`,
    taskQueue: name,
    args: [{ master: name, leaseMs: 60_000, ...input } satisfies ImportInput],
  })
}

async function recordImport(
  world: World,
  title: string,
  input: Partial<ImportInput>,
): Promise<RunReport | undefined> {
  const handle = await startImport(world, title, input)
  const report: unknown = await handle.result().catch(() => undefined)
  await save(world, title)
  return report === undefined ? undefined : reportSchema.parse(report)
}

/** Cancelled while the cutting waits for a lock. */
async function recordCancelled(world: World): Promise<void> {
  const locker = await world.source.connect()
  await locker.query('begin; lock table orgs')
  const handle = await start(world, 'cancelled', {})
  await untilAt(handle, 'cutSegments')
  await handle.cancel()
  await locker.query('rollback')
  locker.release()
  await handle.result().catch(() => undefined)
  await save(world, 'cancelled')
}

async function untilAt(handle: WorkflowHandle, step: string): Promise<void> {
  for (;;) {
    const { raw } = await handle.describe()
    if (raw.pendingActivities?.some(({ activityType }) => activityType?.name === step)) return
  }
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
    // What a payload holds is encoded; a child is named after the master that stands in one.
    if (key === 'data' && typeof value === 'string') return inText(value, (text) => rename(text, world))
    return value
  })
  const text = rename(JSON.stringify(neutral), world)
  await writeFile(`${FOLDER}${title}.json`, `${text}\n`)
}

const rename = (text: string, { name }: World): string => text.replaceAll(name, 'recorded')

const inText = (base64: string, change: (text: string) => string): string =>
  Buffer.from(change(Buffer.from(base64, 'base64').toString())).toString('base64')
