import { NO_ROWS } from '../core/empty-report.js'
import type { ImportReport } from '../core/import-plan.js'
import type { Outcome, RowCounts } from '../core/report.js'

/** What a run that imports has come to, as runs are counted. */
export function importRows(found: ImportReport | null, finished: boolean, held: number): RowCounts {
  if (found === null || (!finished && found.written === null)) return NO_ROWS
  const { written, files, unchanged } = found
  return {
    ...NO_ROWS,
    inserted: written?.added ?? 0,
    updated: written?.changed ?? 0,
    marked: written?.closed ?? 0,
    unchanged,
    held,
    altered: written?.unwritten ?? 0,
    // Of an id that stands there twice the first is taken over: nothing is missing for it.
    rejected: files.reduce((sum, { reported }) => sum + reported, 0),
  }
}

/** Rows of the files, each once. */
export function stagedRows({ files, folded, contradicting }: ImportReport): number {
  return files.reduce((sum, { rows }) => sum + rows, 0) - folded - contradicting.rows
}

export function importOutcome(
  rows: RowCounts,
  asks: boolean,
  { answers, loadedBefore }: { readonly answers?: number; readonly loadedBefore?: string },
): Outcome {
  if (asks) return 'awaiting_approval'
  if (loadedBefore !== undefined) return 'nothing_to_do'
  // Whoever answers has been told of them by the run that asked.
  if (rows.rejected > 0 && answers === undefined) return 'completed_with_rejects'
  return rows.inserted + rows.updated + rows.marked === 0 ? 'nothing_to_do' : 'completed'
}
