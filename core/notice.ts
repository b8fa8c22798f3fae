import { importNoticeOf, type ImportNotice } from './import-notice.js'
import type { HeldCounts, OfMaster, OfRun } from './notice-subject.js'
import type { RowCounts, RunFailure, RunReport } from './report.js'

/** What people who do not watch are told of: small, and without ids or values. */
export type Notice = RunNotice | ScheduleNotice

/** A list that could not be read, or not be written. */
interface UnusableList {
  readonly list: string
  readonly code: string
}

/** How a run ended that a person should look at. */
export type RunNotice =
  | ImportNotice
  | (OfRun & { readonly kind: 'failed'; readonly failure: RunFailure | null })
  | (OfRun & { readonly kind: 'rejects' | 'unequal'; readonly rows: RowCounts; readonly targets: number })
  | (OfRun & { readonly kind: 'lists'; readonly lists: readonly UnusableList[] })
  | (OfRun & {
      readonly kind: 'held'
      readonly held: HeldCounts
      /** Until when it can be approved: ISO 8601, UTC. */
      readonly until: string
    })

/** What became of runs that nobody was told of, because they never were. */
export type ScheduleNotice =
  | (OfMaster & { readonly kind: 'missed' | 'skipped'; readonly count: number })
  | (OfMaster & {
      readonly kind: 'old'
      /** Of the copy; missing: there never was one. */
      readonly seconds?: number
      readonly paused: boolean
    })

/**
 * Whether the end of a run is told, and what of it. Only runs that write: who asks for a plan or a verification follows
 * it, and is told by the command's exit code. A cancelled one was stopped by a person, who knows. A question is told by
 * the run that asks it, and by none that finds it still open.
 * Part of the workflow: to tell of more, or of less, takes `patched()` there.
 */
export function noticeOf(report: RunReport): RunNotice | undefined {
  const { kind, run, master, mode, outcome, failure, question } = report
  if (mode !== 'apply') return undefined
  if (kind === 'import') return importNoticeOf(report)
  switch (outcome) {
    case 'failed':
      return { kind: 'failed', run, master, failure }
    case 'awaiting_approval': {
      if (question?.run !== run || question.state !== 'open') return troubleOf(report)
      const held = report.held.map(({ kind, rows }) => ({ kind, rows }))
      return { kind: 'held', run, master, held, until: question.expires_at }
    }
    case 'completed_with_rejects':
    case 'completed':
    case 'nothing_to_do':
      return troubleOf(report)
    case 'rejected':
    case 'cancelled':
    case null:
      return undefined
  }
}

/** Of a run that came to its end: rows that it could not bring up to date, lists that it could not use. */
function troubleOf(report: RunReport): RunNotice | undefined {
  const { run, master, outcome, rows, targets, equal } = report
  if (equal === false) return { kind: 'unequal', run, master, rows, targets }
  const refused = outcome === 'completed_with_rejects' || rows.rejected > 0
  if (refused) return { kind: 'rejects', run, master, rows, targets }
  const lists = unusableLists(report)
  return lists.length > 0 ? { kind: 'lists', run, master, lists } : undefined
}

/** A run of an earlier release knows of none. */
function unusableLists({
  lists = [],
  published = [],
}: Partial<Pick<RunReport, 'lists' | 'published'>>): readonly UnusableList[] {
  return [...lists, ...published].flatMap(({ list, failure }) =>
    failure === null ? [] : [{ list, code: failure.code }],
  )
}
