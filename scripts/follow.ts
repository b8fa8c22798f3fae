import { EXIT, type ExitCode } from '../core/error-catalogue.js'
import type { Master } from '../core/master.js'
import { exitCodeOf } from '../core/report.js'
import type { App } from '../operations/app.js'
import { followRun } from '../operations/follow.js'
import type { StartedRun } from '../operations/start.js'
import { print, printResult, say } from './command.js'
import { ProgressLine } from './progress-line.js'
import { renderReport } from './report-text.js'

/** Follows a run with live progress on stderr and prints its report. Ctrl-C stops following; the run goes on. */
export async function followAndPrint(
  app: App,
  master: Master,
  started: StartedRun,
  json: boolean,
): Promise<ExitCode> {
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
  if (json) printResult('start-sync', followed)
  else print(renderReport(followed))
  return exitCodeOf(followed)
}
