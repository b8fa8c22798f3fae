import { NO_IDS } from './replacement.js'
import type { Mode, RowCounts, RunReport } from './report.js'

export const NO_ROWS: RowCounts = {
  inserted: 0,
  updated: 0,
  removed: 0,
  marked: 0,
  restored: 0,
  adopted: 0,
  unchanged: 0,
  locked: 0,
  held: 0,
  moved: 0,
  altered: 0,
  conflicts: 0,
  rejected: 0,
}

/** The report of a run of which nothing but its beginning is known. */
export function emptyReport(run: {
  readonly run: number
  readonly master: string
  readonly mode: Mode
  readonly startedAt: string
  readonly seconds: number
  readonly workflow: RunReport['workflow']
}): RunReport {
  return {
    run: run.run,
    kind: 'sync',
    master: run.master,
    mode: run.mode,
    outcome: null,
    started_at: run.startedAt,
    only: null,
    targets: 0,
    missing: 0,
    missing_ids: [],
    lists: [],
    published: [],
    sources: [],
    rows: NO_ROWS,
    replaced: NO_IDS,
    planned: {},
    held: [],
    question: null,
    uncopied: [],
    started_by: null,
    answers: null,
    undoes: null,
    import: null,
    bytes: { source: 0, cloud: 0 },
    wal: 0,
    seconds: { total: run.seconds },
    equal: null,
    unequal_ids: [],
    workflow: run.workflow,
    failure: null,
  }
}
