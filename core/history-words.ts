/** What runs did to a row, in Japanese. */
export const HISTORY_WORDS_JA = {
  inserted: '追加',
  updated: '更新',
  removed: '削除',
  marked: '削除印',
  restored: '復元',
  adopted: '引継ぎ',
  noted: '台帳のみ',
  left: '変更せず',
} as const

export const HISTORY_KINDS = Object.keys(HISTORY_WORDS_JA) as readonly (keyof typeof HISTORY_WORDS_JA)[]
