import { missedSince } from './publications.js'
import type { RunReport } from './report.js'

/** Data that should have been followed by newer. */
export interface LateData {
  readonly publication: string
  /** The date of its newest file, `2026-06-01`. */
  readonly as_of: string
  /** The date of the newest data that should be there by now. */
  readonly due: string
}

/** Whether an import that started by itself has found older data than should be published by its day. */
export function lateImport({ import: found, started_by, started_at }: RunReport): LateData | undefined {
  if (found === null || started_by !== null) return undefined
  const { publication, files } = found
  const as_of = files
    .flatMap((file) => file.as_of ?? [])
    .sort()
    .at(-1)
  if (as_of === undefined) return undefined
  const due = missedSince(publication, as_of, started_at.slice(0, 10)).at(-1)
  return due === undefined ? undefined : { publication, as_of, due }
}
