import type { PlanKind } from './plan.js'
import type { Held, QuestionState } from './question.js'
import type { RunKind } from './report.js'

/** What a run would do with rows, and why, in Japanese; `PLANNED` has the English. */
export const PLAN_WORDS_JA = {
  insert: '対象で、クラウドに無い',
  restore: 'クラウドで削除された行を戻す',
  adopt: 'クラウドにあった行を引き継ぐ',
  return: '残していた行が再び対象になり、内容は同じ',
  revive: '残していた行、削除印の行が再び対象になった',
  source_changed: '元で変更',
  cloud_changed: 'クラウドで変更（元を正とする列）',
  both_changed: '両側で変更',
  settle: '競合の解決',
  edit_kept: '元で変更、クラウドの編集を残す',
  conflict: '両側で同じ値を変更（競合になる）',
  locked: '元で変更、クラウドでロック中',
  delete_untargeted: 'リストから外れたため削除',
  delete_gone: '元から消えたため削除',
  mark_untargeted: 'リストから外れたため削除印',
  mark_gone: '元から消えたため削除印',
  keep: 'リストか元から消えたが残す',
  forget: '同期の対象から外す（台帳のみ）',
} as const satisfies Readonly<Record<PlanKind, string>>

interface Words {
  readonly en: string
  readonly ja: string
}

/** What is held back. */
export const HELD_WORDS = {
  inserts: { en: 'inserts', ja: '追加' },
  updates: { en: 'updates', ja: '更新' },
  removals: { en: 'removals', ja: '削除' },
  edits: { en: 'edited in the cloud', ja: 'クラウドで編集済み' },
  hold: { en: 'on hold', ja: '停止中' },
} as const satisfies Readonly<Record<Held['kind'], Words>>

/** An import deletes nothing. */
const CLOSURES: Words = { en: 'closures', ja: '廃止' }

/** What a run of a kind has held back. */
export function heldWords(ran: RunKind, kind: Held['kind']): Words {
  return ran === 'import' && kind === 'removals' ? CLOSURES : HELD_WORDS[kind]
}

/** What became of a question. */
export const QUESTION_WORDS = {
  open: { en: 'waits for approval', ja: '承認待ち' },
  approved: { en: 'approved', ja: '承認済み' },
  rejected: { en: 'rejected', ja: '却下' },
  superseded: { en: 'superseded: a later run asks otherwise', ja: '後の実行が別の内容を問い合わせ' },
  expired: { en: 'expired', ja: '期限切れ' },
  settled: { en: 'settled: nothing is left to ask', ja: '不要になった' },
} as const satisfies Readonly<Record<QuestionState, Words>>
