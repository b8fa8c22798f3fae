import type { Mode, Outcome, RunKind } from './report.js'

interface Words {
  readonly en: string
  readonly ja: string
}

/** How a run ended. */
export const OUTCOME_WORDS = {
  completed: { en: 'completed', ja: '完了' },
  nothing_to_do: { en: 'nothing to do', ja: '差分なし' },
  completed_with_rejects: { en: 'completed with rejects', ja: '一部拒否あり' },
  awaiting_approval: { en: 'awaiting approval', ja: '承認待ち' },
  rejected: { en: 'rejected', ja: '却下' },
  failed: { en: 'failed', ja: '失敗' },
  cancelled: { en: 'cancelled', ja: '取消' },
} as const satisfies Readonly<Record<Outcome, Words>>

/** What a run is about; one that writes is called by its kind, any other by its mode. */
export const KIND_WORDS = {
  sync: { en: 'sync', ja: '同期' },
  undo: { en: 'undo', ja: '取り消し' },
  import: { en: 'import', ja: '取り込み' },
} as const satisfies Readonly<Record<RunKind, Words>>

export const MODE_WORDS = {
  apply: { en: 'apply', ja: '反映' },
  plan: { en: 'plan', ja: '計画' },
  verify: { en: 'verify', ja: '照合' },
} as const satisfies Readonly<Record<Mode, Words>>

/** What a run is doing. */
export const PHASE_WORDS = {
  open: { en: 'opening', ja: '開始' },
  fetch: { en: 'fetching', ja: '取得' },
  plan: { en: 'comparing', ja: '比較' },
  cut: { en: 'cutting', ja: '分割' },
  compare: { en: 'comparing', ja: '比較' },
  guard: { en: 'checking limits', ja: '上限確認' },
  apply: { en: 'writing', ja: '書込み' },
  prove: { en: 'proving', ja: '照合' },
  undo: { en: 'taking back', ja: '取消し' },
  replace: { en: 'replacing', ja: '差替え' },
  publish: { en: 'publishing the list', ja: 'リスト公開' },
  close: { en: 'closing', ja: '終了' },
} as const satisfies Readonly<Record<string, Words>>
