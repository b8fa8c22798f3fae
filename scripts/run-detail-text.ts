import type { RunDetail } from '../operations/runs.js'
import { plannedLines, sampleLines } from './plan-text.js'
import { renderReport } from './report-text.js'
import { renderTable, thousands } from './table.js'

/** A run with what of it stands in the ledger only: values, and rows that are refused. */
export function renderDetail(detail: RunDetail): string {
  const { report } = detail
  return [
    renderReport(report),
    ...(report.mode === 'apply' ? plannedLines(report) : []),
    ...behind(detail),
  ].join('\n')
}

/** The same without the report. */
export function behind({ report, sample, rejects, conflicts }: RunDetail): readonly string[] {
  const lines: string[] = []
  const shown = sampleLines(sample)
  if (shown.length > 0) lines.push('', ...shown)
  if (conflicts > 0)
    lines.push(
      '',
      `values that both sides have changed / 競合: ${thousands(conflicts)}`,
      `  master-sync conflicts list --master ${report.master}`,
    )
  if (rejects.length > 0)
    lines.push(
      '',
      'refused by the cloud at present / 現在クラウドに拒否されている行',
      renderTable(
        ['id', 'sqlstate', 'column', 'message'],
        rejects.map((row) => [row.id, row.sqlstate, row.column ?? '-', row.message]),
      ),
    )
  return lines
}
