import { Command } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { setUp } from '../operations/setup.js'
import { print, printResult, runCommand } from './command.js'

export const setup = new Command('setup')
  .description('create or upgrade what the sync owns / 同期に必要な表を作成・更新')
  .argument('[master]', 'the master to set up; all without it')
  .option('--master <name>', 'the same as the argument')
  .option('--with-targets', 'create the target list in the on-prem database as well')
  .option('--json', 'print what was done as JSON')
  .action(async (name, options) => {
    await runCommand(options, async (app) => {
      const chosen = name ?? options.master
      const masters = chosen === undefined ? app.masters() : [app.master(chosen)]
      const results = []
      for (const master of masters) {
        const steps = await setUp(app, master, { withTargets: options.withTargets === true })
        results.push({ master: master.master, steps })
        if (options.json !== true) {
          print(
            `${master.master}: ${steps.length === 0 ? 'all is there / 準備済み' : 'set up / 準備しました'}`,
          )
          for (const step of steps) print(`  ${step}`)
        }
      }
      if (options.json === true) printResult('setup', { masters: results })
      return EXIT.done
    })
  })
