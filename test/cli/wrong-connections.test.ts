import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../local/places.js'
import { postgres } from '../support/servers.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'
import { createWorld, texts, type World } from '../support/world.js'
import { cli, exits, reportIn, startCli, tells, type Ended } from './run-cli.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs values ('1', '病院')`

const SECRET = 'pässwort-geheim'

describe('a connection that cannot be', () => {
  let world: World
  let folder: TempDir
  let port: number
  before(async () => {
    world = await createWorld({ source: SOURCE })
    folder = await tempDir()
    port = await freePort()
  })
  after(async () => {
    await world.close()
    await folder.remove()
  })

  const verb = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> =>
    cli({ ...world.env, ...env }, ...(args.length === 0 ? ['start-sync', '--json'] : args))

  /** A database's URL, otherwise. */
  function url(
    side: 'SOURCE' | 'CLOUD',
    change: Partial<Pick<URL, 'username' | 'password' | 'host' | 'pathname'>>,
  ): string {
    return Object.assign(new URL(world.env[`${side}_DATABASE_URL`] ?? ''), change).toString()
  }

  /** Without the secret, in any spelling. */
  function hides(ended: Ended): void {
    for (const form of [SECRET, encodeURIComponent(SECRET)])
      assert.ok(!(ended.stdout + ended.stderr).includes(form), ended.stderr)
  }

  it('is told with its server where nothing listens, and exits 5', async () => {
    const nowhere = `127.0.0.1:${port}`
    const change = { host: nowhere, username: 'sync', password: SECRET }
    const said = await Promise.all([
      verb({ SOURCE_DATABASE_URL: url('SOURCE', change) }),
      verb({ CLOUD_DATABASE_URL: url('CLOUD', change) }, 'runs'),
      verb(
        { SOURCE_DATABASE_URL: url('SOURCE', { ...change, host: `localhost:${port}` }) },
        'targets',
        'list',
      ),
    ])
    const [source, cloud, byName] = said
    tells(source, 5, 'DATABASE_UNREACHABLE', 'the source database', nowhere)
    tells(cloud, 5, 'DATABASE_UNREACHABLE', 'the cloud database', nowhere)
    tells(byName, 5, 'DATABASE_UNREACHABLE', 'the source database', `localhost:${port}/`)
    said.forEach(hides)
  })

  it('is told where a database is not there, or the server does not let us in, and exits 5', async () => {
    await requirePassword('needs_password', SECRET)
    const user = { username: 'needs_password' }
    const said = await Promise.all([
      verb({ SOURCE_DATABASE_URL: url('SOURCE', { pathname: '/nowhere' }) }),
      verb({ SOURCE_DATABASE_URL: url('SOURCE', { ...user, password: `${SECRET}!` }) }, 'setup'),
      verb({ SOURCE_DATABASE_URL: url('SOURCE', user) }),
      verb({ SOURCE_DATABASE_URL: url('SOURCE', { username: 'nobody', password: SECRET }) }),
    ])
    const [nowhere, wrong, without, nobody] = said
    tells(nowhere, 5, 'DATABASE_REFUSED', 'the source database', '"nowhere"')
    tells(wrong, 5, 'DATABASE_REFUSED', 'the source database', '"needs_password"')
    tells(without, 5, 'DATABASE_REFUSED', 'the source database', 'password')
    tells(nobody, 5, 'DATABASE_REFUSED', 'the source database', '"nobody"')
    said.forEach(hides)
    const right = await verb(
      { SOURCE_DATABASE_URL: url('SOURCE', { ...user, password: SECRET }) },
      'targets',
      'list',
    )
    tells(right, 3, 'PERMISSION_DENIED', 'needs_password')
    hides(right)
  })

  it('is told within seconds where Temporal does not answer, or has no such namespace, and exits 5', async () => {
    const address = `127.0.0.1:${port}`
    const began = performance.now()
    const away = await Promise.all([
      verb({ TEMPORAL_ADDRESS: address }),
      verb({ TEMPORAL_ADDRESS: address }, 'worker'),
    ])
    // It asks for 10 seconds; the rest is for a slow machine to start two processes.
    assert.ok(performance.now() - began < 30_000)
    for (const ended of away) tells(ended, 5, 'TEMPORAL_UNREACHABLE', address)
    const said = await Promise.all([
      verb({ TEMPORAL_NAMESPACE: 'nowhere' }, 'schedule', 'status'),
      verb({ TEMPORAL_NAMESPACE: 'nowhere' }, 'worker'),
    ])
    for (const ended of said) tells(ended, 5, 'TEMPORAL_UNREACHABLE', 'nowhere')
  })

  it('is told by the name of its variable where that is not set or holds no URL, and exits 3', async () => {
    const said = await Promise.all([
      verb({ SOURCE_DATABASE_URL: '' }),
      verb({ CLOUD_DATABASE_URL: `sync:${SECRET}@cloud/db` }),
      verb({ SOURCE_DATABASE_URL: `postgres://sync:${SECRET}@on prem/db` }, 'setup'),
      verb({ CLOUD_DATABASE_URL: '' }, 'worker'),
      verb({ SOURCE_DATABASE_URL: `postgres://sync:a#${SECRET}@127.0.0.1/db` }),
      verb({ LEASE_SECONDS: '1' }),
      verb({ TEMPORAL_PROFILE: 'nowhere' }, 'schedule', 'status'),
    ])
    const names = ['SOURCE', 'CLOUD', 'SOURCE', 'CLOUD', 'SOURCE'].map((side) => `${side}_DATABASE_URL`)
    for (const [index, name] of [...names, 'LEASE_SECONDS', 'nowhere'].entries()) {
      const ended = said[index]
      assert.ok(ended !== undefined)
      tells(ended, 3, 'OPTION_INVALID', name)
      hides(ended)
    }
  })

  it('a URL may stand in a file of its own', async () => {
    const file = join(folder.path, 'url')
    await writeFile(file, `${world.env['SOURCE_DATABASE_URL'] ?? ''}\n`)
    const from = (path: string) => ({ SOURCE_DATABASE_URL: '', SOURCE_DATABASE_URL_FILE: path })
    const [right, wrong] = await Promise.all([
      verb(from(file), 'targets', 'list'),
      verb(from(join(folder.path, 'none')), 'targets', 'list'),
    ])
    exits(right, 0)
    tells(wrong, 3, 'OPTION_INVALID', 'SOURCE_DATABASE_URL_FILE', join(folder.path, 'none'))
  })

  it('start-sync waits for a worker, and says so; the worker stops in order on SIGTERM', async () => {
    const running = startCli(world.env, 'start-sync', '--json')
    await running.says('waiting for a worker / ワーカー待ち')
    const worker = startCli(world.env, 'worker')
    await worker.says('worker ready / ワーカー起動')
    const ended = await running.ended
    exits(ended, 0)
    assert.equal(reportIn(ended).outcome, 'nothing_to_do')
    worker.process.kill('SIGTERM')
    const stopped = await worker.ended
    exits(stopped, 0)
    assert.equal(stopped.stdout, '')
  })

  /** The embedded servers trust everyone: one role is made to show its password. */
  async function requirePassword(role: string, password: string): Promise<void> {
    const [[path]] = (await texts(world.source, 'show hba_file')) as [[string]]
    const rules = await readFile(path, 'utf8')
    await world.source.query(`create role ${role} login password '${password}'`)
    await writeFile(path, `host all ${role} 127.0.0.1/32 scram-sha-256\n${rules}`)
    await world.source.query('select pg_reload_conf()')
    const server = postgres('source')
    assert.ok(server.port > 0)
  }
})
