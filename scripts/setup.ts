import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { EXIT, type ExitCode } from '../core/error-catalogue.js'
import type { Master } from '../core/master.js'
import type { App } from '../operations/app.js'
import { printSql, type PrintOptions } from '../operations/print-sql.js'
import { erasing, setUp, type SetupOptions } from '../operations/setup.js'
import { namedMaster, print, printResult, runCommand } from './command.js'
import { JSON_RESULT } from './shared-options.js'

export const setup = new Command('setup')
  .description('create or upgrade what the sync owns / 同期に必要な表を作成・更新')
  .argument('[master]', 'the master to set up; all without it / マスタの名前（省略時は全部）')
  .option('--master <name>', 'the same as the argument / 引数と同じ')
  .option(
    '--with-master',
    'create the on-prem master table as well, and what imports keep beside it / オンプレに取り込み先のマスタの表も作成',
  )
  .option(
    '--with-targets',
    'create the target list in the on-prem database as well / オンプレに対象リストも作成',
  )
  .option(
    '--print-sql',
    'print the statements and the grants of each role, for a DBA to run; do nothing / 実行せず SQL を出力',
  )
  .addOption(
    new Option('--side <side>', 'print what is to be run there only / その側の SQL だけ出力')
      .choices(['source', 'cloud'] as const)
      .implies({ printSql: true }),
  )
  .addOption(
    new Option('--roles <prefix>', 'what the names of the printed roles begin with / 出力するロール名の先頭')
      .argParser(rolePrefix)
      .default('master_sync')
      .implies({ printSql: true }),
  )
  .addOption(JSON_RESULT)
  .action(async (name, { master, withMaster, withTargets, printSql: asSql, side, roles, json }) => {
    await runCommand({ json }, (app) => {
      const chosen = namedMaster(name, master)
      const masters = chosen === undefined ? app.masters() : [app.master(chosen)]
      const options = {
        withMaster: withMaster === true,
        withTargets: withTargets === true,
        roles,
        side,
      }
      return asSql === true
        ? tellSql(app, masters, options, json === true)
        : setUpAll(app, masters, options, json === true)
    })
  })

async function setUpAll(
  app: App,
  masters: readonly Master[],
  options: SetupOptions,
  json: boolean,
): Promise<ExitCode> {
  const results = []
  for (const master of masters) {
    const steps = await setUp(app, master, options)
    const erase = await erasing(app, master)
    results.push({ master: master.master, steps, erase })
    if (json) continue
    print(`${master.master}: ${steps.length === 0 ? 'all is there / 準備済み' : 'set up / 準備しました'}`)
    for (const step of steps) print(`  ${step}`)
    if (erase.length > 0) print(erasingText(erase))
  }
  if (json) printResult('setup', { masters: results })
  return EXIT.done
}

function erasingText(statements: readonly string[]): string {
  return [
    '  ! what was copied of columns that are excluded by now is still there; to erase it, in the cloud database:',
    '    今は除外している列の、以前にコピーした値が残っています。消すにはクラウドで実行します:',
    ...statements.map((statement) => `    ${statement.replaceAll(/\s+/gu, ' ')}`),
  ].join('\n')
}

async function tellSql(
  app: App,
  masters: readonly Master[],
  options: PrintOptions,
  json: boolean,
): Promise<ExitCode> {
  const scripts = await printSql(app, masters, options)
  if (json) printResult('setup --print-sql', { scripts })
  else
    print(
      scripts
        .map(({ sql }) => sql)
        .join('\n')
        .trimEnd(),
    )
  return EXIT.done
}

/** Names that need no quotes, and with their endings are no longer than PostgreSQL's. */
function rolePrefix(text: string): string {
  if (!/^[a-z_][a-z0-9_]{0,49}$/u.test(text))
    throw new InvalidArgumentError('must be 1 to 50 of a-z, 0-9 and _, beginning with a letter.')
  return text
}
