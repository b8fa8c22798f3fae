import { Option } from '@commander-js/extra-typings'
import { processRedactor } from '../config/secrets.js'
import { ERRORS, EXIT, type ExitCode } from '../core/error-catalogue.js'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { exitCodeOf, type RunFailure, type RunReport } from '../core/report.js'
import type { App } from '../operations/app.js'
import { startAtOnce, type AwaitedRows } from '../operations/targets/at-once.js'
import { explainTemporal } from '../operations/temporal-failures.js'
import { print, say } from './command.js'
import { errorText } from './error-text.js'
import { follow, tell } from './follow.js'

export const LATER = new Option(
  '--later',
  'leave it to the next run; without it a run for these ids is started and followed / 次の実行に任せる（省略時はすぐに反映）',
)

interface Options {
  readonly later?: true | undefined
  readonly json?: true | undefined
}

/** What became of a change of the list. */
interface Brought {
  readonly run: RunReport | null
  readonly waits: RunFailure | null
  readonly exit: ExitCode
}

/** No run is needed. */
export const UNCHANGED: Brought = { run: null, waits: null, exit: EXIT.done }

/** With these the list is as it should be, and the next run brings it. */
const AWAY: ReadonlySet<string> = new Set(['TEMPORAL_UNREACHABLE', 'WORKER_MISSING'])

/** Brings a change that the list has taken to the cloud, and prints the run's report. */
export async function bring(
  app: App,
  master: Master,
  options: Options,
  look: () => AwaitedRows | Promise<AwaitedRows>,
): Promise<Brought> {
  if (options.later === true) {
    say(nextRun(master))
    return UNCHANGED
  }
  try {
    const started = await startAtOnce(app, master, await look())
    if (started === undefined) return UNCHANGED
    if (started.behind !== undefined) say(behindText(started.behind))
    const run = await follow(app, master, started)
    if (options.json !== true) {
      print('')
      await tell(app, master, run)
    }
    return { run, waits: null, exit: exitCodeOf(run) }
  } catch (thrown) {
    const error = explainTemporal(thrown)
    if (!(error instanceof SyncError)) throw error
    return waiting(master, error)
  }
}

function waiting(master: Master, { code, message, remedy }: SyncError): Brought {
  const redact = processRedactor()
  const waits = { code, message: redact(message), remedy: redact(remedy) }
  say(
    [
      'the list is changed; the cloud is not yet / リストは変更済み、クラウドは未反映:',
      errorText(waits),
      nextRun(master),
    ].join('\n'),
  )
  return { run: null, waits, exit: AWAY.has(code) ? EXIT.done : ERRORS[code].exit }
}

function behindText(run: number): string {
  return `run ${run} is under way; this comes right after it / 実行 ${run} が進行中です。終わり次第すぐに反映します`
}

function nextRun({ master }: Master): string {
  return `the next run brings it; to start one / 次の実行で反映します。開始するには: master-sync start-sync ${master}`
}
