import type { ExitCode } from './exit-codes.js'

/** An error as people are told of it. */
export interface ErrorEntry {
  /** The exit code of a command that ends with this error. A failed run exits 6 whatever stopped it. */
  readonly exit: ExitCode
  /** When it is raised, in one sentence. */
  readonly meaning: string
  /** What to do about it. */
  readonly remedy: string
}
