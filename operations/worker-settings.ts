import { isGrpcServiceError } from '@temporalio/client'
import { SyncError } from '../core/errors.js'
import type { App } from './app.js'

const NOT_FOUND = 5

/**
 * Looks at what every run would need, so that a worker that could do nothing does not start.
 * @throws SyncError OPTION_INVALID, MASTER_FILE_INVALID, TEMPORAL_UNREACHABLE
 */
export async function checkWorkerSettings(app: App): Promise<void> {
  for (const { source, cloud } of app.masters()) {
    app.databases.get('source', source.database)
    app.databases.get('cloud', cloud.database)
  }
  await checkNamespace(app)
}

/** @throws SyncError TEMPORAL_UNREACHABLE */
export async function checkNamespace(app: App): Promise<void> {
  const { workflowService, options } = await app.temporal()
  await workflowService.describeNamespace({ namespace: options.namespace }).catch((cause: unknown) => {
    const code: number | undefined = isGrpcServiceError(cause) ? cause.code : undefined
    // A role that may not ask may still be allowed to work.
    if (code !== undefined && code !== NOT_FOUND) return
    const message = `Temporal has no namespace ${JSON.stringify(options.namespace)}`
    throw new SyncError('TEMPORAL_UNREACHABLE', message, { cause })
  })
}
