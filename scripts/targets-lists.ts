import { Command } from '@commander-js/extra-typings'
import { EXIT, type ExitCode } from '../core/error-catalogue.js'
import type { Master } from '../core/master.js'
import type { App } from '../operations/app.js'
import { applyTargets } from '../operations/targets/apply.js'
import { checkTargets } from '../operations/targets/check.js'
import { agreed } from './agree.js'
import { print, printResult, runCommand } from './command.js'
import { JSON_RESULT, MASTER } from './shared-options.js'
import { bring, LATER, UNCHANGED } from './targets-at-once.js'
import { changesNothing, renderReading } from './targets-text.js'

export const URI =
  'a .yaml, .csv or .xlsx file, s3://bucket/key, or dynamodb://table / ファイル、S3、DynamoDB のリスト'

export const check = new Command('check')
  .description('read a list, and say what is odd about it and what it would change / リストの確認')
  .argument('<uri>', URI)
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((uri, options) =>
    runCommand(options, async (app) => {
      const found = await checkTargets(app, app.master(options.master), uri)
      if (options.json === true) printResult('targets check', found)
      else print(renderReading(found))
      return found.problems.length > 0 ? EXIT.look : EXIT.done
    }),
  )

interface ApplyOptions {
  readonly yes?: true | undefined
  readonly strict?: true | undefined
  readonly later?: true | undefined
  readonly json?: true | undefined
}

export const apply = new Command('apply')
  .description(
    'take a list over: show what it changes, do it after a yes, and bring it to the cloud / リストの取込み',
  )
  .argument('<uri>', URI)
  .option('--yes', 'without asking / 確認せずに実行')
  .option(
    '--strict',
    'take nothing over where ids stand there twice, or the source lacks them / 問題があれば取り込まない',
  )
  .addOption(LATER)
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((uri, options) =>
    runCommand(options, (app) => takeOver(app, app.master(options.master), uri, options)),
  )

async function takeOver(app: App, master: Master, uri: string, options: ApplyOptions): Promise<ExitCode> {
  const asked = options.yes !== true
  const { awaited, ...found } = await applyTargets(app, master, uri, {
    strict: options.strict === true,
    agreed: async (reading) => {
      if (options.json !== true) print(renderReading(reading))
      return !asked || changesNothing(reading) || agreed('take it over? / 取り込みますか')
    },
  })
  if (!found.applied) {
    if (options.json === true) printResult('targets apply', { ...found, run: null, waits: null })
    else print(`nothing was changed; to do it / 何も変更していません。取り込むには:\n  ${again(uri, master)}`)
    return process.stdin.isTTY ? EXIT.done : EXIT.look
  }
  const changed = !changesNothing(found)
  if (changed && options.json !== true) print('taken over / 取り込みました')
  const { exit, ...brought } = changed ? await bring(app, master, options, () => awaited) : UNCHANGED
  if (options.json === true) printResult('targets apply', { ...found, ...brought })
  return exit
}

function again(uri: string, { master }: Master): string {
  return `master-sync targets apply ${uri} --yes --master ${master}`
}
