import { Command, CommanderError } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'

const EXIT_CODES = `
Exit codes: 0 done · 1 unexpected · 2 usage · 3 invalid configuration, list or file · 4 a person should look ·
5 a database or Temporal unreachable · 6 run failed or cancelled · 130 interrupted (the run goes on)
終了コード: 0 完了 · 1 想定外 · 2 使い方の誤り · 3 設定・リスト・ファイルの誤り · 4 要確認 · 5 接続不可 · 6 失敗・取消 · 130 中断（同期は続行）`

const program = new Command('master-sync')
  .description(
    'Keeps the listed rows of an on-prem PostgreSQL master in a cloud PostgreSQL.\nオンプレのマスタのうち対象リストの行だけをクラウドの PostgreSQL に同期します。',
  )
  .addHelpText('after', EXIT_CODES)
  .exitOverride()
  .showSuggestionAfterError()

const VERBS = {
  setup: async () => (await import('./setup.js')).setup,
  worker: async () => (await import('./worker.js')).worker,
  'start-sync': async () => (await import('./start-sync.js')).startSync,
  schedule: async () => (await import('./schedule.js')).schedule,
  targets: async () => (await import('./targets.js')).targets,
  runs: async () => (await import('./runs.js')).runs,
  cancel: async () => (await import('./cancel.js')).cancel,
} as const satisfies Readonly<Record<string, () => Promise<unknown>>>

// What other verbs need is not waited for: Temporal's client alone takes a third of a second to load.
const asked = Object.entries(VERBS).filter(([name]) => name === process.argv[2])
for (const [, load] of asked.length > 0 ? asked : Object.entries(VERBS)) program.addCommand(await load())
// `npm start`: its embedded servers are there in a checkout only.
if (asked.length === 0 && process.env['NODE_ENV'] !== 'production')
  program.addCommand((await import('./local.js')).local, { hidden: true })
for (const verb of program.commands) {
  verb.exitOverride()
  for (const inner of verb.commands) inner.exitOverride()
}

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
}
