import { Command } from '@commander-js/extra-typings'
import pg from 'pg'
import { readEnvironment } from '../core/options.js'
import { EXIT, type ExitCode } from '../core/error-catalogue.js'
import { SyncError } from '../core/errors.js'
import type { RunReport } from '../core/report.js'
import type { RunningConsole } from '../console/start-console.js'
import { stateDir } from '../local/places.js'
import { changeRegister } from '../local/register/changes.js'
import { fillRegister } from '../local/register/table.js'
import { fillTargetList } from '../local/register/target-list.js'
import { startSystem, type LocalSystem } from '../local/system.js'
import { App } from '../operations/app.js'
import { followRun } from '../operations/follow.js'
import { applySchedules } from '../operations/schedules.js'
import { setUp } from '../operations/setup.js'
import { startSync } from '../operations/start.js'
import { guarded, print, say } from './command.js'
import { openConsole } from './local-console.js'
import { provideLocalVariables } from './local-variables.js'
import { ProgressLine } from './progress-line.js'
import { renderReport } from './report-text.js'

const INSTITUTIONS = 120_000
const TARGETS = 12_000
const CHANGES = 300

export const local = new Command('local')
  .description('npm start: the whole system on this machine, with a made-up register / 一台で全体を動かす')
  .option('--once', 'do one full cycle and end / 一巡して終了')
  .action(async (options) => {
    const interrupted = new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.on(signal, () => {
          resolve()
        })
      }
    })
    process.exitCode = await guarded(() => runLocal(options.once === true, interrupted))
    // At once: a call that still asks Temporal would end in an error of its own.
    process.exit()
  })

async function runLocal(once: boolean, interrupted: Promise<void>): Promise<ExitCode> {
  const began = performance.now()
  provideLocalVariables()
  const dir = stateDir(process.env)
  say(
    `starting two PostgreSQL servers and Temporal on 127.0.0.1; their data is in ${dir}\n起動中: PostgreSQL 2台と Temporal`,
  )
  const system = await startSystem(dir, say).catch((cause: unknown) => {
    throw new SyncError('LOCAL_PART_MISSING', cause instanceof Error ? cause.message : String(cause), {
      cause,
    })
  })
  // The followed runs, the schedule client and the worker all read the process's environment.
  Object.assign(process.env, system.env)
  const app = new App(readEnvironment(system.env, () => ''))
  let stopping = false
  let pages: RunningConsole | undefined
  const cycle = demonstrate(app, system, () => stopping).then(async () => {
    if (stopping) return
    if (!once) pages = await openConsole(system)
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    if (once) say(`\ndone after ${seconds} s / 完了`)
    else whereToLook(system, seconds, pages?.url)
  })
  try {
    await Promise.race([once ? cycle : cycle.then(() => interrupted), interrupted])
    return EXIT.done
  } finally {
    stopping = true
    say('stopping / 停止中')
    cycle.catch(() => undefined)
    await pages?.stop()
    await system.stop()
  }
}

/** One full cycle: set-up, register, schedule, a first sync, some changes on-prem, a second sync. */
async function demonstrate(app: App, system: LocalSystem, stopping: () => boolean): Promise<void> {
  const master = app.master('medical_orgs')
  await refuseEarlier(system)
  await setUp(app, master, { withMaster: true, withTargets: true })
  await onSource(system, async (source) => {
    const { rowCount } = await source.query('select from public.master_medical_orgs limit 1')
    if (rowCount !== 0) say('the register is there from an earlier start / 前回のデータを使います')
    else
      say(
        `making up a register of ${INSTITUTIONS.toLocaleString('en-US')} institutions / 架空の医療機関マスタを作成中`,
      )
    await fillRegister(source, { rows: INSTITUTIONS })
    await fillTargetList(source, { rows: TARGETS })
  })
  await system.startWorker()
  const [schedule] = await applySchedules(app, [master])
  say(
    `schedule / 定期実行: ${schedule?.cron ?? '-'} ${schedule?.timezone ?? ''}, next ${schedule?.next ?? '-'}`,
  )
  if (stopping()) return
  say('\nfirst sync: the rows of the listed ids / 1回目の同期')
  print(renderReport(await sync(app)))
  if (stopping()) return
  const changes = await onSource(system, (source) => changeRegister(source, { rows: CHANGES }))
  say(
    `\nchanged on-prem / オンプレ側を変更: ${changes.changed} edited, ${changes.closed} closed, ${changes.opened} opened`,
  )
  say('second sync: only the differences move / 2回目は差分だけを転送')
  print(renderReport(await sync(app)))
}

/** @throws SyncError where the register was made by an earlier version: being made up, it is made anew */
async function refuseEarlier(system: LocalSystem): Promise<void> {
  const { rowCount } = await onSource(system, (source) =>
    source.query(`
      select from pg_class c where c.oid = to_regclass('public.master_medical_orgs')
        and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'name_search')`),
  )
  if (rowCount === 0) return
  const dir = stateDir(process.env)
  throw new SyncError('LOCAL_PART_MISSING', `the register in ${dir} was made by an earlier version`, {
    remedy: `rm -rf ${dir}`,
  })
}

async function sync(app: App): Promise<RunReport> {
  const master = app.master('medical_orgs')
  const line = new ProgressLine(process.stderr)
  const report = await followRun(
    app,
    master,
    await startSync(app, master, { mode: 'apply', only: [] }),
    line.show,
  )
  line.end()
  return report
}

async function onSource<T>(system: LocalSystem, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(system.source.url('onprem'))
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function whereToLook(system: LocalSystem, seconds: string, pages: string | undefined): void {
  say(`
ready after ${seconds} s / 準備完了
  console           ${pages ?? '-'}  (web pages / Web 画面)
  Temporal Web UI   ${system.temporal.uiUrl ?? '-'}
  on-prem database  ${system.env['SOURCE_DATABASE_URL'] ?? ''}
  cloud database    ${system.env['CLOUD_DATABASE_URL'] ?? ''}
  logs              ${system.workerLog} ${system.consoleLog}
In a second terminal / 別のターミナルで:
  source ${system.envFile}
  npx master-sync runs
  npx master-sync targets list
  npx master-sync start-sync
Ctrl-C stops everything / Ctrl-C で全て停止します`)
}
