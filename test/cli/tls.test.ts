import assert from 'node:assert/strict'
import { join } from 'node:path'
import { startPostgres, type PostgresServer } from '../../local/postgres.js'
import { createAuthority, createServerCertificate, hasOpenssl } from '../support/certificates.js'
import { postgres } from '../support/servers.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'
import { createWorld, type World } from '../support/world.js'
import { cli, exits, tells, type Ended } from './run-cli.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs select n::text, '病院' || n from generate_series(1, 50) n;
  insert into targets select id from orgs`

describe('sslmode=verify-full', () => {
  let folder: TempDir
  let server: PostgresServer | undefined
  let world: World | undefined
  before(async function () {
    if (!(await hasOpenssl())) this.skip()
    folder = await tempDir()
    const authority = await createAuthority(folder.path, 'ca')
    await createAuthority(folder.path, 'other')
    const { cert, key } = await createServerCertificate(folder.path, authority, 'DNS:localhost')
    server = await startPostgres({
      dir: join(folder.path, 'cloud'),
      settings: { ssl: 'on', ssl_cert_file: cert, ssl_key_file: key, fsync: 'off' },
    })
    world = await createWorld({
      source: SOURCE,
      servers: { source: postgres('source'), cloud: server },
      through: { cloud: (url) => secure(url, {}) },
    })
  })
  after(async () => {
    await world?.close()
    await server?.stop('immediate')
    await folder.remove()
  })

  function secure(
    url: string,
    { host = 'localhost', mode = 'verify-full', ca = 'ca.pem' }: Readonly<Record<string, string>>,
  ): string {
    const changed = Object.assign(new URL(url), { hostname: host })
    changed.search = new URLSearchParams({ sslmode: mode, sslrootcert: join(folder.path, ca) }).toString()
    return changed.toString()
  }

  function runs(change: Readonly<Record<string, string>>): Promise<Ended> {
    const env = world?.env ?? {}
    return cli({ ...env, CLOUD_DATABASE_URL: secure(env['CLOUD_DATABASE_URL'] ?? '', change) }, 'runs')
  }

  it('syncs with a server that its authority vouches for', async () => {
    const report = await world?.sync()
    assert.deepEqual([report?.outcome, report?.rows.inserted, report?.equal], ['completed', 50, true])
    assert.ok((report?.bytes.cloud ?? 0) > 1_000)
    const encrypted = await world?.cloud.query(
      'select ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = $1',
      ['master-sync'],
    )
    assert.ok((encrypted?.rowCount ?? 0) > 0)
    assert.ok(encrypted?.rows.every(({ ssl }: { ssl: boolean }) => ssl))
  })

  it('refuses a server of another authority, or of another name', async () => {
    const [right, authority, name, unread] = await Promise.all([
      runs({}),
      runs({ ca: 'other.pem' }),
      runs({ host: '127.0.0.1' }),
      runs({ ca: 'nowhere.pem' }),
    ])
    exits(right, 0)
    assert.equal(right.stderr, '')
    tells(authority, 5, 'DATABASE_REFUSED', 'the cloud database', 'certificate')
    tells(name, 5, 'DATABASE_REFUSED', 'the cloud database', '127.0.0.1')
    tells(unread, 3, 'OPTION_INVALID', 'CLOUD_DATABASE_URL', 'nowhere.pem')
  })

  it('does not go on without encryption', async () => {
    const env = world?.env ?? {}
    const url = secure(env['SOURCE_DATABASE_URL'] ?? '', {})
    tells(
      await cli({ ...env, SOURCE_DATABASE_URL: url }, 'targets', 'list'),
      5,
      'DATABASE_UNREACHABLE',
      'does not support SSL',
    )
  })
})
