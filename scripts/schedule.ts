import { Command } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import type { App } from '../operations/app.js'
import type { Master } from '../core/master.js'
import type { ScheduleStatus } from '../core/results.js'
import { applySchedules, changeSchedule, scheduleStatus } from '../operations/schedules.js'
import { print, printResult, runCommand } from './command.js'
import { renderTable } from './table.js'

function show(states: readonly ScheduleStatus[], json: boolean | undefined): void {
  if (json === true) {
    printResult('schedule status', { schedules: states })
    return
  }
  const rows = states.map((s) => [
    s.master,
    s.state,
    s.cron ?? '-',
    s.timezone ?? '-',
    s.next ?? '-',
    s.last ?? '-',
    String(s.skipped),
    String(s.missed),
  ])
  print(renderTable(['master', 'state', 'cron', 'timezone', 'next', 'last', 'skipped', 'missed'], rows))
}

function chosen(app: App, name: string | undefined): readonly Master[] {
  return name === undefined ? app.masters() : [app.master(name)]
}

export const schedule = new Command('schedule').description(
  'the daily runs, from the masters folder / 定期実行の設定',
)

schedule
  .command('apply')
  .description("create or update every master's schedule")
  .option('--master <name>')
  .option('--json')
  .action((options) =>
    runCommand(options, async (app) => {
      show(await applySchedules(app, chosen(app, options.master)), options.json)
      return EXIT.done
    }),
  )

schedule
  .command('status')
  .description('what is scheduled, next and last run')
  .option('--master <name>')
  .option('--json')
  .action((options) =>
    runCommand(options, async (app) => {
      show(await scheduleStatus(app, chosen(app, options.master)), options.json)
      return EXIT.done
    }),
  )

for (const [verb, what] of [
  ['pause', 'start no runs until resumed'],
  ['resume', 'start runs again'],
  ['remove', 'delete the schedule'],
] as const) {
  schedule
    .command(verb)
    .description(what)
    .option('--master <name>')
    .option('--json')
    .action((options) =>
      runCommand(options, async (app) => {
        show(
          [await changeSchedule(app, app.master(options.master), verb, `${verb} by command`)],
          options.json,
        )
        return EXIT.done
      }),
    )
}
