import { processEnvironment } from '../config/environment.js'
import { processRedactor } from '../config/secrets.js'
import { ERRORS, EXIT, type ExitCode } from '../core/error-catalogue.js'
import { SyncError } from '../core/errors.js'
import type { Result, Verb } from '../core/results.js'
import { App } from '../operations/app.js'
import { errorText } from './error-text.js'

/** A verb's options, as far as all have them. */
interface Options {
  readonly json?: true | undefined
}

/** Connections that a server left half open would keep a command that has nothing more to say. */
const LINGER_MS = 1_000

/** Runs a verb's work with an app that is closed afterwards; its exit code, or its error's, becomes the process's. */
export async function runCommand(options: Options, work: (app: App) => Promise<ExitCode>): Promise<void> {
  process.exitCode = await guarded(() => withApp(work), options)
  endSoon()
}

export async function withApp<T>(work: (app: App) => Promise<T>): Promise<T> {
  const app = new App(processEnvironment())
  try {
    return await work(app)
  } catch (error) {
    if (error instanceof SyncError) throw error
    const { explainTemporal } = await import('../operations/temporal-failures.js')
    throw explainTemporal(error)
  } finally {
    await app.close()
  }
}

/**
 * The master that a verb is asked for, as its argument or as `--master`.
 * @throws SyncError USAGE where they are not the same
 */
export function namedMaster(argument: string | undefined, option: string | undefined): string | undefined {
  if (argument !== undefined && option !== undefined && argument !== option)
    throw new SyncError('USAGE', `which master: ${argument}, or --master ${option}?`)
  return argument ?? option
}

/** Ends the process when it has nothing more to do, and before long if something that it cannot close keeps it. */
export function endSoon(): void {
  setTimeout(() => process.exit(), LINGER_MS).unref()
}

/**
 * Tells an error on stderr and gives the exit code that belongs to it. With `--json` its parts are the one object on
 * stdout, so that a program need not read what is meant for people.
 */
export async function guarded(work: () => Promise<ExitCode>, { json }: Options = {}): Promise<ExitCode> {
  try {
    return await work()
  } catch (error) {
    const redact = processRedactor()
    if (error instanceof SyncError) {
      const { code, message, remedy } = error
      say(redact(errorText(error)))
      if (json === true) printJson({ failure: { code, message: redact(message), remedy: redact(remedy) } })
      return ERRORS[error.code].exit
    }
    say(redact(error instanceof Error ? (error.stack ?? error.message) : String(error)))
    return EXIT.unexpected
  }
}

/** Results go to stdout. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** The result of a verb with `--json`: exactly one object, of the shape that docs/cli.md describes. */
export function printResult<V extends Verb>(_verb: V, value: Result<V>): void {
  printJson(value)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2))
}

/** Progress, hints and errors go to stderr. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
