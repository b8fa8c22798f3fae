import type { RowCounts } from './report.js'

/** What happened to rows, in Japanese. */
export const ROW_WORDS_JA = {
  inserted: '追加',
  updated: '更新',
  removed: '削除',
  marked: '削除印',
  restored: '復元',
  adopted: '引継ぎ',
  unchanged: '変更なし',
  locked: 'ロック中',
  held: '保留',
  moved: 'その間に変更',
  altered: 'トリガで変更',
  conflicts: '競合',
  rejected: '拒否',
} as const satisfies Record<keyof RowCounts, string>
