import { Command } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { HISTORY_KINDS, HISTORY_WORDS, type Undoable } from '../core/history.js'
import type { Master } from '../core/master.js'
import { exitCodeOf, type RunReport } from '../core/report.js'
import { timezoneOf } from '../core/schedule-times.js'
import type { App } from '../operations/app.js'
import { oneRun } from '../operations/runs.js'
import { previewUndo, startUndo } from '../operations/undo.js'
import { print, printResult, runCommand } from './command.js'
import { follow } from './follow.js'
import { offListLines } from './replaced-lines.js'
import { renderReport } from './report-text.js'
import { renderDetail } from './run-detail-text.js'
import { runNumber } from './runs.js'
import { JSON_RESULT, MASTER } from './shared-options.js'
import { thousands } from './table.js'

export const undo = new Command('undo')
  .description(
    'take back what a run did, but for what was changed since; puts the master on hold / 実行を取り消す（その後に変更された値は残す）',
  )
  .argument('<run>', 'the number of the run (master-sync runs) / 実行の番号', runNumber)
  .option('--yes', 'do it; without it only what would be taken back is shown / 実際に取り消す')
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((run, options) =>
    runCommand(options, async (app) => {
      const master = app.master(options.master)
      if (options.yes === true) {
        const report = await follow(app, master, await startUndo(app, master, run))
        if (options.json === true) printResult('undo --yes', report)
        else await tell(app, master, report)
        return exitCodeOf(report)
      }
      const found = await previewUndo(app, master, run)
      if (options.json === true) printResult('undo', found)
      else print(preview(found, master.master))
      return EXIT.done
    }),
  )

/** The report, what was left, and what comes next. */
async function tell(app: App, master: Master, report: RunReport): Promise<void> {
  print(
    report.run === 0
      ? renderReport(report)
      : renderDetail(await oneRun(app, master, report.run), timezoneOf(master)),
  )
  if (report.failure !== null) return
  print(
    [
      '',
      `! ${master.master} is on hold: its runs write nothing until a person lifts it, for the source is as it was`,
      '  停止中です。元が直るまで、実行しても何も書きません',
      `  to end it / 解除: master-sync schedule resume --master ${master.master}`,
    ].join('\n'),
  )
}

function preview({ run, rows, kinds, replaced }: Undoable, master: string): string {
  const what = HISTORY_KINDS.flatMap((kind) =>
    kinds[kind] === undefined ? [] : [`  ${thousands(kinds[kind])} ${kind} ${HISTORY_WORDS[kind]}`],
  )
  return [
    `run ${run} · ${master}: ${thousands(rows)} ${rows === 1 ? 'row' : 'rows'} would be taken back, but for what was changed since`,
    `${thousands(rows)} 行を取り消します（その後に変更された値は残ります）`,
    ...what,
    ...offListLines(replaced, master),
    `it puts the master on hold: its runs write nothing until a person lifts that`,
    `取り消すとマスタは停止し、解除するまで実行しても何も書きません`,
    `nothing was done yet; to do it / まだ何もしていません。実行するには:`,
    `  master-sync undo ${run} --yes --master ${master}`,
  ].join('\n')
}
