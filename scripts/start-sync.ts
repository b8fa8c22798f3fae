import { Command, Option } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { MODES, type RunReport } from '../core/report.js'
import { timezoneOf } from '../core/schedule-times.js'
import { startedReport } from '../operations/runs.js'
import { startSync as start, type StartedRun } from '../operations/start.js'
import { namedMaster, print, printResult, runCommand, say } from './command.js'
import { followAndPrint } from './follow.js'
import { renderReport } from './report-text.js'
import { JSON_RESULT } from './shared-options.js'

export const startSync = new Command('start-sync')
  .description('start a sync, or follow the one under way / 同期を開始（実行中ならその進捗を表示）')
  .argument('[master]', 'the master to sync / マスタの名前')
  .option('--master <name>', 'the same as the argument / 引数と同じ')
  .addOption(
    new Option('--mode <mode>', 'apply the differences, only plan, or verify / 反映・計画のみ・照合のみ')
      .choices(MODES)
      .default('apply' as const),
  )
  .option(
    '--only <id>',
    'only this id; may be given again / この id だけ（繰り返し可）',
    (id: string, all: string[] | undefined) => [...(all ?? []), id],
  )
  .option(
    '--approve',
    'waive the limits, kept edits and a hold of the master, for this run / 上限・編集の保護・停止を今回だけ無視して実行',
  )
  .option('--detach', 'do not wait for the end / 終わりを待たない')
  .addOption(JSON_RESULT)
  .action(async (name, options) => {
    await runCommand(options, async (app) => {
      const { mode, only = [], approve = false } = options
      if (approve && mode !== 'apply')
        throw new SyncError('USAGE', `--approve is for a run that writes, not for --mode ${mode}`)
      const master = app.master(namedMaster(name, options.master))
      const started = await start(app, master, { mode, only, approve })
      if (started.how === 'attached') say('a run is under way: following it / 実行中の同期に接続しました')
      if (options.detach !== true) return followAndPrint(app, master, started, options.json === true)
      const report = await startedReport(app, master, started, mode)
      if (options.json === true) printResult('start-sync', report)
      else print(startedText(started, master, report))
      return EXIT.done
    })
  })

/** A run that no worker has taken up yet has neither a number nor figures. */
function startedText({ workflowId }: StartedRun, master: Master, report: RunReport): string {
  const started = `started ${workflowId} / 開始しました`
  return report.run === 0
    ? `${started}\n  to follow it / 進捗を見るには: master-sync start-sync ${master.master}`
    : `${started}\n${renderReport(report, timezoneOf(master))}`
}
