import { Command } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { timezoneOf } from '../core/schedule-times.js'
import { followRun } from '../operations/follow.js'
import { cancelRun } from '../operations/cancel.js'
import { print, printResult, runCommand, say } from './command.js'
import { renderReport } from './report-text.js'
import { runNumber } from './runs.js'
import { JSON_RESULT, MASTER } from './shared-options.js'

export const cancel = new Command('cancel')
  .description('stop a run; what it has written stays / 実行中の同期を取消')
  .argument('<run>', 'the number of the run (master-sync runs) / 実行の番号', runNumber)
  .addOption(MASTER)
  .option('--lost', 'close a run that Temporal does not know / Temporal に記録のない実行を終了扱いにする')
  .addOption(JSON_RESULT)
  .action((run, options) =>
    runCommand(options, async (app) => {
      const master = app.master(options.master)
      let waiting = false
      const report = await followRun(
        app,
        master,
        await cancelRun(app, master, run, options.lost === true),
        ({ progress }) => {
          if (progress !== undefined || waiting) return
          waiting = true
          say('asked to stop; waiting for a worker / 取消を依頼しました。ワーカー待ち')
        },
      )
      if (options.json === true) printResult('cancel', report)
      else print(renderReport(report, timezoneOf(master)))
      return report.outcome === 'cancelled' ? EXIT.done : EXIT.look
    }),
  )
