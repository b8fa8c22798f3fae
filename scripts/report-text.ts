import { ROW_COUNTS, type Mode, type Outcome, type RunReport } from '../core/report.js'
import { ROW_WORDS_JA } from '../core/row-words.js'
import { OUTCOME_WORDS } from '../core/run-words.js'
import { errorText } from './error-text.js'
import { importLines } from './import-report-text.js'
import { listLines } from './list-lines.js'
import { heldLines, plannedLines } from './plan-text.js'
import { replacedLines } from './replaced-lines.js'
import { sourceLines } from './sources-text.js'
import { formatBytes, formatSeconds, renderTable, shortTime, thousands } from './table.js'

/** What the counts of rows are, twelve cells wide and three more. */
const ROWS = {
  apply: 'rows 行        ',
  plan: 'would do 予定  ',
  verify: 'differ 相違    ',
} as const satisfies Readonly<Record<Mode, string>>

/**
 * A run report for people, in English with the Japanese words beside.
 * @param zone by whose clock times are told
 * @param whole with what was to be done, also of a run that wrote
 */
export function renderReport(report: RunReport, zone?: string, whole = false): string {
  const { rows, seconds } = report
  const counts = ROW_COUNTS.filter((name) => rows[name] > 0).map((name) => countedText(report, name))
  const { total, ...phases } = seconds
  const lines = [
    `run ${report.run} · ${report.master} · ${whatFor(report)} · ${report.outcome === null ? 'under way / 実行中' : outcomeText(report.outcome)}`,
    ...(isPartial(report) || report.kind === 'import' ? [] : [targetsLine(report)]),
    `  ${ROWS[report.mode]}${counts.length === 0 ? '-' : counts.join(' · ')}`,
    `  proof 照合     ${proof(report)}`,
    `  traffic 通信量 source ${formatBytes(report.bytes.source)} · cloud ${formatBytes(report.bytes.cloud)}`,
    `  time 時間      ${formatSeconds(total)}${phaseText(phases)}`,
  ]
  if (report.started_by !== null) lines.push(`  by 開始者      ${report.started_by}`)
  if (whole || report.mode !== 'apply') lines.push(...plannedLines(report))
  lines.push(...replacedLines(report), ...listLines(report), ...sourceLines(report))
  lines.push(...importLines(report), ...heldLines(report, zone))
  if (report.outcome !== null && report.failure === null) lines.push(...hints(report))
  if (report.missing_ids.length > 0) lines.push(missingText(report))
  if (report.unequal_ids.length > 0) lines.push(`  unequal 不一致 ${report.unequal_ids.join(', ')}`)
  if (report.failure !== null) lines.push(errorText(report.failure))
  return lines.join('\n')
}

function outcomeText(outcome: Outcome): string {
  const { en, ja } = OUTCOME_WORDS[outcome]
  return `${en} / ${ja}`
}

/** Of an import other words say what happened to the rows of the master. */
const IMPORT_WORDS: Readonly<Partial<Record<RowName, string>>> = {
  marked: 'closed 廃止',
  rejected: 'left out 除外',
}

type RowName = keyof RunReport['rows']

function countedText({ kind, rows }: RunReport, name: RowName): string {
  const other = kind === 'import' ? IMPORT_WORDS[name] : undefined
  return other === undefined
    ? `${counted(rows[name], name)} ${ROW_WORDS_JA[name]}`
    : `${thousands(rows[name])} ${other}`
}

/** Of the words only one is a plural. */
function counted(count: number, name: keyof RunReport['rows']): string {
  return `${thousands(count)} ${name === 'conflicts' && count === 1 ? 'conflict' : name}`
}

/** A run that does what another asked, or takes one back: it has not looked at the list. */
function isPartial({ undoes, answers }: RunReport): boolean {
  return undoes !== null || answers !== null
}

function targetsLine({ only, targets, missing }: RunReport): string {
  const lacking = missing > 0 ? ` (${thousands(missing)} not in the source / 元マスタに無い)` : ''
  const asked = only === null ? '' : ` of ${thousands(only)} asked for / 指定 ${thousands(only)} 件中`
  return `  targets 対象   ${thousands(targets)}${asked}${lacking}`
}

/** A run that takes another back, or does what it was not to do by itself, is no ordinary one. */
function whatFor({ kind, mode, undoes, answers }: RunReport): string {
  if (undoes !== null) return `undo of run ${undoes} / 実行 ${undoes} の取消`
  if (answers !== null) return `approval of run ${answers} / 実行 ${answers} の承認`
  return kind === 'sync' ? mode : kind
}

function proof(report: RunReport): string {
  if (report.equal === null)
    return report.mode === 'plan' ? 'nothing was written / 書込みなし' : 'not proven / 未照合'
  if (!report.equal) return 'NOT EQUAL / 不一致'
  const apart = APART.filter((name) => report.rows[name] > 0)
  if (apart.length === 0) return 'equal / 一致'
  const en = apart.map((name) => `${thousands(report.rows[name])} ${name}`)
  const ja = apart.map((name) => `${ROW_WORDS_JA[name]} ${thousands(report.rows[name])} 行`)
  return `equal but for ${en.join(', ')} / ${ja.join('、')}を除き一致`
}

/** Rows that differ for a reason that is told. */
const APART = ['rejected', 'held'] as const

/** What a person should know of a run that went well. */
function hints(report: RunReport): readonly string[] {
  const { master, only, targets, missing, rows, held, uncopied } = report
  const lines: string[] = []
  const whole = only === null && report.kind === 'sync' && !isPartial(report)
  if (whole && targets === 0) lines.push('  ! no listed ids / 対象リストに id がありません')
  else if (whole && missing === targets)
    lines.push(
      '  ! none of the listed ids is in the source: has the list lost leading zeros?',
      '    リストの id が元マスタに一つもありません。先頭の 0 が失われていませんか。',
    )
  if (held.some(({ kind }) => kind === 'hold'))
    lines.push(
      `  ! on hold: runs write nothing until it is lifted / 停止中。解除するまで何も書きません: master-sync schedule resume --master ${master}`,
    )
  if (rows.conflicts > 0)
    lines.push(
      `  ! both sides changed the same values / 両側で変更された値: master-sync conflicts list --master ${master}`,
    )
  if (uncopied.length > 0)
    lines.push(
      `  ! new at the source, not copied yet / クラウドに無い列: ${uncopied.join(', ')}`,
      `    to copy them / コピーするには: master-sync setup ${master}`,
    )
  return lines
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

/**
 * The last runs, a line each.
 * @param zoneOf by whose clock the runs of a master are told
 */
export function renderRuns(reports: readonly RunReport[], zoneOf: (master: string) => string): string {
  return renderTable(
    [
      'run',
      'started',
      'master',
      'kind',
      'mode',
      'outcome',
      'inserted',
      'updated',
      'removed/closed',
      'held',
      'equal',
      'time',
    ],
    reports.map((report) => [
      String(report.run),
      shortTime(report.started_at, zoneOf(report.master)),
      report.master,
      report.kind,
      report.answers === null ? report.mode : `${report.mode} (approves ${report.answers})`,
      report.outcome ?? 'under way',
      thousands(report.rows.inserted + report.rows.restored),
      thousands(report.rows.updated + report.rows.adopted),
      thousands(report.rows.removed + report.rows.marked),
      thousands(report.rows.held),
      equalText(report),
      formatSeconds(report.seconds.total),
    ]),
  )
}

function equalText({ equal, rows }: RunReport): string {
  if (equal === null) return '-'
  if (!equal) return 'NO'
  const apart = APART.find((name) => rows[name] > 0)
  return apart === undefined ? 'yes' : `but ${apart}`
}
