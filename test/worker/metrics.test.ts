import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import fc from 'fast-check'
import { SyncError } from '../../core/errors.js'
import { readEnvironment } from '../../core/options.js'
import { freePort } from '../../local/places.js'
import { expose, EXPOSITION_TYPE } from '../../worker/exposition.js'
import { metricFamilies } from '../../worker/metrics.js'
import { startWorker } from '../../worker/run-worker.js'
import { cli, tells } from '../cli/run-cli.js'
import { parseExposition, type Samples } from '../support/exposition.js'
import { codeBlocks, readPage } from '../support/markdown.js'
import { workflowBundle } from '../support/servers.js'
import { Workers } from '../support/worker-process.js'
import { createWorld, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key);
  insert into orgs select n::text, '名' || n from generate_series(1, 20) n;
  insert into targets select n::text from generate_series(1, 12) n union select 'nowhere'`

describe('the metrics of a worker', () => {
  let world: World
  let workers: Workers
  let port: number
  before(async () => {
    port = await freePort()
    world = await createWorld({
      source: SOURCE,
      master: { guards: { rejects: { rows: 5 } } },
    })
    workers = new Workers(world.env)
    await workers.start({ HEALTH_PORT: String(port), WORKER_SLOTS: '3' })
  })
  const stops: Promise<void>[] = []
  after(async () => {
    await Promise.all(stops)
    await workers.killAll()
    await world.close()
  })

  const environment = (env: Readonly<Record<string, string>>) =>
    readEnvironment({ ...world.env, ...env }, () => '')

  async function scrape(at = port): Promise<Samples> {
    const response = await fetch(`http://127.0.0.1:${at}/metrics`)
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, EXPOSITION_TYPE])
    return parseExposition(await response.text())
  }

  /** What a metric of the master is, with or without one more label. */
  function read(samples: Samples, name: string, label?: string, value?: string): number | undefined {
    const more = label === undefined ? '' : `,${label}="${value ?? ''}"`
    return samples.get(`master_sync_${name}{master="${world.name}"${more}}`)
  }

  it('tell of the worker, and that the ledger answers, before there is any run', async () => {
    const samples = await scrape()
    assert.equal(samples.get('master_sync_worker_running'), 1)
    assert.equal(samples.get('master_sync_worker_steps'), 0)
    assert.equal(samples.get('master_sync_worker_slots'), 3)
    assert.equal(read(samples, 'up'), 1)
    assert.equal(read(samples, 'copy_age_seconds'), undefined)
    assert.equal(read(samples, 'equal'), undefined)
    assert.equal(read(samples, 'runs_total', 'outcome', 'completed'), 0)
  })

  it('tell of the last run and of the copy, whichever worker carried it out', async () => {
    await world.cloud.query(`alter table orgs add constraint short check (name <> '名7')`)
    assert.equal((await world.sync()).outcome, 'completed_with_rejects')
    await world.cloud.query('alter table orgs drop constraint short')
    const samples = await scrape()
    assert.ok((read(samples, 'copy_age_seconds') ?? 99) < 60)
    const now = Date.now() / 1000
    for (const name of ['last_success_timestamp_seconds', 'last_run_timestamp_seconds'])
      assert.ok(Math.abs((read(samples, name) ?? 0) - now) < 60, name)
    assert.equal(read(samples, 'last_run_outcome', 'outcome', 'completed_with_rejects'), 1)
    assert.equal(read(samples, 'last_run_outcome', 'outcome', 'failed'), 0)
    assert.equal(read(samples, 'last_run_rows', 'kind', 'inserted'), 11)
    assert.equal(read(samples, 'last_run_rows', 'kind', 'rejected'), 1)
    assert.ok((read(samples, 'last_run_phase_seconds', 'phase', 'compare') ?? 0) > 0)
    assert.ok((read(samples, 'last_run_seconds') ?? 0) > 0)
    assert.ok((read(samples, 'last_run_bytes', 'side', 'source') ?? 0) > 0)
    assert.deepEqual(
      ['equal', 'targets', 'missing_targets', 'rejected_rows'].map((name) => read(samples, name)),
      [1, 13, 1, 1],
    )
    assert.equal(read(samples, 'runs_total', 'outcome', 'completed_with_rejects'), 1)
  })

  it('do not let what a person only looked at pass for the last run', async () => {
    const before = await scrape()
    assert.equal((await world.sync({ mode: 'plan' })).outcome, 'completed_with_rejects')
    const after = await scrape()
    for (const name of ['last_run_timestamp_seconds', 'last_success_timestamp_seconds'])
      assert.equal(read(after, name), read(before, name))
    assert.equal(read(after, 'runs_total', 'outcome', 'completed_with_rejects'), 2)
  })

  it('are there where a ledger is not, and say so', async () => {
    const other = await freePort()
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const down = `postgres://nobody@127.0.0.1:${(silent.address() as AddressInfo).port}/nothing`
    const { worker, stopped } = await startWorker(
      environment({ HEALTH_PORT: String(other), CLOUD_DATABASE_URL: down, TASK_QUEUE: `${world.name}_down` }),
      { workflowBundle: workflowBundle() },
    )
    const began = performance.now()
    const [one, two] = await Promise.all([scrape(other), scrape(other)])
    assert.ok(performance.now() - began < 9_000)
    for (const samples of [one, two]) {
      assert.equal(read(samples, 'up'), 0)
      assert.equal(read(samples, 'copy_age_seconds'), undefined)
      assert.equal(samples.get('master_sync_worker_running'), 1)
    }
    worker.shutdown()
    // It waits for the server for a while: others need not.
    stops.push(stopped)
    silent.close()
  })

  it('are not to be had by another method, and their port is opened once', async () => {
    const posted = await fetch(`http://127.0.0.1:${port}/metrics`, { method: 'POST' })
    assert.equal(posted.status, 405)
    assert.equal((await fetch(`http://127.0.0.1:${port}/metrics?name=x`)).status, 200)
    const taken = { ...world.env, HEALTH_PORT: String(port) }
    tells(await cli(taken, 'worker'), 3, 'PORT_TAKEN', `HEALTH_PORT ${port}`)
    const elsewhere = environment({ HEALTH_PORT: String(await freePort()), HEALTH_HOST: '192.0.2.1' })
    await assert.rejects(
      startWorker(elsewhere, { workflowBundle: workflowBundle() }),
      (error) => error instanceof SyncError && error.message.includes('HEALTH_HOST 192.0.2.1'),
    )
  })

  it('are those that docs/deploy.md names, which alerts on no others', () => {
    const families = metricFamilies([], { running: true, steps: 0, slots: 1 })
    const page = readPage('docs/deploy.md')
    const [, table = ''] = /^\| metric .*\n((?:\|.*\n)+)/mu.exec(page) ?? []
    const cells = table.split('\n').map((row) => row.split('|')[1] ?? '')
    const named = cells.flatMap((cell) => [...cell.matchAll(/`([a-z_]+)/gu)].map(([, name = '']) => name))
    const names = families.map(({ name }) => name)
    assert.deepEqual(named.map((name) => `master_sync_${name}`).sort(), [...names].sort())
    const alerts = codeBlocks(page, 'yaml').flatMap((block) => block.match(/\bmaster_sync_[a-z_]+/gu) ?? [])
    assert.ok(alerts.length > 5)
    for (const name of alerts) assert.ok(names.includes(name), name)
  })

  it('keep to the format whatever a label holds', () => {
    const label = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\\', '"', '\n', 'n', '}') }),
    )
    fc.assert(
      fc.property(label, fc.double(), (value, number) => {
        const samples = [{ labels: { name: value }, value: number }]
        const parsed = parseExposition(expose([{ name: 'x', type: 'gauge', help: `of ${value}\\`, samples }]))
        const [[written, back] = ['', 0]] = [...parsed]
        const unescaped = written
          .slice('x{name="'.length, -'"}'.length)
          .replace(/\\(.)/gu, (_, sign: string) => (sign === 'n' ? '\n' : sign))
        assert.equal(unescaped, value)
        assert.ok(Object.is(back, number) || back === number)
      }),
    )
  })
})
