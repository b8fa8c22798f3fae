import type { CommandUnknownOpts, Help } from '@commander-js/extra-typings'
import { optionsReadBy, type Option } from '../core/option-table.js'
import { TEMPORAL_VARIABLES } from '../core/temporal-variables.js'

const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = TEMPORAL_VARIABLES
/** Of Temporal's variables those that everybody needs; docs/configuration.md has the others. */
const TEMPORAL = { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE }

/** The verbs whose help explains variables: long-running ones, and those with variables of their own. */
const EXPLAINED: Readonly<Record<string, readonly Option['readBy'][]>> = {
  'master-sync': ['all', 'worker'],
  worker: ['all', 'worker'],
  console: ['all', 'console'],
  bench: ['local'],
  local: ['local'],
}

/** What a verb's help says of the environment. */
export function environmentHelp(command: CommandUnknownOpts): string {
  const readBy = EXPLAINED[command.name()]
  return readBy === undefined ? namesOnly(command) : explained(command, readBy)
}

/** The variables, with their defaults, as wide as the help is. */
function explained(command: CommandUnknownOpts, readBy: readonly Option['readBy'][]): string {
  const own = optionsReadBy(...readBy).map(([name, option]) => [name, describe(option)] as const)
  const temporal = Object.entries(TEMPORAL).map(([name, { description }]) => [name, description] as const)
  const listed = readBy.includes('local') ? own : [...own, ...temporal]
  const help = helpOf(command)
  const width = Math.max(...listed.map(([name]) => name.length))
  return [
    'Environment, each also as NAME_FILE with the path of a file (docs/configuration.md) / 環境変数:',
    ...listed.map(([name, description]) => help.formatItem(name, width, description, help)),
  ].join('\n')
}

function namesOnly(command: CommandUnknownOpts): string {
  const names = [...optionsReadBy('all').map(([name]) => name), ...Object.keys(TEMPORAL)]
  const help = helpOf(command)
  return `Environment (master-sync --help) / 環境変数:\n${help.boxWrap(names.join(' '), help.helpWidth ?? WIDTH)}`
}

/** Where it is not a terminal. */
const WIDTH = 80

function helpOf(command: CommandUnknownOpts): Help {
  const help = command.createHelp()
  help.prepareContext({ helpWidth: process.stdout.columns })
  return help
}

function describe(option: Option): string {
  return option.default === undefined
    ? option.description
    : `${option.description} (default: ${option.default})`
}
