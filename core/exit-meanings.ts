import type { ExitCode } from './error-catalogue.js'

interface Meaning {
  readonly en: string
  readonly ja: string
}

/** What each exit code says, in the words of `--help`, the README and docs/cli.md. */
const EXIT_MEANINGS = {
  0: { en: 'done', ja: '完了' },
  1: { en: 'unexpected', ja: '想定外' },
  2: { en: 'usage', ja: '使い方の誤り' },
  3: { en: 'invalid configuration, list or file', ja: '設定・リスト・ファイルの誤り' },
  4: {
    en: 'a person should look: also at differences that a plan or a verification found',
    ja: '要確認（計画・照合で差分があったときも）',
  },
  5: { en: 'a database or Temporal unreachable', ja: 'データベースか Temporal に接続できない' },
  6: { en: 'run failed or cancelled', ja: '失敗または取消' },
  130: { en: 'interrupted (the run goes on)', ja: '中断（同期は続行）' },
} as const satisfies Readonly<Record<ExitCode, Meaning>>

export const EXIT_CODES: readonly (readonly [code: string, Meaning])[] = Object.entries(EXIT_MEANINGS)

/** All of them on one line. */
export function exitCodesLine(language: keyof Meaning): string {
  return EXIT_CODES.map(([code, meaning]) => `${code} ${meaning[language]}`).join(' · ')
}
