import type { Held } from './question.js'

/** Whose a notice is. */
export interface OfMaster {
  readonly master: string
}

export interface OfRun extends OfMaster {
  /** 0 where it could not be recorded. */
  readonly run: number
}

/** What waits for a person, without the reasons, in which somebody may have written anything. */
export type HeldCounts = readonly Pick<Held, 'kind' | 'rows'>[]
