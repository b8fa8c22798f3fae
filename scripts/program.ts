import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { ERRORS } from '../core/error-catalogue.js'
import { exitCodesLine } from '../core/exit-meanings.js'
import { environmentHelp } from './environment-help.js'
import { errorText } from './error-text.js'
import { version } from './version.js'

/** Every verb, by the name under which it is asked for. */
const VERBS = {
  setup: async () => (await import('./setup.js')).setup,
  worker: async () => (await import('./worker.js')).worker,
  console: async () => (await import('./console.js')).console,
  'start-sync': async () => (await import('./start-sync.js')).startSync,
  schedule: async () => (await import('./schedule.js')).schedule,
  targets: async () => (await import('./targets.js')).targets,
  import: async () => (await import('./import.js')).importFiles,
  runs: async () => (await import('./runs.js')).runs,
  approve: async () => (await import('./approve.js')).approve,
  reject: async () => (await import('./reject.js')).reject,
  conflicts: async () => (await import('./conflicts.js')).conflicts,
  history: async () => (await import('./history.js')).history,
  undo: async () => (await import('./undo.js')).undo,
  cancel: async () => (await import('./cancel.js')).cancel,
  doctor: async () => (await import('./doctor.js')).doctor,
  bench: async () => (await import('./bench.js')).bench,
} as const satisfies Readonly<Record<string, () => Promise<unknown>>>

/** The command line: the verb asked for, or all of them where none is. */
export async function createProgram(asked: string | undefined): Promise<Command> {
  const program = new Command('master-sync')
    .description(
      'Keeps the listed rows of an on-prem PostgreSQL master in a cloud PostgreSQL.\nオンプレのマスタのうち対象リストの行だけをクラウドの PostgreSQL に同期します。',
    )
    .version(version(), '-V, --version', 'print the version')
    .addHelpText('after', ({ command }) => `\n${environmentHelp(command)}`)
    .addHelpText('after', `\nExit codes: ${exitCodesLine('en')}\n終了コード: ${exitCodesLine('ja')}`)
    .exitOverride()
    .showSuggestionAfterError()
  // What other verbs need is not waited for: Temporal's client alone takes a third of a second to load.
  const chosen = Object.entries(VERBS).filter(([name]) => name === asked)
  for (const [, load] of chosen.length > 0 ? chosen : Object.entries(VERBS)) {
    const verb: CommandUnknownOpts = await load()
    verb.addHelpText('afterAll', ({ command }) => `\n${environmentHelp(command)}`)
    program.addCommand(verb)
  }
  // `npm start`: its embedded servers are there in a checkout only.
  if (chosen.length === 0 && process.env['NODE_ENV'] !== 'production') {
    const { local } = await import('./local.js')
    local.addHelpText('after', ({ command }) => `\n${environmentHelp(command)}`)
    program.addCommand(local, { hidden: true })
  }
  for (const command of [program, ...program.commands, ...program.commands.flatMap((verb) => verb.commands)])
    command.exitOverride().configureOutput({
      outputError: (text, write) => {
        write(`${usageError(text)}\n`)
      },
    })
  return program
}

/** What commander says, in the form of all errors. */
function usageError(text: string): string {
  const message = text.trim().replace(/^error: /u, '')
  return errorText({ code: 'USAGE', message, remedy: ERRORS.USAGE.remedy })
}
