import { FINDINGS } from '../core/finding.js'
import { causeWords } from '../core/held-causes.js'
import type { OutsideParts } from '../core/import-plan.js'
import type { ImportPlan } from '../core/import-preview.js'
import { heldWords } from '../core/plan-words.js'
import { errorText } from './error-text.js'
import { thousands } from './table.js'

/** Whether there is anything to do, or to look at. */
export function changesMaster({ added, changed, reopened, absent, files, refused }: ImportPlan): boolean {
  const differing = added.rows + changed.rows + reopened.rows + absent.rows
  return refused !== null || differing > 0 || files.some(({ reported }) => reported > 0)
}

/** What files would change, for people. */
export function renderImportPlan(plan: ImportPlan): string {
  const counts = [
    `${thousands(plan.added.rows)} added 追加`,
    `${thousands(plan.changed.rows)} changed 変更`,
    `${thousands(plan.reopened.rows)} reopened 再開`,
    `${thousands(plan.absent.rows)} absent 掲載なし`,
    `${thousands(plan.unchanged)} unchanged 変更なし`,
  ]
  return [
    `${plan.master} · ${plan.publication} · plan / 計画`,
    ...fileLines(plan),
    `  rows 行        ${counts.join(' · ')}`,
    ...told('added 追加', plan.added),
    ...told('changed 変更', plan.changed),
    ...told('reopened 再開', plan.reopened),
    ...told('absent 掲載なし', plan.absent),
    ...(plan.absent.rows > 0 && plan.files.some(({ unidentified = 0 }) => unidentified > 0)
      ? [
          '  ! absent may be what was left out of the files / 掲載なしには、除外した行が含まれることがあります',
        ]
      : []),
    ...findingLines(plan),
    ...uncomparedLines(plan),
    ...outsideLines(plan.outside),
    ...verdictLines(plan),
  ].join('\n')
}

/** Whether the import could be done, and by itself. */
function verdictLines({ refused, held }: ImportPlan): readonly string[] {
  if (refused !== null) {
    const [what = '', ...more] = errorText(refused).split('\n')
    return [
      `  ! would be refused: ${what} / 取り込みは断られます`,
      ...more.map((line) => `    ${line.trim()}`),
    ]
  }
  return held.map(({ kind, rows, reason, causes }) => {
    const { en, ja } = heldWords('import', kind)
    const why = causes.map((cause) => causeWords(cause).ja).join('、')
    return `  ! would wait for approval: ${thousands(rows)} ${en}: ${reason} / 承認待ちになります: ${ja} ${thousands(rows)}: ${why}`
  })
}

/** Parts of the register that stay behind: a download that lacks some files looks whole. */
export function outsideLines(outside: OutsideParts | undefined): readonly string[] {
  const { parts = 0, sample = [], oldest = null } = outside ?? {}
  if (parts === 0) return []
  const more = parts > sample.length ? ' …' : ''
  return [
    `  outside 範囲外 left as they are / 元のまま: ${sample.join(' ')}${more} (${thousands(parts)}), oldest as of / 最古 ${oldest ?? '-'}`,
  ]
}

type Read = Pick<ImportPlan, 'files' | 'folded' | 'contradicting'>

/** The files, and what of them was left out. */
export function fileLines({ files, folded, contradicting }: Read): readonly string[] {
  return [
    ...files.map(({ file, feed, as_of: asOf, encoding, records, reported }) => {
      const parts = [
        file,
        feed,
        asOf,
        encoding === 'shift_jis' ? 'CP932' : encoding,
        `${thousands(records)} records 件`,
      ]
      const leftOut = reported === 0 ? '' : `, ${thousands(reported)} left out 除外`
      return `  file ファイル  ${parts.filter((part) => part !== null).join(' · ')}${leftOut}`
    }),
    ...(folded > 0 ? [`  folded 重複    ${thousands(folded)}`] : []),
    ...contradictions(contradicting),
  ]
}

export function uncomparedLines({ uncompared }: Pick<ImportPlan, 'uncompared'>): readonly string[] {
  return uncompared.length === 0
    ? []
    : [`  ! not in the table, not compared / 表にない列: ${uncompared.join(', ')}`]
}

const SHOWN = 5

export function told(label: string, { rows, sample }: ImportPlan['added']): readonly string[] {
  if (rows === 0) return []
  const shown = sample
    .slice(0, SHOWN)
    .map(({ id, columns }) => (columns.length === 0 ? id : `${id} (${some(columns)})`))
  return [`  ${label}: ${shown.join(' · ')}${rows > shown.length ? ' …' : ''}`]
}

const COLUMNS_SHOWN = 4

function some(columns: readonly string[]): string {
  const more = columns.length - COLUMNS_SHOWN
  return `${columns.slice(0, COLUMNS_SHOWN).join(', ')}${more > 0 ? `, +${more}` : ''}`
}

function contradictions({ rows, sample }: ImportPlan['contradicting']): readonly string[] {
  if (rows === 0) return []
  const some = sample.slice(0, SHOWN).map(({ id, file, line }) => `${id} (${file}:${line})`)
  return [`  contradicting 矛盾: ${some.join(' · ')}${rows > some.length ? ' …' : ''}`]
}

export function findingLines({ findings }: Pick<ImportPlan, 'findings'>): readonly string[] {
  return Object.entries(FINDINGS).flatMap(([code, { en, ja }]) => {
    const count = findings.counts[code] ?? 0
    if (count === 0) return []
    const first = findings.first.find((finding) => finding.code === code)
    return [`  ! ${code} ${thousands(count)}:${placeOf(first)}`, `    ${en} / ${ja}`]
  })
}

function placeOf(finding: ImportPlan['findings']['first'][number] | undefined): string {
  if (finding === undefined) return ''
  const { file, line, column, value } = finding
  const parts = [line === 0 ? file : `${file}:${line}`, column, value === null ? null : JSON.stringify(value)]
  return parts.flatMap((part) => (part === null ? [] : ` ${part}`)).join('')
}
