import { TABLE_LIST } from '../core/list-changes.js'
import type { LeftColumn } from '../core/replacement.js'
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
  return [...stateLines(found), ...referringLines(found)].join('\n')
}

function stateLines(found: ReplacedTarget): readonly string[] {
  if (found.instead !== null) return insteadLines(found, found.instead)
  return found.done ? doneLines(found) : waitingLines(found)
}

function doneLines({ old, new: next, carried, left, lists }: ReplacedTarget): readonly string[] {
  const files = lists.filter((list) => list !== TABLE_LIST)
  return [
    `${old}: replaced by / 差替え先 ${next}`,
    ...(carried.length === 0 ? [] : [`  carried over / 引き継いだ列: ${carried.join(', ')}`]),
    ...left.map(
      ({ column, why }) => `  ! not carried over / 引き継がなかった列: ${column}: ${reason(why, next)}`,
    ),
    ...files.map(
      (list) => `  ! still names it; edit it there / まだ記載があります。修正してください: ${list}`,
    ),
    ...(lists.includes(TABLE_LIST)
      ? [`  ! still on the list / リストに残っています: master-sync targets remove ${old}`]
      : []),
  ]
}

function reason(why: LeftColumn['why'], next: string): string {
  switch (why) {
    case 'theirs':
      return `${next} has its own / ${next} の値を残します`
    case 'unprotected':
      return `nothing would protect it in ${next} / ${next} では編集として保護できません`
    case 'not_allowed':
      return 'the role of the runs may not update it / 同期のロールに更新権限がありません'
    case 'refused':
      return `the table refuses the value in ${next} / ${next} の行ではテーブルがこの値を受け付けません`
  }
}

function insteadLines({ old, new: next }: Ids, instead: string): readonly string[] {
  return [
    `${old}: somebody asked otherwise meanwhile; its place is taken by / その後、別の差替えが指定されました: ${instead}`,
    `  ! ${next} is on the list for nothing / ${next} は不要ならリストから外してください: master-sync targets remove ${next}`,
  ]
}

function waitingLines({ old, new: next, in_source, run }: ReplacedTarget): readonly string[] {
  const waits = `${old}: stays as it is until a run has brought ${next} / ${next} の行が届くまでそのまま残します`
  if (!in_source || run === null) return [waits]
  return [
    waits,
    '  ! not done by this run: a row is locked or held by somebody, or the master is on hold / 今回は完了していません。行がロック中か使用中、またはマスタが保留中です',
  ]
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
