import { Command, CommanderError } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { cancel } from './cancel.js'
import { runs } from './runs.js'
import { schedule } from './schedule.js'
import { setup } from './setup.js'
import { startSync } from './start-sync.js'
import { targets } from './targets.js'
import { worker } from './worker.js'

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

for (const verb of [setup, worker, startSync, schedule, targets, runs, cancel]) program.addCommand(verb)
for (const verb of program.commands) {
  verb.exitOverride()
  for (const inner of verb.commands) inner.exitOverride()
}
if (process.env['NODE_ENV'] !== 'production') await addLocal(program)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
}

/** `npm start`: its embedded servers are there in a checkout only. */
async function addLocal(parent: Command): Promise<void> {
  const { local } = await import('./local.js')
  parent.addCommand(local, { hidden: true })
  local.exitOverride()
}
