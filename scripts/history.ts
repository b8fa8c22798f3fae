import { Command } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { timezoneOf } from '../core/schedule-times.js'
import { rowStory } from '../operations/history.js'
import { print, printResult, runCommand } from './command.js'
import { renderStory } from './history-text.js'
import { JSON_RESULT, MASTER } from './shared-options.js'

export const history = new Command('history')
  .description(
    'what runs did to one row, and imports to that of the source, oldest first / 一行の変更履歴（元マスタへの取り込みを含む）',
  )
  .argument(
    '<id>',
    'as it stands in the source; one CSV record where the key has several columns / 元マスタにある通りの id',
  )
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((id, options) =>
    runCommand(options, async (app) => {
      const master = app.master(options.master)
      const story = await rowStory(app, master, id)
      if (options.json === true) printResult('history', story)
      else print(renderStory(story, timezoneOf(master)))
      return EXIT.done
    }),
  )
