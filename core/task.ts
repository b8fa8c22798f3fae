import type { Key } from './ids.js'

/** What a run is asked to do beside its mode. */
export interface RunTask {
  /** Keys of `--only`; missing: all that is listed or tracked. */
  readonly only?: readonly Key[]
  /** A person who knows waives limits, protection of edits from a change of policy, and a hold. */
  readonly approve?: true
  /** The question that a person answered with yes: only what it asked is done. */
  readonly answers?: number
  /** The run to take back. */
  readonly undoes?: number
  /** Who asks for it; missing: a schedule does. */
  readonly by?: string
}
