import type { RowCounts, RunFailure, RunReport } from './report.js'

/** What people who do not watch are told of: small, and without ids or values. */
export type Notice = RunNotice | ScheduleNotice

interface OfMaster {
  readonly master: string
}

interface OfRun extends OfMaster {
  /** 0 where it could not be recorded. */
  readonly run: number
}

/** How a run ended that a person should look at. */
export type RunNotice =
  | (OfRun & { readonly kind: 'failed'; readonly failure: RunFailure | null })
  | (OfRun & { readonly kind: 'rejects' | 'unequal'; readonly rows: RowCounts; readonly targets: number })

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
 * it, and is told by the command's exit code. A cancelled one was stopped by a person, who knows.
 * Part of the workflow: to tell of more, or of less, takes `patched()` there.
 */
export function noticeOf(report: RunReport): RunNotice | undefined {
  const { run, master, mode, outcome, equal, rows, targets, failure } = report
  if (mode !== 'apply') return undefined
  switch (outcome) {
    case 'failed':
      return { kind: 'failed', run, master, failure }
    case 'completed_with_rejects':
      return { kind: equal === false ? 'unequal' : 'rejects', run, master, rows, targets }
    case 'completed':
    case 'nothing_to_do':
      return equal === false ? { kind: 'unequal', run, master, rows, targets } : undefined
    case 'cancelled':
    case null:
      return undefined
  }
}
