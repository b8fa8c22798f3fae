import type { Check, CheckName, DoctorReport, Finding } from '../core/doctor-report.js'
import { renderError } from '../core/errors.js'
import { remedyInJapanese } from '../core/remedies.ja.js'
import { inJapanese } from './error-text.js'

const CHECKS = {
  variables: 'variables / 環境変数',
  masters: 'master files / マスタのファイル',
  server: 'server / サーバー',
  clock: 'clock / 時計',
  connections: 'connections / 接続数',
  ledger: 'ledger / 台帳',
  temporal: 'server / サーバー',
  worker: 'worker / ワーカー',
  left_over: 'left over / 残った定期実行',
  tables: 'tables / 表',
  permissions: 'permissions / 権限',
  indexes: 'indexes / 索引',
  hashes: 'hashes / ハッシュ',
  schedule: 'schedule / 定期実行',
  import_schedule: 'import schedule / 定期取り込み',
  imports: 'imports / 取り込み',
  hold: 'hold / 停止',
  last_run: 'last run / 直近の実行',
  open_runs: 'under way / 実行中',
  question: 'approval / 承認',
  conflicts: 'conflicts / 競合',
  copy: 'copy / クラウドの写し',
  proof: 'proof / 照合',
  rejects: 'rejects / 拒否された行',
  lists: 'lists / 対象リスト',
} as const satisfies Record<CheckName, string>

const SIDES = { source: 'source / オンプレ', cloud: 'cloud / クラウド' } as const

const MARKS = { ok: '✓', found: '✗', unseen: '-' } as const

/** All checks under what they are about, each with what it found. */
export function renderDoctor(report: DoctorReport): string {
  const lines: string[] = []
  let heading: string | undefined
  for (const check of report.checks) {
    const next = headingOf(check)
    if (next !== heading) lines.push(...(heading === undefined ? [] : ['']), next)
    heading = next
    lines.push(
      line(check),
      ...report.findings.filter((finding) => isAbout(finding, check)).map(renderFinding),
    )
  }
  return [...lines, '', summary(report)].join('\n')
}

function headingOf({ check, master, side, database }: Check): string {
  if (master !== null) return `master ${master} / マスタ`
  if (side !== null) return `${SIDES[side]} (${database ?? ''})`
  return check === 'variables' || check === 'masters' ? 'configuration / 設定' : 'Temporal'
}

function line(check: Check): string {
  const mark = check.ok === null ? MARKS.unseen : check.ok ? MARKS.ok : MARKS.found
  const side = check.master !== null && check.side !== null ? `, ${SIDES[check.side]}` : ''
  const seen = check.ok === null ? `not looked at / 未確認: ${check.seen}` : check.seen
  return `  ${mark} ${CHECKS[check.check]}${side}${seen === '' ? '' : `: ${seen}`}`
}

function renderFinding({ code, message, remedy }: Finding): string {
  const meaning = inJapanese(code)?.meaning
  const ja = meaning === undefined ? '' : `${meaning}\n`
  const [first = '', ...rest] = renderError(code, message, '').split('\n')
  const text = [first, ...rest, ...(ja === '' ? [] : [ja.trimEnd()])]
  const advice = [remedy, remedyInJapanese(remedy) ?? '']
    .filter((one) => one !== '')
    .flatMap((one) => `→ ${one.replaceAll('\n', '\n  ')}`.split('\n'))
  return [...text, ...advice].map((part) => `      ${part}`).join('\n')
}

function isAbout(finding: Finding, { check, master, side, database }: Check): boolean {
  return (
    finding.check === check &&
    finding.master === master &&
    finding.side === side &&
    finding.database === database
  )
}

function summary({ healthy, checks, findings }: DoctorReport): string {
  const unseen = checks.filter(({ ok }) => ok === null).length
  const rest = unseen === 0 ? '' : `, ${unseen} checks not made / 未確認 ${unseen} 件`
  if (healthy) return `healthy: ${checks.length - unseen} checks / 異常なし${rest}`
  return `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} / 要確認 ${findings.length} 件${rest}`
}
