import assert from 'node:assert/strict'
import { z } from 'zod'
import { startCli, type Running } from '../cli/run-cli.js'
import { startWebhook, TOKEN, type WebhookServer } from '../support/webhook-server.js'
import { createWorld, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key);
  insert into orgs select n::text, '漏れてはならない値' || n from generate_series(1, 40) n;
  insert into targets select id from orgs`

const PASSWORD = 'ge heim/@:1'
const KEY = 'a-key-that-nobody-may-see'

const lineSchema = z.looseObject({
  level: z.number(),
  time: z.number(),
  service: z.literal('master-sync'),
  msg: z.string(),
  master: z.string().optional(),
  run: z.number().optional(),
  segment: z.number().optional(),
  seconds: z.number().optional(),
  code: z.string().optional(),
  rows: z.record(z.string(), z.number()).optional(),
})
type Line = z.output<typeof lineSchema>

describe('the log of a worker', () => {
  let world: World
  let chat: WebhookServer
  let worker: Running
  before(async () => {
    chat = await startWebhook()
    chat.answer(403)
    world = await createWorld({ source: SOURCE, env: { SEGMENT_ROWS: '10' } })
    worker = startCli({ ...world.env, WEBHOOK_URL: chat.url, TEMPORAL_GRPC_META_X_KEY: KEY }, 'worker')
    await worker.says('worker ready')
  })
  after(async () => {
    worker.process.kill('SIGKILL')
    await worker.ended
    await chat.close()
    await world.close()
  })

  const sync = async (): Promise<void> => {
    await startCli(world.env, 'start-sync').ended
  }

  it('is a line of JSON for each step, with its master, run and segment, and no secret in any', async () => {
    await sync()
    await world.source.query('alter table targets rename to elsewhere')
    await sync()
    worker.process.kill('SIGTERM')
    const { stderr } = await worker.ended
    const lines = readLines(stderr)
    const done = lines.filter(({ msg }) => msg === 'step done')
    assert.ok(done.every(({ master, seconds }) => master === world.name && seconds !== undefined))
    const of = (type: string): Line[] => done.filter(({ activityType }) => activityType === type)
    const written = of('applySegment').sort((a, b) => (a.segment ?? 0) - (b.segment ?? 0))
    assert.deepEqual(
      written.map(({ run, segment }) => [run, segment]),
      written.map((_, segment) => [1, segment]),
    )
    assert.equal(
      written.reduce((sum, { rows }) => sum + (rows?.['inserted'] ?? 0), 0),
      40,
    )
    assert.ok(
      of('compareSegments').every(
        ({ run, segment, bytes }) => run !== undefined && segment !== undefined && bytes,
      ),
    )
    assert.deepEqual(
      of('closeRun').map(({ run, outcome, equal }) => [run, outcome, equal ?? null]),
      [
        [1, 'completed', true],
        [2, 'failed', null],
      ],
    )
    const failed = lines.filter(({ msg }) => msg === 'Activity failed')
    assert.deepEqual(
      failed.map(({ master, run, code }) => [master, run, code]),
      [
        [world.name, undefined, 'TABLE_MISSING'],
        [world.name, 2, 'WEBHOOK_REFUSED'],
      ],
    )
    assert.ok(lines.some(({ msg, code }) => msg.startsWith('nobody was told') && code === 'WEBHOOK_REFUSED'))
    for (const secret of [TOKEN, KEY, '漏れてはならない値']) assert.ok(!stderr.includes(secret), secret)
  })

  it('and what a command says, never holds the password of a URL', async () => {
    const env = { ...world.env, TEMPORAL_ADDRESS: `http://somebody:${KEY}@127.0.0.1:1` }
    const told = await startCli(env, 'schedule', 'status', '--json').ended
    assert.match(told.stdout, /"Temporal at http:\/\/somebody:\*\*\*@127/u)
    assert.ok(!`${told.stdout}${told.stderr}`.includes(KEY))
  })

  it('never holds the password of a URL, right or wrong', async () => {
    const url = new URL(world.env['CLOUD_DATABASE_URL'] ?? '')
    url.username = 'no-such-role'
    url.password = encodeURIComponent(PASSWORD)
    const wrong = startCli({ ...world.env, CLOUD_DATABASE_URL: url.href }, 'worker')
    await wrong.says('worker ready')
    const started = startCli(world.env, 'start-sync', '--detach')
    await started.ended
    await wrong.says('DATABASE_REFUSED')
    wrong.process.kill('SIGTERM')
    const { stderr } = await wrong.ended
    const [refused] = readLines(stderr).filter(({ code }) => code === 'DATABASE_REFUSED')
    assert.equal(refused?.master, world.name)
    for (const form of [PASSWORD, encodeURIComponent(PASSWORD), url.password])
      assert.ok(!stderr.includes(form), stderr)
  })
})

function readLines(stderr: string): readonly Line[] {
  return stderr
    .trim()
    .split('\n')
    .map((line) => lineSchema.parse(JSON.parse(line)))
}
