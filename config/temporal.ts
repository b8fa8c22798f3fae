import { loadClientConnectConfig } from '@temporalio/envconfig'
import { SyncError } from '../core/errors.js'

/** Where Temporal is: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TLS and API key, or a profile of temporal.toml. */
export function temporalConfig() {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig()
    return {
      connectionOptions: { address: 'localhost:7233', ...connectionOptions },
      namespace: namespace ?? 'default',
    }
  } catch (cause) {
    throw new SyncError(
      'OPTION_INVALID',
      `the Temporal settings: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}
