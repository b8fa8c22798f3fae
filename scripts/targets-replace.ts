import { Command } from '@commander-js/extra-typings'
import { EXIT, type ExitCode } from '../core/error-catalogue.js'
import { formatKey } from '../core/ids.js'
import type { Master } from '../core/master.js'
import type { ReplacedTarget } from '../core/results.js'
import type { App } from '../operations/app.js'
import { askToReplace, settleReplacement, type ReplaceOptions } from '../operations/targets/replace.js'
import { print, printResult, runCommand, say } from './command.js'
import { JSON_RESULT, MASTER } from './shared-options.js'
import { bring, LATER } from './targets-at-once.js'
import { askedText, replacedText } from './targets-replace-text.js'

export const replace = new Command('replace')
  .description(
    'an id was issued anew: list the new one, carry over what people wrote in the old row, and take the old one off / コードの差し替え（開設者変更、移転など）',
  )
  .argument('<old>', 'the id that ends, listed or kept in the cloud / 元の id')
  .argument('<new>', 'the id in its place, as it stands in the source / 新しい id')
  .option('--note <text>', "why the new one is on the list; without it the old one's note / メモ")
  .addOption(LATER)
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((from, to, options) =>
    runCommand(options, (app) =>
      replaced(app, app.master(options.master), { from, to, note: options.note ?? null }, options),
    ),
  )

async function replaced(
  app: App,
  master: Master,
  wanted: ReplaceOptions,
  options: { readonly later?: true | undefined; readonly json?: true | undefined },
): Promise<ExitCode> {
  const { keys, awaited, ...asked } = await askToReplace(app, master, wanted)
  const ids = { old: formatKey(keys.oldKey), new: formatKey(keys.newKey) }
  if (options.json !== true) say(askedText(ids, asked))
  const { exit, ...brought } = await bring(app, master, options, () => awaited)
  const found = { ...ids, ...asked, ...(await settleReplacement(app, master, keys)), ...brought }
  if (options.json === true) printResult('targets replace', found)
  else print(replacedText(found))
  return exit === EXIT.done && isLeftToPeople(found) ? EXIT.look : exit
}

/** Whether a person should look: not where the new row is only waited for. */
function isLeftToPeople({ done, instead, left, lists, in_source, run }: ReplacedTarget): boolean {
  if (instead !== null) return true
  return done ? left.length > 0 || lists.length > 0 : in_source && run !== null
}
