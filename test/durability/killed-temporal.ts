import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { cacheDir } from '../../local/places.js'
import { findTemporal, startTemporalServer, type TemporalServer } from '../../local/temporal-server.js'
import { scheduleId, workflowName } from '../../core/names.js'
import { updateSchedule } from '../../operations/schedule-changes.js'
import { cli, exits } from '../cli/run-cli.js'
import { until } from '../support/gates.js'
import { inGatedWorld, type GatedWorld } from '../support/gated-world.js'
import type { SideBySide } from '../support/side-by-side.js'
import { tempDir } from '../support/temp-dir.js'
import { texts } from '../support/world.js'

const ROWS = 300

/** A Temporal server of the test's own that keeps its state through crashes. */
interface OwnTemporal {
  readonly address: string
  /** kill -9 */
  crash(): Promise<void>
  restart(): Promise<void>
}

async function withOwnTemporal(test: (server: OwnTemporal) => Promise<void>): Promise<void> {
  const folder = await tempDir()
  const cli = await findTemporal(
    process.env,
    (line) => process.stderr.write(`${line}\n`),
    cacheDir(process.env),
  )
  const start = (port?: number): Promise<TemporalServer> =>
    startTemporalServer({
      cli,
      headless: true,
      dbFile: join(folder.path, 'temporal.db'),
      ...(port === undefined ? {} : { port }),
    })
  let server = await start()
  const { address } = server
  try {
    await test({
      address,
      crash: async () => {
        process.kill(server.pid, 'SIGKILL')
        await server.stop()
      },
      restart: async () => {
        server = await start(Number(address.split(':').at(-1)))
      },
    })
  } finally {
    await server.stop()
    await folder.remove()
  }
}

/** Has the schedule mean to start a run once in the next hour: soon, but not before the server is down. */
async function makeDueSoon(world: GatedWorld, address: string): Promise<Date> {
  const connection = await Connection.connect({ address })
  try {
    const client = new Client({ connection })
    const soon = Math.ceil((Date.now() + 5_000) / 1_000) * 1_000
    const intervals = [{ every: HOUR_MS, offset: soon % HOUR_MS }]
    const { info } = await updateSchedule(client, scheduleId(world.master), (previous) => ({
      ...previous,
      spec: { intervals },
    }))
    assert.equal(info.nextActionTimes[0]?.getTime(), soon)
    return new Date(soon)
  } finally {
    await connection.close()
  }
}

const HOUR_MS = 3_600_000

/** Tests of kill -9 of the Temporal server. */
export const killedTemporal: SideBySide = {
  'of Temporal, across the time of a scheduled run, has that run made up': () =>
    withOwnTemporal((server) =>
      inGatedWorld(
        {
          rows: ROWS,
          master: { schedule: { cron: '30 4 * * *' } },
          env: { TEMPORAL_ADDRESS: server.address },
        },
        async (world) => {
          await world.workers.start()
          exits(await cli(world.env, 'schedule', 'apply'), 0)
          const due = await makeDueSoon(world, server.address)
          await server.crash()
          await delay(due.getTime() - Date.now() + 1_000)
          await server.restart()
          const missed = `${workflowName(world.master)}-${due.toISOString().replace('.000', '')}`
          await until('the missed run', async () => {
            const outcomes = await texts(
              world.cloud,
              `select outcome from master_sync.runs where workflow_id = '${missed}'`,
            )
            return outcomes.flat().includes('completed')
          })
          assert.equal((await world.writes()).length, ROWS)
          exits(await cli(world.env, 'schedule', 'remove'), 0)
        },
      ),
    ),

  'of Temporal, while a run is under way, lets it go on': () =>
    withOwnTemporal((server) =>
      inGatedWorld({ rows: ROWS, env: { TEMPORAL_ADDRESS: server.address } }, async (world) => {
        await world.workers.start()
        const gate = await world.hold('copy')
        exits(await cli(world.env, 'start-sync', '--detach'), 0)
        await gate.reached()
        await server.crash()
        await gate.open()
        await server.restart()
        await until('the end of the run', async () => {
          const [[outcome] = []] = await texts(world.cloud, 'select outcome from master_sync.runs')
          return outcome === 'completed'
        })
        assert.deepEqual(await world.runs(), [1])
        assert.equal((await world.writes()).length, ROWS)
      }),
    ),
}
