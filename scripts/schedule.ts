import { Command } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import type { App } from '../operations/app.js'
import type { Master } from '../core/master.js'
import type { ScheduleStatus } from '../core/results.js'
import { scheduleStatus } from '../operations/schedule-status.js'
import { applySchedules, changeSchedules } from '../operations/schedules.js'
import { print, printResult, runCommand, say } from './command.js'
import { ANY_MASTER, JSON_RESULT, MASTER } from './shared-options.js'
import { renderTable, shortTime } from './table.js'

const COLUMNS = ['master', 'what', 'state', 'cron', 'timezone', 'next', 'last', 'skipped', 'missed']

function show(states: readonly ScheduleStatus[], json: boolean | undefined): void {
  if (json === true) {
    printResult('schedule status', { schedules: states })
    return
  }
  const rows = states.map((state) => {
    const { after_import: after, skipped, missed, last } = state
    // It has no times of its own: those of the imports are when it may come.
    const times = after && state.cron === null ? (importsOf(states, state) ?? state) : state
    const zone = times.timezone ?? 'UTC'
    return [
      ...[state.master, state.what, after ? afterText(state) : state.state],
      ...[times.cron ?? '-', times.timezone ?? '-', timeText(times.next, zone), timeText(last, zone)],
      ...[String(skipped), String(missed)],
    ]
  })
  print(renderTable(COLUMNS, rows))
  for (const { master, timezone, hold } of states)
    if (hold !== null) print(holdText(master, hold, timezone ?? 'UTC'))
}

function importsOf(
  states: readonly ScheduleStatus[],
  { master }: ScheduleStatus,
): ScheduleStatus | undefined {
  return states.find((one) => one.master === master && one.what === 'import')
}

function afterText({ state }: ScheduleStatus): string {
  const after = 'after import / 取り込み後'
  return state === 'none' ? after : `${state}, ${after}`
}

function timeText(time: string | null, zone: string): string {
  return time === null ? '-' : shortTime(time, zone)
}

function holdText(
  master: string,
  { reason, by, at }: NonNullable<ScheduleStatus['hold']>,
  zone: string,
): string {
  return [
    `! ${master} is on hold since ${shortTime(at, zone)} (${by}): ${reason}`,
    '  its runs write nothing / 停止中です。実行しても何も書きません',
    `  to end it / 解除: master-sync schedule resume --master ${master}`,
  ].join('\n')
}

function chosen(app: App, name: string | undefined): readonly Master[] {
  return name === undefined ? app.masters() : [app.master(name)]
}

export const schedule = new Command('schedule').description(
  'syncs and imports that start by themselves, from the masters folder / 定期実行の設定',
)

schedule
  .command('apply')
  .description("create or update every master's schedules to what its file says / ファイルの通りに登録・更新")
  .addOption(ANY_MASTER)
  .addOption(JSON_RESULT)
  .action((options) =>
    runCommand(options, async (app) => {
      show(await applySchedules(app, chosen(app, options.master)), options.json)
      return EXIT.done
    }),
  )

schedule
  .command('status')
  .description('what is scheduled, the next and the last run / 予定と前回・次回')
  .addOption(ANY_MASTER)
  .addOption(JSON_RESULT)
  .action((options) =>
    runCommand(options, async (app) => {
      show(await scheduleStatus(app, chosen(app, options.master)), options.json)
      return EXIT.done
    }),
  )

for (const [verb, what] of [
  ['pause', 'start no runs until resumed / 一時停止'],
  ['resume', 'start runs again, and end a hold of the master / 再開（マスタの停止も解除）'],
  ['remove', 'delete the schedules / 削除'],
] as const) {
  schedule
    .command(verb)
    .description(what)
    .addOption(MASTER)
    .addOption(JSON_RESULT)
    .action((options) =>
      runCommand(options, async (app) => {
        const master = app.master(options.master)
        const { schedules, lifted } = await changeSchedules(app, master, verb, `${verb} by command`)
        if (lifted !== undefined) say(`the hold of ${master.master} has ended / 停止を解除しました`)
        show(schedules, options.json)
        return EXIT.done
      }),
    )
}
