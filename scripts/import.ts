import { Command, Option } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { SyncError } from '../core/errors.js'
import { FEED_NAMES, planImport } from '../operations/import.js'
import { startedReport } from '../operations/runs.js'
import { startImport } from '../operations/start-import.js'
import { print, printResult, runCommand } from './command.js'
import { followAndPrint } from './follow.js'
import { changesMaster, renderImportPlan } from './import-text.js'
import { calendarDate } from './date-option.js'
import { JSON_RESULT, MASTER } from './shared-options.js'

export const importFiles = new Command('import')
  .description(
    'bring the on-prem master up to published files / 公表されたファイルをオンプレのマスタへ取り込み',
  )
  .argument(
    '[files...]',
    'CSV, or CSV in .gz or .zip, of one publication; or URLs of such, or of a page with links to dated ones; without any those of import: from: in the file of the master / CSV（.gz・.zip も可、同じ公表元のもの）か URL。省略時はマスタのファイルの import: from:',
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
  .option('--as-of <date>', 'the date of the data, 2026-06-01 / データの日付', calendarDate)
  .addOption(
    new Option(
      '--mode <mode>',
      'plan: look only; needs neither the cloud nor Temporal / 比較のみ（クラウドも Temporal も不要）',
    )
      .choices(['apply', 'plan'] as const)
      .default('apply' as const),
  )
  .option('--force', 'older data may take the place of newer / 新しいデータがあっても、古いデータを取り込む')
  .option(
    '--other-ids',
    'add ids that the table has not, although hardly any other is there / 表の id とほとんど一致しなくても取り込む',
  )
  .option('--approve', 'waive the limits of import: guards: / 上限を適用しない')
  .option('--detach', 'do not wait for the end / 終了を待たない')
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((files, options) =>
    runCommand(options, async (app) => {
      const { feed, asOf, repair, force, otherIds } = options
      if (options.mode === 'plan' && (options.approve === true || options.detach === true))
        throw new SyncError(
          'USAGE',
          '--approve and --detach are for an import that writes, not for --mode plan',
        )
      const master = app.master(options.master)
      const json = options.json === true
      const reading = {
        ...(feed === undefined ? {} : { feed }),
        ...(asOf === undefined ? {} : { asOf }),
        ...(repair === true ? { repair } : {}),
        ...(force === true ? { forced: true } : {}),
        ...(otherIds === true ? { otherIds } : {}),
      }
      if (options.mode === 'plan') {
        const plan = await planImport(app, master, files, reading)
        if (json) printResult('import --mode plan', plan)
        else print(renderImportPlan(plan))
        return changesMaster(plan) ? EXIT.look : EXIT.done
      }
      const started = await startImport(app, master, {
        from: files,
        reading,
        approve: options.approve === true,
      })
      if (options.detach !== true) return followAndPrint(app, master, started, json)
      const report = { ...(await startedReport(app, master, started, 'apply')), kind: 'import' as const }
      if (json) printResult('start-sync', report)
      else print(`started ${started.workflowId} / 開始しました`)
      return EXIT.done
    }),
  )
