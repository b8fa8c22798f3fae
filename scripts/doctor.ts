import { Command } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { examineAll } from '../operations/doctor/index.js'
import { print, printResult, runCommand } from './command.js'
import { renderDoctor } from './doctor-text.js'
import { ANY_MASTER, JSON_RESULT } from './shared-options.js'

export const doctor = new Command('doctor')
  .description('check all that a run needs, and say how to mend it / 設定・接続・定期実行・同期状態の診断')
  .addOption(ANY_MASTER)
  .addOption(JSON_RESULT)
  .action((options) =>
    runCommand(options, async ({ environment }) => {
      const report = await examineAll(environment, {
        master: options.master,
        variables: Object.keys(process.env),
      })
      if (options.json === true) printResult('doctor', report)
      else print(renderDoctor(report))
      return report.healthy ? EXIT.done : EXIT.look
    }),
  )
