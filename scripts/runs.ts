import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { lastRuns, oneRun } from '../operations/runs.js'
import { print, printResult, runCommand } from './command.js'
import { renderRuns } from './report-text.js'
import { renderDetail } from './run-detail-text.js'
import { JSON_RESULT, MASTER } from './shared-options.js'

export function positive(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It takes a whole number from 1 up.')
  return value
}

/** An argument that is the number of a run. */
export function runNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It takes the number of a run: see master-sync runs.')
  return value
}

export const runs = new Command('runs')
  .description('the last runs, newest first, or one with its details / 実行履歴')
  .argument('[run]', 'the number of the run to show / 表示する実行の番号', runNumber)
  .addOption(MASTER)
  .option('--limit <n>', 'how many runs to list / 一覧の件数', positive, 20)
  .addOption(JSON_RESULT)
  .action((run, options) =>
    runCommand(options, async (app) => {
      const master = app.master(options.master)
      if (run === undefined) {
        const reports = await lastRuns(app, master, options.limit)
        if (options.json === true) printResult('runs', { runs: reports })
        else print(reports.length === 0 ? 'no runs yet / まだ実行されていません' : renderRuns(reports))
        return EXIT.done
      }
      const detail = await oneRun(app, master, run)
      const { report, conflicts, ...behind } = detail
      if (options.json === true) printResult('runs RUN', { ...report, ...behind, open_conflicts: conflicts })
      else print(renderDetail(detail))
      return EXIT.done
    }),
  )
