import type { Key } from '../core/ids.js'
import type { PlanKind } from '../core/plan.js'
import type { Held } from '../core/question.js'

/** What a comparison wants done with a row. */
export interface PlannedStep {
  readonly key: Key
  /** write: an insert, or a row of the cloud's own to adopt. */
  readonly step: PlanKind | 'write'
  /** Hash of the source row. */
  readonly source?: string | null
  /** Hash of the cloud row's image, or of all values of a row that is to go. */
  readonly image?: string | null
  readonly held?: Held['kind']
}
