/** What can be done in these pages, by the word under which it is written down; the words are stable. */
export const AUDIT_WORDS = {
  target_added: { ja: '対象を追加', en: 'target added' },
  target_noted: { ja: 'メモを変更', en: 'note changed' },
  target_removed: { ja: '対象を削除', en: 'target removed' },
  target_replaced: { ja: 'コードを置き換え', en: 'id replaced' },
  list_applied: { ja: 'リストを反映', en: 'list applied' },
  run_started: { ja: '実行を開始', en: 'run started' },
  run_planned: { ja: '計画を開始', en: 'plan started' },
  run_cancelled: { ja: '実行を中止', en: 'run cancelled' },
  approved: { ja: '承認', en: 'approved' },
  rejected: { ja: '却下', en: 'rejected' },
  conflict_resolved: { ja: '競合を解決', en: 'conflict resolved' },
  undone: { ja: '実行を取り消し', en: 'run undone' },
  paused: { ja: '一時停止', en: 'paused' },
  resumed: { ja: '再開', en: 'resumed' },
  import_started: { ja: '取り込みを開始', en: 'import started' },
  import_planned: { ja: '取り込みを確認', en: 'import planned' },
} as const

export type AuditWord = keyof typeof AUDIT_WORDS
