import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startPostgres, type PostgresServer } from '../local/postgres.js'
import { findTemporal, startTemporalServer } from '../local/temporal-server.js'
import type { Cleanup } from './cleanup.js'

/** The servers of a measurement. */
export interface Place {
  readonly source: PostgresServer
  readonly cloud: PostgresServer
  readonly temporal: string
  readonly folder: string
}

/** As a server of this size would be set; what autovacuum would do in its own time is done between the runs. */
const SETTINGS = { shared_buffers: '256MB', max_wal_size: '4GB', autovacuum: 'off' }

export async function startPlace(cleanup: Cleanup, say: (line: string) => void): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'master-sync-bench-'))
  cleanup.add(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755)
  const start = async (side: string): Promise<PostgresServer> => {
    const server = await startPostgres({ dir: join(folder, side), settings: SETTINGS })
    cleanup.add(() => server.stop())
    return server
  }
  const source = await start('source')
  const cloud = await start('cloud')
  const temporal = await startTemporalServer({
    cli: await findTemporal(process.env, say),
    headless: true,
    dbFile: join(folder, 'temporal.db'),
  })
  cleanup.add(() => temporal.stop())
  return { source, cloud, temporal: temporal.address, folder }
}

export async function connect(url: string, cleanup: Cleanup): Promise<pg.Client> {
  const client = new pg.Client(url)
  // When a measurement is given up the servers may end before their sessions do.
  client.on('error', () => undefined)
  await client.connect()
  cleanup.add(() => client.end())
  return client
}
