import assert from 'node:assert/strict'
import { join } from 'node:path'
import { startPostgres, type PostgresServer } from '../../local/postgres.js'
import { inGatedWorld } from '../support/gated-world.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'

const ROWS = 600
const SETTINGS = { fsync: 'off' }

describe('a PostgreSQL server that is restarted while a run is under way', () => {
  let folder: TempDir
  const running: Partial<Record<'source' | 'cloud', PostgresServer>> = {}

  const start = async (side: 'source' | 'cloud', port?: number): Promise<PostgresServer> => {
    const dir = join(folder.path, side)
    const server = await startPostgres({ dir, settings: SETTINGS, ...(port === undefined ? {} : { port }) })
    running[side] = server
    return server
  }

  before(async () => {
    folder = await tempDir()
  })
  after(async () => {
    for (const server of Object.values(running)) await server.stop('immediate')
    await folder.remove()
  })

  for (const side of ['source', 'cloud'] as const) {
    it(`only delays it: the ${side}, in the middle of a COPY`, async () => {
      const servers = {
        source: await start('source', running.source?.port),
        cloud: await start('cloud', running.cloud?.port),
      }
      await inGatedWorld({ rows: ROWS, servers, env: { LEASE_SECONDS: '20' } }, async (world) => {
        await world.workers.start()
        const gate = await world.hold('copy')
        const started = await world.start()
        await gate.reached()
        await servers[side].stop('immediate')
        await start(side, servers[side].port)
        // The gate's own lock went with the source's server; with the cloud's it still stands.
        await gate.open()
        const report = await world.follow(started)
        assert.deepEqual([report.outcome, report.equal, report.rows.inserted], ['completed', true, ROWS])
        assert.equal((await world.writes()).length, ROWS)
      })
      for (const server of Object.values(running)) await server.stop('immediate')
    })
  }
})
