import type { Step } from '../core/compare.js'
import type { Key } from '../core/ids.js'

/** What a comparison wants done with a row. */
export interface PlannedStep {
  readonly key: Key
  readonly step: Step | 'return' | 'keep'
}
