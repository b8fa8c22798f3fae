import assert from 'node:assert/strict'
import type { RunReport } from '../../core/report.js'
import { readEnvironment } from '../../core/options.js'
import { App } from '../../operations/app.js'
import { followRun } from '../../operations/follow.js'
import { cancelRun } from '../../operations/cancel.js'
import { startImport } from '../../operations/start-import.js'
import type { syncMaster } from '../../workflows/sync-master.js'
import { exits, startCli } from '../cli/run-cli.js'
import { until } from '../support/gates.js'
import { sideBySide } from '../support/side-by-side.js'
import { texts } from '../support/world.js'
import {
  AFTER,
  CHANGED,
  inImportWorld,
  MASTER,
  READING,
  UNCHANGED,
  wayTo,
  type ImportWorld,
} from './killed-world.js'

const counts = ({ rows }: RunReport) => [rows.inserted, rows.updated, rows.marked, rows.unchanged]

const isWritten = (world: ImportWorld) => async (): Promise<boolean> =>
  (await world.ask('select import from master_import.imports where import > 1 and written is not null'))
    .length > 0

/** Kills a worker after the commit of what it wrote, before Temporal hears of it. */
async function killAfterCommit(world: ImportWorld): Promise<void> {
  const way = await wayTo(world.env['TEMPORAL_ADDRESS'] ?? '')
  try {
    const gate = await world.hold('write')
    const worker = await world.workers.start({ TEMPORAL_ADDRESS: way.address })
    await gate.reached()
    way.cut()
    await gate.open()
    await until('the commit', isWritten(world))
    await worker.kill()
  } finally {
    await way.close()
  }
}

describe('an import', () => {
  sideBySide({
    'whose worker is killed, wherever it is, is written once by others': () =>
      inImportWorld({}, async (world) => {
        const started = await world.start(await world.file('202410', AFTER))
        for (const place of ['take', 'plan', 'write'] as const) {
          const gate = await world.hold(place)
          const worker = await world.workers.start()
          await gate.reached()
          await worker.kill()
          await gate.open()
        }
        await killAfterCommit(world)
        const gate = await world.hold('close')
        const worker = await world.workers.start()
        await gate.reached()
        await worker.kill()
        await gate.open()
        await world.workers.start()
        const report = await world.follow(started)
        assert.deepEqual([report.run, report.outcome, report.equal], [2, 'completed', true])
        assert.deepEqual(counts(report), [1, 1, 1, 58])
        assert.deepEqual(await world.seen(), CHANGED)
        assert.deepEqual(
          await texts(world.cloud, 'select run, kind, outcome from master_sync.runs order by run'),
          [
            ['1', 'import', 'completed'],
            ['2', 'import', 'completed'],
          ],
        )
      }),

    'whose command is killed while it reads the files leaves nothing, and is begun anew': () =>
      inImportWorld({}, async (world) => {
        const path = await world.file('202410', AFTER)
        const gate = await world.hold('copy')
        const command = startCli(world.env, 'import', path, '--feed', 'kouseikyoku-ika', '--detach')
        await gate.reached()
        command.process.kill('SIGKILL')
        await command.ended
        await gate.open()
        await until('its session to end', async () => {
          const left = await world.ask(
            `select from pg_stat_activity where datname = current_database() and query ilike 'copy %'`,
          )
          return left.length === 0
        })
        assert.deepEqual(await world.seen(), UNCHANGED)
        assert.deepEqual(await world.ask('select import from master_import.imports'), [['1']])
        await world.work()
        exits(await startCli(world.env, 'import', path, '--feed', 'kouseikyoku-ika').ended, 0)
        assert.deepEqual(await world.seen(), CHANGED)
      }),

    'whose worker is stopped for longer than its lease writes nothing once another was begun': () =>
      inImportWorld({}, async (world) => {
        const gate = await world.hold('write')
        const stopped = await world.workers.start()
        const first = await world.start(
          await world.file('202411', [...AFTER, AFTER[1]?.replaceAll('2,', '5,') ?? '']),
        )
        await gate.reached()
        stopped.stop()
        await gate.open()

        await world.workers.start({ TASK_QUEUE: otherQueue(world) })
        const second = await otherImport(world)
        assert.deepEqual([second.outcome, ...counts(second)], ['completed', 1, 1, 1, 58])
        stopped.resume()
        const report = await world.follow(first)
        assert.deepEqual([report.outcome, report.failure?.code], ['failed', 'IMPORT_GONE'])
        assert.deepEqual(await world.seen(), CHANGED)
      }),

    'that is cancelled while it writes has written nothing': () =>
      inImportWorld({}, async (world) => {
        const gate = await world.hold('write')
        await world.work()
        const started = await world.start(await world.file('202410', AFTER))
        await gate.reached()
        const report = await world.follow(await cancelRun(world.app, world.master, 2))
        assert.equal(report.workflow.id, started.workflowId)
        assert.deepEqual([report.outcome, ...counts(report)], ['cancelled', 0, 0, 0, 0])
        assert.deepEqual(await world.seen(), UNCHANGED)
      }),

    'that is cancelled when all is written tells what it has written, and the sync follows that carries it to the cloud':
      () =>
        inImportWorld({}, async (world) => {
          await world.rewrite({ ...MASTER, schedule: { after: 'import' } })
          await world.source.query('insert into targets select medical_id from master_medical_orgs')
          const started = await world.start(await world.file('202410', AFTER))
          await killAfterCommit(world)
          await cancelRun(world.app, world.master, 2)
          await world.workers.start()
          const report = await world.follow(started)
          assert.deepEqual([report.outcome, ...counts(report)], ['cancelled', 1, 1, 1, 58])
          const client = await world.app.temporal()
          const synced = await client.workflow.getHandle<typeof syncMaster>(`sync-${world.name}`).result()
          assert.deepEqual([synced.started_by, synced.rows.inserted], [`import ${report.run}`, 60])
          assert.deepEqual(await world.seen(), CHANGED)
        }),
  })
})

/** An import on a task queue of its own. */
async function otherImport(world: ImportWorld): Promise<RunReport> {
  const app = new App(readEnvironment({ ...world.env, TASK_QUEUE: otherQueue(world) }, () => ''))
  try {
    const from = [await world.file('202410', AFTER)]
    const started = await startImport(app, world.master, { from, reading: READING, approve: false })
    return await followRun(app, world.master, started, () => undefined)
  } finally {
    await app.close()
  }
}

const otherQueue = ({ name }: ImportWorld): string => `${name}-other`
