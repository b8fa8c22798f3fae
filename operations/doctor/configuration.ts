import { readFolder } from '../../config/masters.js'
import { SyncError } from '../../core/errors.js'
import type { Master } from '../../core/master.js'
import { OPTIONS } from '../../core/option-table.js'
import { meant } from '../../core/spelling.js'
import { TEMPORAL_VARIABLES } from '../../core/temporal-variables.js'
import type { App } from '../app.js'
import { examine, type Examined } from './examine.js'

export interface Configuration {
  readonly examined: readonly Examined[]
  readonly masters: readonly Master[]
  /** Whether every file of the folder could be read, so that the masters are all there are. */
  readonly complete: boolean
}

/** Reads the settings and the masters' files, as far as they can be read. */
export async function examineConfiguration(app: App, variables: readonly string[]): Promise<Configuration> {
  let masters: readonly Master[] = []
  let complete = false
  const files = await examine({ check: 'masters' }, () => {
    const folder = readFolder(app.mastersFolder)
    masters = folder.masters
    complete = folder.problems.length === 0
    const findings = folder.problems.map((problem) => new SyncError('MASTER_FILE_INVALID', problem))
    if (masters.length === 0 && complete)
      findings.push(new SyncError('MASTER_UNKNOWN', `the folder ${app.mastersFolder} holds no master file`))
    return { seen: masters.map(({ master }) => master).join(', '), findings }
  })
  const settings = await examine({ check: 'variables' }, () => {
    const known = knownVariables(masters)
    return {
      seen: variables.filter((name) => known.has(name)).join(', ') || 'none is set',
      findings: [...unreadable(app, databasesOf(masters)), ...(complete ? misspelt(variables, known) : [])],
    }
  })
  return { examined: [settings, files], masters, complete }
}

/** Each option is read as the worker and the commands read it; the databases' are looked at with the databases. */
function unreadable({ environment }: App, databases: readonly string[]): readonly SyncError[] {
  const found: SyncError[] = []
  for (const [name, option] of Object.entries(OPTIONS).filter(([name]) => !databases.includes(name))) {
    try {
      if (option.kind === 'number') environment.number(name as NumberName)
      else if (option.kind === 'choice') environment.choice(name as ChoiceName)
      else environment.text(name)
    } catch (error) {
      if (!(error instanceof SyncError)) throw error
      found.push(error)
    }
  }
  return found
}

type NumberName = Parameters<App['environment']['number']>[0]
type ChoiceName = Parameters<App['environment']['choice']>[0]

/** Of all that others may have set, what can only be meant for us; every master must be known, with its databases. */
function misspelt(variables: readonly string[], known: ReadonlySet<string>): readonly SyncError[] {
  return variables.flatMap((name) => {
    const ours = known.has(name) || OTHERS.test(name) ? undefined : meant(name, known)
    if (ours === undefined) return []
    return [
      new SyncError('OPTION_UNKNOWN', `${name} is set, but nothing reads it; did you mean ${ours}?`, {
        remedy: `Rename it to ${ours}, or: unset ${name}`,
      }),
    ]
  })
}

/** Headers for Temporal, and a further database: CLOUD_DATABASE_URL_2 beside CLOUD_DATABASE_URL_1. */
const OTHERS = /^TEMPORAL_GRPC_META_|_URL_(?!FILE$)/u

/** Names that are read, each also as NAME_FILE. */
function knownVariables(masters: readonly Master[]): ReadonlySet<string> {
  const names = [
    ...Object.keys(OPTIONS),
    ...Object.keys(TEMPORAL_VARIABLES).filter((name) => !name.endsWith('*')),
    ...databasesOf(masters),
  ]
  return new Set(names.flatMap((name) => [name, `${name}_FILE`]))
}

function databasesOf(masters: readonly Master[]): readonly string[] {
  return masters.flatMap(({ source, cloud }) => [source.database, cloud.database])
}
