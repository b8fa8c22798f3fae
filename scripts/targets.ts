import { Command } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import type { ChangedTarget } from '../core/results.js'
import { applyTargets } from '../operations/targets/apply.js'
import { checkTargets } from '../operations/targets/check.js'
import { addTargets, removeTargets, targets as readTargets } from '../operations/targets/edit.js'
import { exportTargets } from '../operations/targets/export.js'
import { targetHistory } from '../operations/targets/history.js'
import { agreed } from './agree.js'
import { print, printResult, runCommand, say } from './command.js'
import { JSON_RESULT, MASTER } from './shared-options.js'
import { renderTable, thousands } from './table.js'
import { CHANGED, historyRow, renderReading } from './targets-text.js'

export const targets = new Command('targets').description(
  'the list of ids that the cloud should hold / 同期対象リスト',
)

targets
  .command('list')
  .description('every id with its note / 一覧')
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((options) =>
    runCommand(options, async (app) => {
      const entries = await readTargets(app, app.master(options.master))
      if (options.json === true) printResult('targets list', { targets: entries })
      else
        print(
          renderTable(
            ['id', 'note', 'lists'],
            entries.map(({ id, note, lists }) => [id, note ?? '', lists.join(', ')]),
          ),
        )
      return EXIT.done
    }),
  )

targets
  .command('add')
  .description('put ids on the list; the next run brings their rows / 追加')
  .argument(
    '<id...>',
    'as it stands in the source; one CSV record where the key has several columns / 元マスタにある通りの id',
  )
  .option('--note <text>', 'why it is on the list / メモ')
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((ids, options) =>
    runCommand(options, async (app) => {
      tell(await addTargets(app, app.master(options.master), ids, options.note ?? null), options.json)
      return EXIT.done
    }),
  )

targets
  .command('remove')
  .description(
    'take ids off the list; the next run removes their rows, or keeps them, as removals: says / 削除',
  )
  .argument(
    '<id...>',
    'as it stands in the source; one CSV record where the key has several columns / 元マスタにある通りの id',
  )
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((ids, options) =>
    runCommand(options, async (app) => {
      tell(await removeTargets(app, app.master(options.master), ids), options.json)
      return EXIT.done
    }),
  )

const URI =
  'a .yaml, .csv or .xlsx file, s3://bucket/key, or dynamodb://table / ファイル、S3、DynamoDB のリスト'

targets
  .command('check')
  .description('read a list, and say what is odd about it and what it would change / リストの確認')
  .argument('<uri>', URI)
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((uri, options) =>
    runCommand(options, async (app) => {
      const found = await checkTargets(app, app.master(options.master), uri)
      if (options.json === true) printResult('targets check', found)
      else print(renderReading(found))
      return found.problems.length > 0 ? EXIT.look : EXIT.done
    }),
  )

targets
  .command('apply')
  .description('take a list over: show what it changes, and do it after a yes / リストの取込み')
  .argument('<uri>', URI)
  .option('--yes', 'without asking / 確認せずに実行')
  .option(
    '--strict',
    'take nothing over where ids stand there twice, or the source lacks them / 問題があれば取り込まない',
  )
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((uri, options) =>
    runCommand(options, async (app) => {
      const found = await applyTargets(app, app.master(options.master), uri, {
        strict: options.strict === true,
        agreed: async (reading) => {
          if (options.json !== true) print(renderReading(reading))
          return options.yes === true || agreed('take it over? / 取り込みますか')
        },
      })
      if (options.json === true) printResult('targets apply', found)
      else print(found.applied ? 'taken over / 取り込みました' : 'nothing was changed / 何も変更していません')
      return EXIT.done
    }),
  )

targets
  .command('export')
  .description('write the list as it stands / リストの書出し')
  .argument('<uri>', URI)
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((uri, options) =>
    runCommand(options, async (app) => {
      const written = await exportTargets(app, app.master(options.master), uri)
      if (options.json === true) printResult('targets export', written)
      else print(`${written.list}: ${thousands(written.entries)} ids written / 件を書き出しました`)
      return EXIT.done
    }),
  )

/** How many changes are shown. */
const CHANGES = 100

targets
  .command('history')
  .description('who added and removed ids, and when / 変更履歴')
  .argument('[id]', 'only of this id / この id だけ')
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((id, options) =>
    runCommand(options, async (app) => {
      const changes = await targetHistory(app, app.master(options.master), id, CHANGES)
      if (options.json === true) printResult('targets history', { changes })
      else
        print(renderTable(['when (UTC)', 'id', 'what', 'list', 'by', 'run', 'note'], changes.map(historyRow)))
      return EXIT.done
    }),
  )

function tell(changed: readonly ChangedTarget[], json: boolean | undefined): void {
  if (json === true) {
    printResult('targets add', { targets: changed })
    return
  }
  for (const { id, result, lists, in_source, did_you_mean } of changed) {
    print(`${id}: ${CHANGED[result]}${lists.length === 0 ? '' : `: ${lists.join(', ')}`}`)
    if (in_source === false) {
      const meant = did_you_mean === null ? '' : `; did you mean / もしかして ${did_you_mean}?`
      say(`  not in the source / 元マスタにありません${meant}`)
    }
  }
}
