import assert from 'node:assert/strict'
import { join } from 'node:path'
import { startPostgres, type PostgresServer } from '../../local/postgres.js'
import { createGatedWorld, idOf, type GatedWorld, type Place } from '../support/gated-world.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'
import { texts } from '../support/world.js'

const ROWS = 300

/** What is committed must be there after a crash, or the tests would find fault with PostgreSQL. */
const SETTINGS = { fsync: 'off', synchronous_commit: 'on', max_connections: '50' }

describe('a database that crashes and comes back while a run is under way', () => {
  let folder: TempDir
  const servers = new Map<string, PostgresServer>()
  let world: GatedWorld

  const start = async (side: 'source' | 'cloud'): Promise<PostgresServer> => {
    const port = servers.get(side)?.port
    const server = await startPostgres({
      dir: join(folder.path, side),
      settings: SETTINGS,
      ...(port === undefined ? {} : { port }),
    })
    servers.set(side, server)
    return server
  }

  before(async () => {
    folder = await tempDir()
    const [source, cloud] = await Promise.all([start('source'), start('cloud')])
    world = await createGatedWorld({ rows: ROWS, servers: { source, cloud }, env: { LEASE_SECONDS: '20' } })
    await world.work()
    await world.sync()
  })
  after(async () => {
    await world.end()
    await Promise.all([...servers.values()].map((server) => server.stop('immediate')))
    await folder.remove()
  })

  /** Holds the run at a place, crashes a server there, and lets the run go on. */
  async function syncWithCrash(side: 'source' | 'cloud', place: Place): Promise<void> {
    await world.source.query(`update org_rows set name = name || '改'`)
    await world.rewrite({ guards: { updates: { percent: 100 } } })
    await world.forgetWrites()
    const gate = await world.hold(place)
    const started = await world.start()
    await gate.reached()
    await servers.get(side)?.stop('immediate')
    await gate.open()
    await start(side)
    const report = await world.follow(started)
    assert.deepEqual([report.outcome, report.equal, report.rows.updated], ['completed', true, ROWS])
    const expected = Array.from({ length: ROWS }, (_, index) => `update ${idOf(index + 1)}`)
    assert.deepEqual([...(await world.writes())].sort(), expected)
    assert.deepEqual(
      await texts(world.cloud, 'select id, name from orgs order by id'),
      await texts(world.source, 'select id, name from org_rows order by id'),
    )
  }

  it('the source, in the middle of a comparison', () => syncWithCrash('source', 'look'))
  it('the source, in the middle of a COPY', () => syncWithCrash('source', 'copy'))
  it('the cloud, while a COPY goes on', () => syncWithCrash('cloud', 'copy'))
  it('the cloud, when a batch is about to commit', () => syncWithCrash('cloud', 'checkpoint'))
  it('the cloud, when the report is about to be stored', () => syncWithCrash('cloud', 'close'))
})
