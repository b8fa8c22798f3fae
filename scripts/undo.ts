import { Command } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { HISTORY_KINDS, HISTORY_WORDS, type Undoable } from '../core/history.js'
import { previewUndo, startUndo } from '../operations/undo.js'
import { print, printResult, runCommand } from './command.js'
import { followAndPrint } from './follow.js'
import { positive } from './runs.js'
import { JSON_RESULT, MASTER } from './shared-options.js'
import { thousands } from './table.js'

export const undo = new Command('undo')
  .description(
    'take back what a run did, but for what was changed since; puts the master on hold / 実行を取り消す（その後に変更された値は残す）',
  )
  .argument('<run>', 'the number of the run (master-sync runs) / 実行の番号', positive)
  .option('--yes', 'do it; without it only what would be taken back is shown / 実際に取り消す')
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((run, options) =>
    runCommand(options, async (app) => {
      const master = app.master(options.master)
      if (options.yes === true)
        return followAndPrint(app, master, await startUndo(app, master, run), options.json === true)
      const found = await previewUndo(app, master, run)
      if (options.json === true) printResult('undo', found)
      else print(preview(found, master.master))
      return EXIT.done
    }),
  )

function preview({ run, rows, kinds }: Undoable, master: string): string {
  const what = HISTORY_KINDS.flatMap((kind) =>
    kinds[kind] === undefined ? [] : [`  ${thousands(kinds[kind])} ${kind} ${HISTORY_WORDS[kind]}`],
  )
  return [
    `run ${run} · ${master}: ${thousands(rows)} row(s) would be taken back, but for what was changed since`,
    `${thousands(rows)} 行を取り消します（その後に変更された値は残ります）`,
    ...what,
    `nothing was done yet; to do it / まだ何もしていません。実行するには:`,
    `  master-sync undo ${run} --yes --master ${master}`,
  ].join('\n')
}
