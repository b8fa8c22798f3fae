import { Command, Option } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { FEED_NAMES, planImport } from '../operations/import.js'
import { print, printResult, runCommand } from './command.js'
import { changesMaster, renderImportPlan } from './import-text.js'
import { JSON_RESULT, MASTER } from './shared-options.js'

export const importFiles = new Command('import')
  .description(
    'what published files would change in the on-prem master; writes nothing / 公表されたファイルとオンプレのマスタの比較（書き込みなし）',
  )
  .argument(
    '<file...>',
    'CSV, or CSV in .gz or .zip, of one publication / CSV、または .gz・.zip の CSV（同じ公表元のもの）',
  )
  .addOption(
    new Option('--feed <name>', 'the form of the files, where they do not tell it / ファイルの形式').choices(
      FEED_NAMES,
    ),
  )
  .option(
    '--repair',
    'put back leading zeros that a spreadsheet took, where that is certain / 失われた先頭の 0 を、確かな場合だけ補う',
  )
  .option('--as-of <date>', 'the date of the data, 2026-06-01 / データの日付')
  .addOption(new Option('--mode <mode>', 'plan: look only / 比較のみ').choices(['plan']).default('plan'))
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((files, options) =>
    runCommand(options, async (app) => {
      const { feed, asOf, repair } = options
      const plan = await planImport(app, app.master(options.master), files, {
        ...(feed === undefined ? {} : { feed }),
        ...(asOf === undefined ? {} : { asOf }),
        repair: repair === true,
      })
      if (options.json === true) printResult('import', plan)
      else print(renderImportPlan(plan))
      return changesMaster(plan) ? EXIT.look : EXIT.done
    }),
  )
