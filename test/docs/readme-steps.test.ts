import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lastRuns } from '../../operations/runs.js'
import { changeSchedules } from '../../operations/schedules.js'
import { waitFor } from '../../operations/wait.js'
import { exits, start, type Ended, type Running } from '../cli/run-cli.js'
import { codeBlocks, commands, readPage } from '../support/markdown.js'
import { command } from '../support/servers.js'
import { createWorld, texts, type World } from '../support/world.js'

const README = readPage('README.md')

/** Proven by .ci/run and test/local, or too long for here. */
const ELSEWHERE = [
  // test/cli/import.test.ts, test/imports
  'npx master-sync import FILE',
  // test/console
  'npx master-sync console',
  'npm ci && npm start',
  'npm start',
  'npm start -- --once',
  'npm ci && npm test',
  'npm ci',
  'npx master-sync bench',
  'docker compose up',
  'docker compose exec worker node bin/master-sync.js start-sync',
]

const MASTER = `
  create table master_medical_orgs (
    medical_id text primary key, name text not null, founder_name text, remarks text);
  insert into master_medical_orgs select n::text, '病院' || n, '山田', '' from generate_series(1310001, 1310020) n;`

/** In place of npx, which takes half a second more, and the sources, which take another; two steps go through them. */
const shortcut = (to = command()): string => `npx() { shift; exec node '${to}' "$@"; }`
const sources = (): string => shortcut('bin/master-sync.js')

describe('the steps of the README, followed literally', () => {
  let world: World
  let worker: Running | undefined
  const done: string[] = []

  before(async () => {
    const [list = ''] = codeBlocks(README, 'sql')
    world = await createWorld({
      setUp: false,
      // A step that waits for a table hears of its cancellation when its statement ends: after 0.4 of this.
      env: { LEASE_SECONDS: '8' },
      source: `${MASTER} ${list} insert into sync_target_orgs select generate_series(1310001, 1310005);`,
    })
  })
  after(async () => {
    worker?.process.kill('SIGTERM')
    await worker?.ended
    await changeSchedules(world.app, world.master, 'remove', 'after the tests').catch(() => undefined)
    await world.close()
  })

  /** Types a command of the README, with values in place of its placeholders. */
  function type(step: string, values: Readonly<Record<string, string>> = {}, by = shortcut()): Running {
    assert.ok(commands(README).includes(step), `the README does not say: ${step}`)
    done.push(step)
    const line = Object.entries(values).reduce((text, [name, value]) => text.replace(name, value), step)
    return start('bash', ['-c', `${by}\n${line}`], world.env)
  }

  async function ends(code: number, ...typed: Parameters<typeof type>): Promise<Ended> {
    const ended = await type(...typed).ended
    exits(ended, code)
    return ended
  }

  const copied = (): Promise<readonly unknown[]> =>
    texts(world.cloud, 'select medical_id from master_medical_orgs order by 1')

  it('1, 2: a file describes the master, variables say where the databases are', async () => {
    const folder = world.env['MASTERS_DIR'] ?? ''
    await writeFile(join(folder, 'medical-orgs.yaml'), codeBlocks(README, 'yaml')[0] ?? '')
    await rm(join(folder, 'orgs.yaml'))
    const exported = commands(README).filter((line) => line.startsWith('export '))
    const names = exported.map((line) => /^export ([A-Z_]+)=\S+$/u.exec(line)?.[1])
    assert.deepEqual(names, ['SOURCE_DATABASE_URL', 'CLOUD_DATABASE_URL', 'TEMPORAL_ADDRESS'])
    done.push(...exported)
  })

  it('3: set-up creates what the sync owns; before, it can be printed', async () => {
    const printed = await ends(0, 'npx master-sync setup --print-sql')
    assert.match(printed.stdout, /create table .*"?master_medical_orgs/iu)
    await ends(0, 'npx master-sync setup', {}, '')
    assert.deepEqual(await copied(), [])
  })

  it('4, 5: a worker; a plan writes nothing, a run brings the rows', async () => {
    worker = type('npx master-sync worker', {}, sources())
    await Promise.all([worker.says('worker ready'), ends(4, 'npx master-sync start-sync --mode plan')])
    assert.deepEqual(await copied(), [])
    const { stdout } = await ends(0, 'npx master-sync start-sync')
    assert.match(stdout, /5 inserted[^]*equal/u)
  })

  it('6, 7: a schedule; all is well', async () => {
    assert.match((await ends(0, 'npx master-sync schedule apply')).stdout, /medical_orgs +sync +active/u)
    await ends(0, 'npx master-sync doctor')
  })

  it('every day: the list is changed, a row is brought, all is verified', async () => {
    const values = { 'ID…': '1310006 1310007', '"…"': '"導入予定"' }
    await ends(0, 'npx master-sync targets add ID… --note "…"', values)
    await Promise.all([
      ends(0, 'npx master-sync start-sync --only ID', { ID: '1310006' }),
      ends(0, 'npx master-sync targets remove ID…', { 'ID…': '1310007' }),
    ])
    assert.equal((await copied()).length, 6)
    await Promise.all([
      ends(0, 'npx master-sync start-sync --mode verify'),
      ends(0, 'npx master-sync schedule status'),
    ])
  })

  it('every day: a code that was issued anew takes the place of the old one', async () => {
    const values = { OLD: '1310005', NEW: '1310009' }
    const { stdout } = await ends(0, 'npx master-sync targets replace OLD NEW', values)
    assert.match(stdout, /1310005: replaced by .* 1310009/u)
    assert.equal((await copied()).length, 7)
  })

  it('every day: a list in a file is looked at; it is not taken over where nobody can say yes', async () => {
    const list = join(world.app.mastersFolder, '..', 'list.yaml')
    await writeFile(list, 'sync_targets:\n  - medical_id: 1310008\n')
    await Promise.all([
      ends(0, 'npx master-sync targets check list.yaml', { 'list.yaml': list }),
      ends(4, 'npx master-sync targets apply list.yaml', { 'list.yaml': list }),
    ])
  })

  it('every day: a run is cancelled, runs are looked at', async () => {
    const run = await cancelledRun()
    const [runs, one] = await Promise.all([
      ends(0, 'npx master-sync runs'),
      ends(0, 'npx master-sync runs RUN', { RUN: run }),
    ])
    assert.match(runs.stdout, /cancelled[^]*verify[^]*plan/u)
    assert.match(one.stdout, /cancelled/u)
  })

  /** Cancels a run that waits for a table; its number. */
  async function cancelledRun(): Promise<string> {
    const blocker = await world.source.connect()
    try {
      await blocker.query('begin; lock table master_medical_orgs in access exclusive mode')
      const waiting = type('npx master-sync start-sync')
      const { run } = await waitFor('the run', 30_000, async () => {
        const [last] = await lastRuns(world.app, world.master, 1)
        return last?.outcome === null ? last : undefined
      })
      await ends(0, 'npx master-sync cancel RUN', { RUN: String(run) })
      exits(await waiting.ended, 6)
      return String(run)
    } finally {
      await blocker.query('rollback')
      blocker.release()
    }
  }

  it('every day: what both sides changed is decided', async () => {
    await world.cloud.query(`update master_medical_orgs set remarks = 'mine' where medical_id = '1310001'`)
    await world.source.query(`update master_medical_orgs set remarks = 'new' where medical_id = '1310001'`)
    await ends(0, 'npx master-sync start-sync')
    const { stdout } = await ends(0, 'npx master-sync conflicts list')
    assert.match(stdout, /^1310001 +remarks +"" +"new" +"mine"/mu)
    await ends(0, 'npx master-sync conflicts resolve ID --take source', { ID: '1310001' })
    await ends(0, 'npx master-sync start-sync')
    const remarks = `select remarks from master_medical_orgs where medical_id = '1310001'`
    assert.deepEqual(await texts(world.cloud, remarks), [['new']])
    const history = await ends(0, 'npx master-sync history ID', { ID: '1310001' })
    assert.match(history.stdout, /mine/u)
  })

  it('every day: what is too much is asked, and done or not', async () => {
    await world.source.query('delete from sync_target_orgs where medical_id = 1310001')
    assert.match((await ends(0, 'npx master-sync start-sync')).stdout, /1 removed/u)
    await world.source.query('create table kept as table sync_target_orgs; delete from sync_target_orgs')
    const asked = await asks()
    await ends(0, 'npx master-sync reject RUN', { RUN: asked })
    await world.source.query('insert into sync_target_orgs select * from kept where medical_id <> 1310002')
    await ends(0, 'npx master-sync start-sync --approve')
    await world.source.query('delete from sync_target_orgs')
    await ends(0, 'npx master-sync approve RUN', { RUN: await asks() })
    assert.deepEqual(await copied(), [['1310005']], 'others may refer to what was replaced')
    await ends(0, 'npx master-sync undo RUN', { RUN: String((await lastRun())?.run) })
  })

  /** The number of a run that asks. */
  async function asks(): Promise<string> {
    const { stdout } = await ends(4, 'npx master-sync start-sync')
    return /master-sync approve (\d+)/u.exec(stdout)?.[1] ?? ''
  }

  const lastRun = async () => (await lastRuns(world.app, world.master, 1))[0]

  it('leave out none', () => {
    assert.deepEqual(
      commands(README).filter((line) => !done.includes(line) && !ELSEWHERE.includes(line)),
      [],
    )
  })
})
