import { TABLE_LIST } from '../core/list-changes.js'
import type { ReplacedTarget } from '../core/results.js'
import { thousands } from './table.js'

type Ids = Pick<ReplacedTarget, 'old' | 'new'>

/** What was asked for, before a run has looked at it. */
export function askedText(
  ids: Ids,
  { in_source, did_you_mean: meant }: Pick<ReplacedTarget, 'in_source' | 'did_you_mean'>,
): string {
  const missing = `${ids.new}: not in the source, waits on the list / 元マスタにありません（リストで待機）`
  const hint = meant === null ? '' : `; did you mean / もしかして ${meant}?`
  return [`${ids.old} → ${ids.new}`, ...(in_source ? [] : [`  ${missing}${hint}`])].join('\n')
}

/** What has become of it, and what is left to do. */
export function replacedText(found: ReplacedTarget): string {
  return [...(found.done ? doneLines(found) : waitingLines(found)), ...referringLines(found)].join('\n')
}

function doneLines({ old, new: next, carried, left, lists }: ReplacedTarget): readonly string[] {
  const files = lists.filter((list) => list !== TABLE_LIST)
  return [
    `${old}: replaced by / 差替え先 ${next}`,
    ...(carried.length === 0 ? [] : [`  carried over / 引き継いだ列: ${carried.join(', ')}`]),
    ...(left.length === 0
      ? []
      : [`  ! left, ${next} has its own / 引き継がなかった列（${next} の値を残す）: ${left.join(', ')}`]),
    ...files.map(
      (list) => `  ! still names it; edit it there / まだ記載があります。修正してください: ${list}`,
    ),
    ...(lists.includes(TABLE_LIST)
      ? [`  ! still on the list / リストに残っています: master-sync targets remove ${old}`]
      : []),
  ]
}

function waitingLines({ old, new: next }: ReplacedTarget): readonly string[] {
  return [`${old}: stays as it is until a run has brought ${next} / ${next} の行が届くまでそのまま残します`]
}

/** What other tables of the cloud refer to goes on doing so: whose rows they are lets them refer to the new one. */
function referringLines({ old, referring }: ReplacedTarget): readonly string[] {
  if (referring.length === 0) return []
  return [
    `  rows that refer to ${old} / ${old} を参照している行:`,
    ...referring.map(({ table, columns, rows, sample }) => {
      const more = rows > sample.length ? ', …' : ''
      return `    ${table} (${columns.join(', ')}): ${thousands(rows)}: ${sample.join(', ')}${more}`
    }),
  ]
}
