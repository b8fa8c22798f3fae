import { processEnvironment } from '../config/environment.js'
import { ERRORS, EXIT, type ExitCode } from '../core/error-catalogue.js'
import { describeError, SyncError } from '../core/errors.js'
import { App } from '../operations/app.js'

/** Runs a verb's work with an app that is closed afterwards; its exit code, or its error's, becomes the process's. */
export async function runCommand(work: (app: App) => Promise<ExitCode>): Promise<void> {
  process.exitCode = await guarded(async () => {
    const app = new App(processEnvironment())
    try {
      return await work(app)
    } finally {
      await app.close()
    }
  })
}

/** Tells an error on stderr and gives the exit code that belongs to it. */
export async function guarded(work: () => Promise<ExitCode>): Promise<ExitCode> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SyncError) {
      say(describeError(error))
      return ERRORS[error.code].exit
    }
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return EXIT.unexpected
  }
}

/** Results go to stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Exactly one object. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2))
}

/** Progress, hints and errors go to stderr. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
