import assert from 'node:assert/strict'
import { SyncError } from '../../core/errors.js'
import { startWorker } from '../../worker/run-worker.js'
import { readEnvironment } from '../../core/options.js'
import { startWebhook, TOKEN, type WebhookServer } from '../support/webhook-server.js'
import { createWorld, type MasterPatch, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key);
  insert into orgs select n::text, '名' || n from generate_series(1, 30) n;
  insert into targets select id from orgs`

const REFUSES_ONE: MasterPatch = { title: '医療機関マスタ', guards: { rejects: { rows: 10 } } }

describe('the webhook of a worker', () => {
  let chat: WebhookServer
  const worlds: World[] = []
  /** Under way while the others run: it takes as long as all attempts. */
  let silent: ReturnType<typeof runInSilence>
  before(async () => {
    chat = await startWebhook()
    silent = runInSilence()
    silent.catch(() => undefined)
  })
  after(async () => {
    await Promise.all(worlds.map((world) => world.close()))
    await chat.close()
  })

  async function worldWith(env: Readonly<Record<string, string>>, cloud = ''): Promise<World> {
    const world = await createWorld({
      source: SOURCE,
      cloud,
      master: REFUSES_ONE,
      env: { WEBHOOK_URL: chat.url, LEASE_SECONDS: '12', ...env },
    })
    worlds.push(world)
    return world
  }

  /** A run that fails, while the webhook first leads elsewhere and then never answers. */
  async function runInSilence() {
    const mute = await startWebhook()
    mute.answer(302, ...Array<'silence'>(9).fill('silence'))
    const world = await worldWith({ WEBHOOK_URL: mute.url })
    await world.sync()
    await world.source.query('alter table targets rename to elsewhere')
    const began = performance.now()
    assert.equal((await world.sync()).outcome, 'failed')
    const seconds = (performance.now() - began) / 1000
    await mute.close()
    return { seconds, received: mute.received }
  }

  /** The Slack messages that came since `from`. */
  function messages(from: number): readonly string[] {
    return chat.received.slice(from).map(({ body }) => (body as { readonly text: string }).text)
  }

  it('hears of a run that met refused rows, one that asks, one that ended unequal and one that failed; never of a quiet one', async () => {
    const world = await worldWith({})
    const from = chat.received.length
    assert.equal((await world.sync()).outcome, 'completed')
    assert.equal((await world.sync()).outcome, 'nothing_to_do')
    assert.deepEqual(messages(from), [])

    await world.cloud.query(`alter table orgs add constraint short check (name <> '長い名')`)
    await world.source.query(`update orgs set name = '長い名' where id = '7'`)
    const refused = await world.sync()
    assert.equal(refused.outcome, 'completed_with_rejects')
    const [rejects = ''] = messages(from)
    assert.match(
      rejects,
      new RegExp(`^\\*医療機関マスタ \\(${world.name}\\): 実行 ${refused.run} は完了しましたが、1 行が`, 'u'),
    )
    assert.ok(rejects.includes(`\`master-sync runs ${refused.run} --master ${world.name}\``), rejects)
    assert.ok(!rejects.includes('長い名'), rejects)
    await world.source.query(`update orgs set name = '名7' where id = '7'`)

    await world.source.query('delete from targets')
    const { run } = await world.sync()
    const asks = messages(from)[1] ?? ''
    assert.match(asks, new RegExp(`: 実行 ${run} が承認を待っています\\*\n削除: 30 行\n期限: `, 'u'))
    for (const verb of ['runs', 'approve', 'reject'])
      assert.ok(asks.includes(`\`master-sync ${verb} ${run} --master ${world.name}\``), asks)
    assert.equal((await world.sync()).question?.run, run)
    assert.equal(messages(from).length, 2, 'a question is told once')
    await world.source.query('insert into targets select id from orgs')

    await world.source.query('alter table targets rename to elsewhere')
    await assert.doesNotReject(world.sync())
    const failed = messages(from)[2] ?? ''
    assert.match(failed, /が失敗しました\*\n\[(TABLE_MISSING)\] /u)
    assert.ok(failed.includes(`\`master-sync start-sync ${world.name}\``), failed)
    await world.source.query('alter table elsewhere rename to targets')

    // Someone's edit that is there as soon as the rows have committed.
    await world.cloud.query(`
      create function spoil() returns trigger language plpgsql as $$
        begin update public.orgs set name = 'x' where id = '8'; return null; end $$;
      create trigger spoil after update on master_sync.segments
        for each row when (new.applied and not old.applied) execute function spoil()`)
    await world.source.query(`update orgs set name = '改名' where id = '9'`)
    const spoilt = await world.sync()
    assert.equal(spoilt.equal, false)
    assert.match(messages(from)[3] ?? '', /のあと、元とクラウドが一致していません\*\n対象 30 · 更新 1/u)

    // What a person asks for and looks at is not told.
    assert.equal((await world.sync({ mode: 'verify' })).equal, false)
    assert.equal(messages(from).length, 4)
    for (const { method, path, type } of chat.received.slice(from))
      assert.deepEqual(
        [method, path, type],
        ['POST', `/services/${TOKEN}`, 'application/json; charset=utf-8'],
      )
  })

  it('hears in English, in the form of Teams, and only once where it answers only the third time', async () => {
    const world = await worldWith({ WEBHOOK_FORM: 'teams', NOTICE_LANGUAGE: 'en' })
    await world.sync()
    await world.source.query('delete from targets')
    const from = chat.received.length
    chat.answer(500, 503, 202)
    const report = await world.sync()
    assert.equal(report.outcome, 'awaiting_approval')
    const bodies = chat.received.slice(from).map(({ body }) => body)
    assert.equal(bodies.length, 3)
    assert.deepEqual(bodies[0], bodies[2])
    const [{ contentType, content }] = (
      bodies[2] as { attachments: [{ contentType: string; content: object }] }
    ).attachments
    assert.equal(contentType, 'application/vnd.microsoft.card.adaptive')
    const { type, version, body } = content as {
      type: string
      version: string
      body: { inlines: [{ text: string }] }[]
    }
    assert.deepEqual([type, version], ['AdaptiveCard', '1.4'])
    const lines = body.map(({ inlines: [{ text }] }) => text)
    assert.equal(lines[0], `医療機関マスタ (${world.name}): run ${report.run} waits for approval`)
    assert.ok(lines.includes(`master-sync runs ${report.run} --master ${world.name}`), lines.join('\n'))
  })

  it('is not asked again where it refuses', async () => {
    const world = await worldWith({})
    await world.sync()
    await world.source.query('delete from targets')
    const from = chat.received.length
    chat.answer(403)
    assert.equal((await world.sync()).outcome, 'awaiting_approval')
    assert.equal(chat.received.length, from + 1)
  })

  it('does not hold up a run for long where it never answers, and leads nobody elsewhere', async () => {
    const { seconds, received } = await silent
    assert.ok(seconds < 25, `${seconds} s`)
    assert.deepEqual(
      received.map(({ path }) => path),
      Array<string>(4).fill(`/services/${TOKEN}`),
    )
  })

  it('must be one of http or https, in a form and a language that there is', async () => {
    const world = await worldWith({})
    for (const env of [
      { WEBHOOK_URL: 'ftp://example.com/token' },
      { WEBHOOK_URL: 'hooks.example.com/token' },
      { WEBHOOK_FORM: 'irc' },
      { NOTICE_LANGUAGE: 'de' },
    ])
      await assert.rejects(
        startWorker(readEnvironment({ ...world.env, ...env }, () => '')),
        (error) =>
          error instanceof SyncError &&
          error.code === 'OPTION_INVALID' &&
          error.message.startsWith(Object.keys(env)[0] ?? '?') &&
          !error.message.includes('token'),
      )
  })
})
