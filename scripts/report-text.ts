import { renderError } from '../core/errors.js'
import { ROW_COUNTS, type RunReport } from '../core/report.js'
import { ROW_WORDS_JA } from '../core/row-words.js'
import { formatBytes, formatSeconds, renderTable, thousands } from './table.js'

const OUTCOMES = {
  completed: 'completed / 完了',
  nothing_to_do: 'nothing to do / 差分なし',
  completed_with_rejects: 'completed with rejects / 一部拒否あり',
  failed: 'failed / 失敗',
  cancelled: 'cancelled / 取消',
} as const

/** A run report for people, in English with the Japanese words beside. */
export function renderReport(report: RunReport): string {
  const { rows, seconds } = report
  const counts = ROW_COUNTS.filter((name) => rows[name] > 0).map(
    (name) => `${thousands(rows[name])} ${name} ${ROW_WORDS_JA[name]}`,
  )
  const { total, ...phases } = seconds
  const lines = [
    `run ${report.run} · ${report.master} · ${report.mode} · ${report.outcome === null ? 'under way / 実行中' : OUTCOMES[report.outcome]}`,
    `  targets 対象   ${thousands(report.targets)}${report.missing > 0 ? ` (${thousands(report.missing)} not in the source / 元マスタに無い)` : ''}`,
    `  rows 行        ${counts.length === 0 ? '-' : counts.join(' · ')}`,
    `  proof 照合     ${proof(report)}`,
    `  traffic 通信量 source ${formatBytes(report.bytes.source)} · cloud ${formatBytes(report.bytes.cloud)}`,
    `  time 時間      ${formatSeconds(total)}${phaseText(phases)}`,
  ]
  if (report.missing_ids.length > 0) lines.push(missingText(report))
  if (report.unequal_ids.length > 0) lines.push(`  unequal 不一致 ${report.unequal_ids.join(', ')}`)
  if (report.failure !== null)
    lines.push(renderError(report.failure.code, report.failure.message, report.failure.remedy))
  return lines.join('\n')
}

function proof(report: RunReport): string {
  if (report.equal === null)
    return report.mode === 'plan' ? 'nothing was written / 書込みなし' : 'not proven / 未照合'
  return report.equal ? 'equal / 一致' : 'NOT EQUAL / 不一致'
}

function phaseText(phases: Readonly<Record<string, number>>): string {
  const shown = Object.entries(phases).filter(([, seconds]) => seconds >= 0.05)
  return shown.length === 0
    ? ''
    : ` (${shown.map(([name, seconds]) => `${name} ${formatSeconds(seconds)}`).join(', ')})`
}

const MISSING_SHOWN = 10

function missingText(report: RunReport): string {
  const shown = report.missing_ids
    .slice(0, MISSING_SHOWN)
    .map(
      ({ id, did_you_mean }) =>
        `    ${id}${did_you_mean === null ? '' : ` → did you mean / もしかして ${did_you_mean}?`}`,
    )
  const more = report.missing - shown.length
  return [`  missing 不明`, ...shown, ...(more > 0 ? [`    … ${thousands(more)} more`] : [])].join('\n')
}

/** The last runs, a line each. */
export function renderRuns(reports: readonly RunReport[]): string {
  return renderTable(
    ['run', 'started (UTC)', 'master', 'mode', 'outcome', 'inserted', 'updated', 'removed', 'equal', 'time'],
    reports.map((report) => [
      String(report.run),
      report.started_at.slice(0, 19).replace('T', ' '),
      report.master,
      report.mode,
      report.outcome ?? 'under way',
      thousands(report.rows.inserted + report.rows.restored),
      thousands(report.rows.updated + report.rows.adopted),
      thousands(report.rows.removed),
      report.equal === null ? '-' : report.equal ? 'yes' : 'NO',
      formatSeconds(report.seconds.total),
    ]),
  )
}
