import type { ChangedTarget, ListProblem, ReadTargets, TargetChange, TargetHistory } from '../core/results.js'
import { isSpreadsheetNumber } from '../core/spreadsheet-number.js'
import { renderTable, shortTime, thousands } from './table.js'

const CHANGED = {
  added: 'added / 追加',
  changed: 'note changed / メモ変更',
  listed: 'was listed / 登録済み',
  removed: 'removed / 削除',
  not_listed: 'was not listed / 未登録',
  named_by_list: 'stays, for a list names it / リストにあるため残します',
} as const satisfies Record<ChangedTarget['result'], string>

const MADE_NUMBER =
  'a spreadsheet made a number of it, and its digits are lost / 表計算ソフトで数値に変わり、桁が失われています'

const PROBLEMS = {
  duplicate: 'stands there more than once / 重複',
  unknown: 'not in the source, waits on the list / 元マスタに無い（待機）',
  number: `not in the source: ${MADE_NUMBER}`,
  closed: 'closed, says the source / 元マスタでは廃止',
  superseded: 'another id takes its place / 差し替え済み、または差し替え待ち',
  shrunk: 'less than half of what it named before / 前回の半分未満',
} as const satisfies Record<ListProblem['problem'], string>

const WOULD = {
  added: 'add 追加',
  changed: 'change the note of メモ変更',
  removed: 'remove 削除',
} as const

const WHAT = {
  added: 'added 追加',
  changed: 'note メモ変更',
  removed: 'removed 削除',
} as const satisfies Record<TargetChange['what'], string>

export function changedText({ id, result, lists }: ChangedTarget): string {
  return `${id}: ${CHANGED[result]}${lists.length === 0 ? '' : `: ${lists.join(', ')}`}`
}

/** Of an id that the source lacks. */
export function missingText({ id, did_you_mean: meant }: ChangedTarget): string {
  if (isSpreadsheetNumber(id)) return `  ${PROBLEMS.number}`
  return `  not in the source, waits on the list / 元マスタにありません（リストで待機）${meaning(meant)}`
}

/** Of an id that the source knows as closed. */
export function closedText({ successor }: ChangedTarget): string {
  return `  ! ${PROBLEMS.closed}${next(successor)}`
}

function next(id: string | null): string {
  return id === null ? '' : `; successor / 後継: ${id}`
}

function meaning(id: string | null): string {
  return id === null ? '' : `; did you mean / もしかして ${id}?`
}

export function changesNothing({ added, changed, removed }: ReadTargets): boolean {
  return added.rows + changed.rows + removed.rows === 0
}

/** How many ids of each kind are shown. */
const SHOWN = 10

/** What a list holds, what is odd about it, and what taking it over changes. */
export function renderReading(found: ReadTargets): string {
  const { list, entries, remarks, problems } = found
  const changes = (['added', 'changed', 'removed'] as const).flatMap((what) => {
    const { rows, sample } = found[what]
    if (rows === 0) return []
    const shown = sample.slice(0, SHOWN).map(({ id, note }) => `    ${id}${note === null ? '' : `  ${note}`}`)
    return [`  ${WOULD[what]} ${thousands(rows)}`, ...shown, ...more(rows - shown.length)]
  })
  const odd = problems
    .toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0))
    .slice(0, SHOWN)
    .map((problem) => `    ${placed(list, problem)}`)
  return [
    `${list}: ${thousands(entries)} ids / ${thousands(entries)} 件`,
    ...remarks.map((remark) => `  ${remark}`),
    ...(problems.length === 0
      ? []
      : [`  ! ${oddities(found)}`, ...odd, ...more(problems.length - odd.length)]),
    ...(changes.length === 0 ? ['  nothing to change / 変更なし'] : changes),
  ].join('\n')
}

/** How much is to be looked at. */
function oddities({ duplicates, unknown, problems }: ReadTargets): string {
  const told = (kind: ListProblem['problem']): number =>
    problems.filter(({ problem }) => problem === kind).length
  const [closed, superseded] = [told('closed'), told('superseded')]
  const counts = [
    ...(duplicates > 0 ? [`${thousands(duplicates)} standing twice 重複`] : []),
    ...(unknown > 0 ? [`${thousands(unknown)} not in the source 元マスタに無い`] : []),
    ...(closed > 0 ? [`${thousands(closed)} closed 廃止`] : []),
    ...(superseded > 0 ? [`${thousands(superseded)} replaced 差し替え`] : []),
  ]
  return counts.length === 0 ? 'to be looked at / 要確認' : counts.join(' · ')
}

function placed(list: string, { problem, id, line, column, did_you_mean: meant }: ListProblem): string {
  const where = line === null ? '' : `${list}:${line}:${column ?? 0} `
  return `${where}${id === null ? '' : `${id}: `}${PROBLEMS[problem]}${SUCCEEDED.has(problem) ? next(meant) : meaning(meant)}`
}

/** Another id has taken the place of these: nobody has mistyped. */
const SUCCEEDED: ReadonlySet<ListProblem['problem']> = new Set(['closed', 'superseded'])

function more(rows: number): readonly string[] {
  return rows > 0 ? [`    … ${thousands(rows)} more / ほか ${thousands(rows)} 件`] : []
}

export function renderHistory({ changes, more: older }: TargetHistory, zone: string): string {
  return [
    renderTable(
      ['when', 'id', 'what', 'list', 'by', 'run', 'note'],
      changes.map((change) => historyRow(change, zone)),
    ),
    ...(older > 0
      ? [
          `… ${thousands(older)} older; to see more / 以前の変更があと ${thousands(older)} 件。表示するには: --limit ${changes.length + older}`,
        ]
      : []),
  ].join('\n')
}

function historyRow({ at, id, what, list, by, run, note }: TargetChange, zone: string): readonly string[] {
  return [shortTime(at, zone), id, WHAT[what], list, by ?? '-', run === null ? '-' : String(run), note ?? '']
}
