import assert from 'node:assert/strict'
import { join } from 'node:path'
import { freePort } from '../../local/places.js'
import { findTemporal, startTemporalServer, type TemporalServer } from '../../local/temporal-server.js'
import { applySchedules } from '../../operations/schedules.js'
import { waitFor } from '../../operations/wait.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'
import { Workers } from '../support/worker-process.js'
import { createWorld, texts } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs values ('0001', '病院');
  insert into targets select id from orgs`

const MINUTE = 60_000
/** Enough to apply the schedule and to stop the server before the minute is over. */
const MARGIN = 5_000

describe('a scheduled time at which Temporal is down', () => {
  const before0 = process.env['TEMPORAL_ADDRESS']
  let folder: TempDir
  let server: TemporalServer

  const startServer = async (port: number): Promise<void> => {
    const cli = await findTemporal(process.env, () => undefined)
    server = await startTemporalServer({
      cli,
      port,
      headless: true,
      dbFile: join(folder.path, 'temporal.db'),
    })
  }

  after(async () => {
    if (before0 === undefined) delete process.env['TEMPORAL_ADDRESS']
    else process.env['TEMPORAL_ADDRESS'] = before0
    await server.stop()
    await folder.remove()
  })

  it('is made up for when Temporal is back', async function () {
    this.timeout(4 * MINUTE)
    folder = await tempDir()
    const port = await freePort()
    await startServer(port)
    const world = await createWorld({
      source: SOURCE,
      master: { schedule: { cron: '* * * * *', timezone: 'Asia/Tokyo' } },
      env: { TEMPORAL_ADDRESS: server.address },
    })
    process.env['TEMPORAL_ADDRESS'] = server.address
    const workers = new Workers(world.env)
    try {
      await workers.start()
      const due = await waitFor('a minute with some time left', MINUTE, () => {
        const next = Math.ceil(Date.now() / MINUTE) * MINUTE
        return Promise.resolve(next - Date.now() > MARGIN ? next : undefined)
      })
      await applySchedules(world.app, [world.master])
      await server.stop()
      await waitFor('the scheduled time', MINUTE, () =>
        Promise.resolve(Date.now() > due + 1_000 || undefined),
      )
      await startServer(port)
      const nominal = `sync-${world.name}-${new Date(due).toISOString().slice(0, 19)}Z`
      const [run] = await waitFor('the run to be made up', 2 * MINUTE, async () => {
        const rows = await texts(
          world.cloud,
          `select workflow_id, outcome from master_sync.runs where outcome is not null order by run`,
        )
        return rows.length > 0 ? rows : undefined
      })
      assert.deepEqual(run, [nominal, 'completed'])
    } finally {
      await workers.killAll()
      await world.close()
    }
  })
})
