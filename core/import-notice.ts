import { lateImport, type LateData } from './late-import.js'
import type { HeldCounts, OfRun } from './notice-subject.js'
import type { RunFailure, RunReport } from './report.js'

/** How an import ended that a person should look at. */
export type ImportNotice =
  | (OfRun & { readonly kind: 'import_failed'; readonly failure: RunFailure | null })
  | (OfRun & {
      readonly kind: 'import_held'
      readonly held: HeldCounts
      /** Until when it can be approved: ISO 8601, UTC. */
      readonly until: string
    })
  | (OfRun & {
      readonly kind: 'import_rejects'
      /** Of the files, left out. */
      readonly records: number
    })
  | (OfRun & {
      readonly kind: 'import_unequal'
      /** Of the table, not as the files have them. */
      readonly rows: number
    })
  /** It found the very files that it has, when others should be there by now. */
  | (OfRun & LateData & { readonly kind: 'late' })

export function importNoticeOf(report: RunReport): ImportNotice | undefined {
  const { run, master, outcome, failure, question, rows, equal } = report
  const of = { run, master }
  switch (outcome) {
    case 'failed':
      return { kind: 'import_failed', ...of, failure }
    case 'awaiting_approval': {
      if (question?.run !== run || question.state !== 'open') return undefined
      const held = report.held.map(({ kind, rows: count }) => ({ kind, rows: count }))
      return { kind: 'import_held', ...of, held, until: question.expires_at }
    }
    case 'completed_with_rejects':
    case 'completed':
    case 'nothing_to_do': {
      if (equal === false) return { kind: 'import_unequal', ...of, rows: rows.altered }
      // What is wrong with files is told once, by the run that loads them.
      if (outcome === 'completed_with_rejects')
        return { kind: 'import_rejects', ...of, records: rows.rejected }
      const late = report.import?.loaded_before === true ? lateImport(report) : undefined
      return late === undefined ? undefined : { kind: 'late', ...of, ...late }
    }
    case 'rejected':
    case 'cancelled':
    case null:
      return undefined
  }
}
