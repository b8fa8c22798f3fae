import { Command } from '@commander-js/extra-typings'
import { EXIT, type ExitCode } from '../core/error-catalogue.js'
import type { Master } from '../core/master.js'
import type { App } from '../operations/app.js'
import { exportTargets } from '../operations/targets/export.js'
import { useOf } from '../operations/targets/open.js'
import { agreed } from './agree.js'
import { print, printResult, runCommand, say } from './command.js'
import { JSON_RESULT, MASTER } from './shared-options.js'
import { thousands } from './table.js'
import { URI } from './targets-lists.js'

interface ExportOptions {
  readonly yes?: true | undefined
  readonly json?: true | undefined
}

export const exportTo = new Command('export')
  .description('write the list as it stands / リストの書出し')
  .argument('<uri>', URI)
  .option(
    '--yes',
    "without asking, also where the master's file names the place under lists: or publish: / 確認せずに書き出す",
  )
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((uri, options) =>
    runCommand(options, (app) => write(app, app.master(options.master), uri, options)),
  )

async function write(app: App, master: Master, uri: string, options: ExportOptions): Promise<ExitCode> {
  const use = useOf(app, master, uri)
  if (use !== undefined && options.yes !== true) {
    say(WARNING[use](uri))
    if (!(await agreed('write it? / 書き出しますか'))) return unwritten(master, uri, options)
  }
  const found = await exportTargets(app, master, uri)
  if (options.json === true) printResult('targets export', { ...found, written: true })
  else {
    const entries = thousands(found.entries)
    print(`${found.list}: ${entries} ids written / ${entries} 件を書き出しました`)
  }
  return EXIT.done
}

const WARNING = {
  lists: (uri: string) =>
    `! ${uri} is a list of the master: with all ids on it, each is named by it from the next run on, and what it holds now is lost
  マスタの lists: にあるリストです。現在の内容は失われ、次の実行から全ての id がこのリストの記載になります`,
  publish: (uri: string) =>
    `! ${uri} is written by runs, with the ids whose rows the cloud holds: systems that read it would find others
  マスタの publish: にあり、クラウドにある id を実行のたびに書き出す場所です。読み取る側に別の内容が渡ります`,
} as const

function unwritten({ master }: Master, uri: string, { json }: ExportOptions): ExitCode {
  if (json === true) printResult('targets export', { list: uri, entries: 0, written: false })
  else
    print(
      `nothing was written; to do it / 何も書き出していません。書き出すには:\n  master-sync targets export ${uri} --yes --master ${master}`,
    )
  return process.stdin.isTTY ? EXIT.done : EXIT.look
}
