import { Command } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { timezoneOf } from '../core/schedule-times.js'
import { rejectRun } from '../operations/answers.js'
import { print, printResult, runCommand } from './command.js'
import { renderReport } from './report-text.js'
import { runNumber } from './runs.js'
import { JSON_RESULT, MASTER } from './shared-options.js'

export const reject = new Command('reject')
  .description('do not do what a run held back, nor ask for the same again / 保留された変更の却下')
  .argument('<run>', 'the number of the run that asks (master-sync runs) / 承認を待つ実行の番号', runNumber)
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((run, options) =>
    runCommand(options, async (app) => {
      const master = app.master(options.master)
      const report = await rejectRun(app, master, run)
      if (options.json === true) printResult('reject', report)
      else print(renderReport(report, timezoneOf(master)))
      return EXIT.done
    }),
  )
