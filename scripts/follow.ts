import { EXIT, type ExitCode } from '../core/error-catalogue.js'
import type { Master } from '../core/master.js'
import { exitCodeOf, type RunReport } from '../core/report.js'
import { timezoneOf } from '../core/schedule-times.js'
import type { App } from '../operations/app.js'
import { followRun } from '../operations/follow.js'
import { oneRun } from '../operations/runs.js'
import type { StartedRun } from '../operations/start.js'
import { print, printResult, say } from './command.js'
import { sampleLines } from './plan-text.js'
import { ProgressLine } from './progress-line.js'
import { renderReport } from './report-text.js'

/** Follows a run and prints its report; the exit code says how it ended. */
export async function followAndPrint(
  app: App,
  master: Master,
  started: StartedRun,
  json: boolean,
): Promise<ExitCode> {
  const report = await follow(app, master, started)
  if (json) printResult('start-sync', report)
  else await tell(app, master, report)
  return exitCodeOf(report)
}

/** A report, and of what a person is to look at some rows: their values stand in the ledger only. */
export async function tell(app: App, master: Master, report: RunReport): Promise<void> {
  print(renderReport(report, timezoneOf(master)))
  if (report.run === 0 || (report.mode === 'apply' && report.rows.held === 0)) return
  const sample = sampleLines((await oneRun(app, master, report.run)).sample)
  if (sample.length > 0) print(['', ...sample].join('\n'))
}

/** Follows a run with live progress on stderr. Ctrl-C ends the process; the run goes on. */
export async function follow(app: App, master: Master, started: StartedRun): Promise<RunReport> {
  const line = new ProgressLine(process.stderr)
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve('interrupted')
      })
    }
  })
  const followed = await Promise.race([
    followRun(app, master, started, line.show).finally(line.end),
    interrupted,
  ])
  if (followed === 'interrupted') {
    line.end()
    say(
      `interrupted; the run goes on as ${started.workflowId} / 中断しました。同期は続いています\n  see: master-sync runs · stop it: master-sync cancel RUN`,
    )
    // The long poll for the result would keep the process alive.
    process.exit(EXIT.interrupted)
  }
  return followed
}
