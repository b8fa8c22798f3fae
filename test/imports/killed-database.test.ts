import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { startPostgres, type PostgresServer } from '../../local/postgres.js'
import { serverUser } from '../../local/postgres-binaries.js'
import { approveRun } from '../../operations/answers.js'
import { followRun } from '../../operations/follow.js'
import { startImport } from '../../operations/start-import.js'
import type { StartedRun } from '../../operations/start.js'
import { cli, exits, tells } from '../cli/run-cli.js'
import { stage } from '../support/direct-import.js'
import { directActivities, inStep } from '../support/direct-run.js'
import { postgres } from '../support/servers.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'
import { createWorld, texts, type World } from '../support/world.js'

/** What is committed must be there after a crash, or the tests would find fault with PostgreSQL. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'on', max_connections: '50' }

const READING = { feed: 'kouseikyoku-ika' }

const line = (n: number, address: string): string => `01${n},${n},第${n}医院,0600001,${address}`

const rows = (count: number, address = '本町'): readonly string[] =>
  Array.from({ length: count }, (_, index) => line(2_000_000 + index, `${address}${index}`))

describe('an import whose on-prem database', () => {
  let folder: TempDir
  let server: PostgresServer
  let world: World

  const start = async (port?: number): Promise<void> => {
    const dir = join(folder.path, 'source')
    server = await startPostgres({ dir, settings: SETTINGS, ...(port === undefined ? {} : { port }) })
  }
  const crash = async (): Promise<void> => {
    await server.stop('immediate')
    await start(server.port)
  }
  const file = async (month: string, lines: readonly string[]): Promise<string> => {
    const path = join(world.app.mastersFolder, '..', `list_${month}.csv`)
    await writeFile(path, `${lines.join('\n')}\n`)
    return path
  }
  const begin = async (month: string, lines: readonly string[]): Promise<StartedRun> =>
    startImport(world.app, world.master, {
      from: [await file(month, lines)],
      reading: READING,
      approve: false,
    })
  const follow = async (started: StartedRun) => {
    await world.work()
    return followRun(world.app, world.master, started, () => undefined)
  }
  const ask = (query: string) => texts(world.source, query)
  const STAGES = `select tablename from pg_tables where tablename like 'staged%'`

  before(async () => {
    folder = await tempDir()
    await start()
    world = await createWorld({
      source: '',
      master: {
        source: { table: 'public.master_medical_orgs', key: ['medical_id'] },
        cloud: { table: 'public.master_medical_orgs' },
      },
      servers: { source: server, cloud: postgres('cloud') },
      env: { LEASE_SECONDS: '20' },
      withMaster: true,
    })
  })
  after(async () => {
    await world.close()
    await server.stop('immediate')
    await folder.remove()
  })

  it('crashes after the files were read says so, and is done anew', async () => {
    const started = await begin('202409', rows(40))
    await crash()
    const lost = await follow(started)
    assert.deepEqual([lost.outcome, lost.failure?.code], ['failed', 'IMPORT_GONE'])
    assert.deepEqual(await ask(STAGES), [])
    const report = await follow(await begin('202409', rows(40)))
    assert.deepEqual([report.outcome, report.rows.inserted], ['completed', 40])
  })

  it('crashes while it waits for a person is written when it is approved', async () => {
    const asked = await follow(await begin('202410', rows(30)))
    assert.deepEqual([asked.outcome, asked.rows.held], ['awaiting_approval', 10])
    await crash()
    const report = await follow(await approveRun(world.app, world.master, asked.run))
    assert.deepEqual([report.outcome, report.rows.marked, report.failure], ['completed', 10, null])
    assert.deepEqual(await ask(STAGES), [])
  })

  it('crashes after it was found to have nothing to write does not say that it is done', async () => {
    const { openImport, planImport, applyImport, closeImport } = directActivities(world)
    const { master } = world.master
    const id = await stage(world, [await file('202411', rows(30))], READING)
    await inStep(async () => {
      const { ref } = await openImport({ master, import: id })
      const plan = await planImport({ ref, import: id })
      assert.equal(plan.planned, 0)
      await crash()
      await assert.rejects(applyImport({ ref, import: id, plan }), { type: 'IMPORT_GONE' })
      await closeImport({
        ...{ master, ref, import: id, held: {}, bytes: { source: 0, cloud: 0 }, seconds: { total: 0 } },
        ...{ startedAt: new Date().toISOString(), ended: { kind: 'cancelled' } },
      })
    })
    assert.deepEqual(await ask(STAGES), [])
  })

  it('is asked to take a file that was cut in the middle leaves nothing, and names the file', async () => {
    const imports = () => ask('select import from master_import.imports order by import')
    const before = await imports()
    const whole = await file('202501', rows(20))
    const cut = `${whole.replace('202501', '202502')}.gz`
    await writeFile(cut, gzipSync(await readFile(whole)).subarray(0, -20))
    const ended = await cli(world.env, 'import', whole, cut, '--feed', READING.feed)
    tells(ended, 3, 'IMPORT_INVALID', 'list_202502.csv.gz')
    assert.deepEqual([await imports(), await ask(STAGES)], [before, []])
  })

  const itOnLinux = process.platform === 'linux' ? it : it.skip
  itOnLinux('has no room for the rows says so, leaves nothing, and goes on when there is', async () => {
    const path = await file('202412', rows(20_000, '字'.repeat(300)))
    const command = ['import', path, '--feed', READING.feed, '--approve', '--detach'] as const
    const user = await serverUser()
    // What a server may write to one file; its logs have files of 16 MB.
    const room = (bytes: string) =>
      promisify(execFile)('prlimit', ['--pid', String(server.pid), `--fsize=${bytes}:`], { ...user })
    await room(String(16 * 1024 * 1024 + 4096))
    tells(
      await cli(world.env, ...command),
      5,
      'DATABASE_UNREACHABLE',
      /could not extend file/u,
      /on its disk/u,
    )
    assert.deepEqual(await ask(STAGES), [])
    assert.deepEqual(await ask(`select * from master_import.imports where files::text like '%202412%'`), [])
    await room('unlimited')
    exits(await cli(world.env, ...command), 0)
    assert.equal((await ask(STAGES)).length, 1)
  })
})
