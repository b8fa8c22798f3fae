import { Command } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import type { ChangedTarget } from '../core/results.js'
import { addTargets, removeTargets, targets as readTargets } from '../operations/targets.js'
import { print, printResult, runCommand, say } from './command.js'
import { JSON_RESULT, MASTER } from './shared-options.js'
import { renderTable } from './table.js'

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
            ['id', 'note'],
            entries.map((entry) => [entry.id, entry.note ?? '']),
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

const RESULTS = {
  added: 'added / 追加',
  changed: 'note changed / メモ変更',
  listed: 'was listed / 登録済み',
  removed: 'removed / 削除',
  not_listed: 'was not listed / 未登録',
} as const satisfies Record<ChangedTarget['result'], string>

function tell(changed: readonly ChangedTarget[], json: boolean | undefined): void {
  if (json === true) {
    printResult('targets add', { targets: changed })
    return
  }
  for (const { id, result, in_source, did_you_mean } of changed) {
    print(`${id}: ${RESULTS[result]}`)
    if (in_source === false) {
      const meant = did_you_mean === null ? '' : `; did you mean / もしかして ${did_you_mean}?`
      say(`  not in the source / 元マスタにありません${meant}`)
    }
  }
}
