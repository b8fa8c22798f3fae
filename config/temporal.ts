import { loadClientConnectConfig } from '@temporalio/envconfig'
import { SyncError } from '../core/errors.js'
import { processEnvironment } from './environment.js'

/** A path itself, not the path of a file with the value. */
const NOT_A_VALUE_FILE = 'TEMPORAL_CONFIG_FILE'

/** Where Temporal is: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TLS and API key, or a profile of temporal.toml. */
export function temporalConfig() {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: temporalVariables() })
    return {
      connectionOptions: { ...connectionOptions, address: connectionOptions.address ?? 'localhost:7233' },
      namespace: namespace ?? 'default',
    }
  } catch (cause) {
    if (cause instanceof SyncError) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SyncError('OPTION_INVALID', `the Temporal settings: ${reason}`, { cause })
  }
}

/** Temporal's own variables, with the values of those that are given as NAME_FILE. */
function temporalVariables(): Record<string, string> {
  const environment = processEnvironment()
  const names = Object.keys(process.env)
    .filter((name) => name.startsWith('TEMPORAL_'))
    .map((name) => (name === NOT_A_VALUE_FILE ? name : name.replace(/_FILE$/u, '')))
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment.text(name)
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
