import { Command } from '@commander-js/extra-typings'
import { EXIT, type ExitCode } from '../core/error-catalogue.js'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { exitCodeOf } from '../core/report.js'
import { timezoneOf } from '../core/schedule-times.js'
import type { App } from '../operations/app.js'
import { listed, resolveConflicts, type Decided, type Take } from '../operations/conflicts.js'
import { startSync } from '../operations/start.js'
import { print, printResult, runCommand } from './command.js'
import { renderConflicts } from './conflicts-text.js'
import { follow, tell } from './follow.js'
import { positive } from './runs.js'
import { JSON_RESULT, MASTER } from './shared-options.js'

export const conflicts = new Command('conflicts').description(
  'values that both sides have changed since they last agreed / 競合',
)

conflicts
  .command('list')
  .description('each with what both sides last agreed on, and what they have now / 一覧')
  .option('--column <name>', 'only those in this column / この列だけ')
  .option('--limit <n>', 'how many to show / 表示する件数', positive, 100)
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((options) =>
    runCommand(options, async (app) => {
      const master = app.master(options.master)
      const found = await listed(app, master, options.column, options.limit)
      if (options.json === true) printResult('conflicts list', found)
      else print(found.total === 0 ? 'no conflicts / 競合なし' : renderConflicts(found, timezoneOf(master)))
      return EXIT.done
    }),
  )

interface ResolveOptions {
  readonly take?: string | undefined
  readonly value?: string | undefined
  readonly null?: true | undefined
  readonly column?: string | undefined
  readonly all?: true | undefined
  readonly now?: true | undefined
  readonly json?: true | undefined
}

conflicts
  .command('resolve')
  .description('decide conflicts; the next run applies it, unless a side has changed by then / 競合の解決')
  .argument('[id...]', 'the rows; without them --column or --all / 行の id')
  .option(
    '--take <what>',
    "source, cloud, or the value itself: what both sides are to have; cloud keeps the cloud's / source（元）、cloud（クラウド）、または値",
  )
  .option('--value <text>', 'this value, whatever it says, also the words source and cloud / この値')
  .option('--null', 'no value / 値なし')
  .option(
    '--column <name>',
    'only in this column; without ids all conflicts of it / この列（id を省くと全件）',
  )
  .option('--all', 'all conflicts of the master / マスタの競合すべて')
  .option('--now', 'apply it at once, by a run for these ids / すぐに反映する')
  .addOption(MASTER)
  .addOption(JSON_RESULT)
  .action((ids, options) =>
    runCommand(options, (app) => {
      const take = takeOf(options)
      checkChosen(ids, options)
      return resolve(app, app.master(options.master), { ids, column: options.column, take }, options)
    }),
  )

function takeOf(options: ResolveOptions): Take {
  const { take, value } = options
  const given = [take, value, options.null].filter((one) => one !== undefined)
  if (given.length !== 1) {
    const message =
      'what is to be taken? one of --take source, --take cloud, --take VALUE, --value TEXT, --null'
    throw new SyncError('USAGE', message)
  }
  if (options.null === true) return { side: 'value', value: null }
  if (take === 'source' || take === 'cloud') return { side: take }
  return { side: 'value', value: take ?? value ?? '' }
}

function checkChosen(ids: readonly string[], { column, all }: ResolveOptions): void {
  if (ids.length > 0 && all === true) throw new SyncError('USAGE', 'which conflicts: the ids, or --all?')
  if (ids.length === 0 && column === undefined && all !== true)
    throw new SyncError('USAGE', 'which conflicts? ids, --column NAME, or --all')
}

async function resolve(
  app: App,
  master: Master,
  decision: Parameters<typeof resolveConflicts>[2],
  { now, json }: ResolveOptions,
): Promise<ExitCode> {
  const decided = await resolveConflicts(app, master, decision)
  if (json !== true) print(decidedText(decided, master, now === true))
  const run = now === true ? await applyNow(app, master, decided) : null
  if (json === true) {
    const { total, conflicts } = decided
    printResult('conflicts resolve', { total, conflicts, run })
  } else if (run !== null) {
    print('')
    await tell(app, master, run)
  }
  return run === null ? EXIT.done : exitCodeOf(run)
}

/** Rows that are too many to be named are looked at by a full run. */
async function applyNow(app: App, master: Master, { ids }: Decided) {
  return follow(app, master, await startSync(app, master, { mode: 'apply', only: ids }))
}

/** More ids than these are a full run's, for whoever types. */
const NAMED = 5

function decidedText(decided: Decided, master: Master, now: boolean): string {
  const only = decided.ids.length > NAMED ? [] : decided.ids.map((id) => ` --only ${quoted(id)}`)
  const next = now
    ? []
    : [
        `the next run applies it, in rows that are listed and not locked, and where neither side changes first`,
        `次の実行で反映します（リストにありロックされていない行で、それまでに両側とも変わらなければ）`,
        `  at once / すぐに反映: master-sync start-sync ${master.master}${only.join('')}`,
      ]
  return [`decided / 決定: ${decided.total}`, renderConflicts(decided, timezoneOf(master)), ...next].join(
    '\n',
  )
}

/** As a shell takes it. */
function quoted(id: string): string {
  return /^[\w.:-]+$/u.test(id) ? id : `'${id.replaceAll("'", "'\\''")}'`
}
