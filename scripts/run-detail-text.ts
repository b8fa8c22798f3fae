import { LEFT_REASONS } from '../core/history.js'
import type { LeftRow } from '../core/results.js'
import type { RunDetail } from '../operations/runs.js'
import { sampleLines } from './plan-text.js'
import { renderReport } from './report-text.js'
import { renderTable, shortValues, thousands } from './table.js'

/** A run with what of it stands in the ledger only: values, and rows that are refused. */
export function renderDetail(detail: RunDetail, zone: string): string {
  return [renderReport(detail.report, zone, true), ...behind(detail)].join('\n')
}

function behind({ report, sample, rejects, conflicts, left }: RunDetail): readonly string[] {
  const lines: string[] = []
  if (left.length > 0) lines.push('', 'not taken back / 取り消さなかった行', ...left.flatMap(leftLines))
  const shown = sampleLines(sample)
  if (shown.length > 0) lines.push('', ...shown)
  if (conflicts > 0)
    lines.push(
      '',
      `at present both sides have changed ${thousands(conflicts)} ${conflicts === 1 ? 'value' : 'values'} / 現在の競合: ${thousands(conflicts)} 件`,
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

function leftLines({ id, why, columns }: LeftRow): readonly string[] {
  const { en, ja } = LEFT_REASONS[why]
  return [
    `  ${id}  ${en} / ${ja}`,
    ...columns.map(({ column, found, wanted }) => {
      const [there, was] = shortValues(found, wanted)
      return `      ${column}: ${there}, was / 以前は ${was}`
    }),
  ]
}
