import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import type { Master } from '../core/master.js'
import { timezoneOf } from '../core/schedule-times.js'
import { lastRunsOfAll, oneRun } from '../operations/runs.js'
import { print, printResult, runCommand } from './command.js'
import { renderRuns } from './report-text.js'
import { renderDetail } from './run-detail-text.js'
import { ANY_MASTER, JSON_RESULT } from './shared-options.js'

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
  .addOption(ANY_MASTER)
  .option('--limit <n>', 'how many runs to list / 一覧の件数', positive, 20)
  .addOption(JSON_RESULT)
  .action((run, options) =>
    runCommand(options, async (app) => {
      const { master: name, limit } = options
      if (run === undefined) {
        const masters = name === undefined ? app.masters() : [app.master(name)]
        const reports = await lastRunsOfAll(app, masters, limit)
        if (options.json === true) printResult('runs', { runs: reports })
        else
          print(
            reports.length === 0
              ? 'no runs yet / まだ実行されていません'
              : renderRuns(reports, zoneOf(masters)),
          )
        return EXIT.done
      }
      const master = name === undefined ? ledgerOf(app.masters()) : undefined
      const detail = await oneRun(app, master ?? app.master(name), run)
      const { report, conflicts, ...behind } = detail
      if (options.json === true) printResult('runs RUN', { ...report, ...behind, open_conflicts: conflicts })
      else print(renderDetail(detail, zoneOf(app.masters())(report.master)))
      return EXIT.done
    }),
  )

/** Any master of the ledger; undefined where there are several ledgers, each with numbers of its own. */
function ledgerOf(masters: readonly Master[]): Master | undefined {
  const [first] = masters
  return masters.every(({ cloud }) => cloud.database === first?.cloud.database) ? first : undefined
}

function zoneOf(masters: readonly Master[]): (name: string) => string {
  const zones = new Map(masters.map((master) => [master.master, timezoneOf(master)]))
  return (name) => zones.get(name) ?? 'UTC'
}
