import { OPTIONS } from '../core/option-table.js'
import { passwordsIn, webhookPath, redactor, type Redact } from '../core/redact.js'
import { SyncError } from '../core/errors.js'
import type { Environment } from '../core/options.js'
import { TEMPORAL_VARIABLES } from '../core/temporal-variables.js'
import { processEnvironment } from './environment.js'

const HEADERS = 'TEMPORAL_GRPC_META_'

/**
 * What an environment tells in confidence: the values of options that are secret, and what those hold.
 * @param databases variables that masters name for their databases
 */
export function secretsOf(environment: Environment, databases: readonly string[]): readonly string[] {
  const secret = Object.entries({ ...OPTIONS, ...TEMPORAL_VARIABLES }).filter(
    ([, entry]) => 'secret' in entry,
  )
  return [...secret.map(([name]) => name), ...databases].flatMap((name) => {
    const value = readable(environment, name)
    return value === undefined ? [] : [value, webhookPath(value), ...passwordsIn(value)]
  })
}

/** Hides the secrets among this process's variables, and the password of any URL in one. */
export function processRedactor(databases: readonly string[] = []): Redact {
  const environment = processEnvironment()
  const given = Object.entries(process.env)
  const headers = given
    .filter(([name]) => name.startsWith(HEADERS))
    .map(([name]) => readable(environment, name.replace(/_FILE$/u, '')) ?? '')
  const passwords = given.flatMap(([, value = '']) => passwordsIn(value))
  return redactor([...secretsOf(environment, databases), ...headers, ...passwords])
}

/** A file that cannot be read is told by who needs its value. */
function readable(environment: Environment, name: string): string | undefined {
  try {
    return environment.text(name)
  } catch (error) {
    if (error instanceof SyncError) return undefined
    throw error
  }
}
