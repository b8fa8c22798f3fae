import { Command } from '@commander-js/extra-typings'
import { EXIT, type ExitCode } from '../core/error-catalogue.js'
import type { Master } from '../core/master.js'
import type { ChangedTarget } from '../core/results.js'
import { timezoneOf } from '../core/schedule-times.js'
import { addTargets, removeTargets } from '../operations/targets/edit.js'
import type { App } from '../operations/app.js'
import { awaitedOf } from '../operations/targets/at-once.js'
import { targetHistory } from '../operations/targets/history.js'
import { targets as readTargets } from '../operations/targets/list.js'
import { print, printResult, runCommand, say } from './command.js'
import { positive } from './runs.js'
import { JSON_RESULT, MASTER } from './shared-options.js'
import { renderTable } from './table.js'
import { bring, LATER, UNCHANGED } from './targets-at-once.js'
import { exportTo } from './targets-export.js'
import { apply, check } from './targets-lists.js'
import { replace } from './targets-replace.js'
import { changedText, closedText, missingText, renderHistory } from './targets-text.js'

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
  .description('put ids on the list, and bring their rows to the cloud / 追加し、行をクラウドに反映')
  .argument(
    '<id...>',
    'as it stands in the source; one CSV record where the key has several columns / 元マスタにある通りの id',
  )
  .option('--note <text>', 'why it is on the list / メモ')
  .addOption(LATER)
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((ids, options) =>
    runCommand(options, async (app) => {
      const master = app.master(options.master)
      return told(app, master, await addTargets(app, master, ids, options.note ?? null), options)
    }),
  )

targets
  .command('remove')
  .description(
    'take ids off the list; their rows are removed, or kept, as removals: says / 削除し、行は removals: のとおりに扱う',
  )
  .argument(
    '<id...>',
    'as it stands in the source; one CSV record where the key has several columns / 元マスタにある通りの id',
  )
  .addOption(LATER)
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((ids, options) =>
    runCommand(options, async (app) => {
      const master = app.master(options.master)
      return told(app, master, await removeTargets(app, master, ids), options)
    }),
  )

targets.addCommand(replace).addCommand(check).addCommand(apply).addCommand(exportTo)

targets
  .command('history')
  .description('who added and removed ids, and when / 変更履歴')
  .argument('[id]', 'only of this id / この id だけ')
  .option('--limit <n>', 'how many changes to show / 表示する件数', positive, 100)
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((id, options) =>
    runCommand(options, async (app) => {
      const master = app.master(options.master)
      const history = await targetHistory(app, master, id, options.limit)
      if (options.json === true) printResult('targets history', history)
      else print(renderHistory(history, timezoneOf(master)))
      return EXIT.done
    }),
  )

const LEFT_ALONE: ReadonlySet<ChangedTarget['result']> = new Set(['listed', 'not_listed', 'named_by_list'])

async function told(
  app: App,
  master: Master,
  changed: readonly ChangedTarget[],
  options: { readonly later?: true | undefined; readonly json?: true | undefined },
): Promise<ExitCode> {
  if (options.json !== true) {
    for (const target of changed) {
      print(changedText(target))
      if (target.in_source === false) say(missingText(target))
      if (target.closed) say(closedText(target))
    }
  }
  const idle = options.later === true && changed.every(({ result }) => LEFT_ALONE.has(result))
  const { exit, ...brought } = idle
    ? UNCHANGED
    : await bring(app, master, options, () => awaitedOf(app, master, changed))
  if (options.json === true) printResult('targets add', { targets: changed, ...brought })
  return exit
}
