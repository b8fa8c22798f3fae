import { Command } from '@commander-js/extra-typings'
import { approveRun } from '../operations/answers.js'
import { runCommand, say } from './command.js'
import { followAndPrint } from './follow.js'
import { runNumber } from './runs.js'
import { JSON_RESULT, MASTER } from './shared-options.js'

export const approve = new Command('approve')
  .description('do what a run held back, as far as it is still what the run showed / 保留された変更の承認')
  .argument('<run>', 'the number of the run that asks (master-sync runs) / 承認を待つ実行の番号', runNumber)
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((run, options) =>
    runCommand(options, async (app) => {
      const master = app.master(options.master)
      const started = await approveRun(app, master, run)
      if (started.how === 'attached') say('it is being done: following it / 反映中の実行に接続しました')
      return followAndPrint(app, master, started, options.json === true)
    }),
  )
