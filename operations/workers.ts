import { SyncError } from '../core/errors.js'
import { formatSpan } from '../core/span.js'
import type { App } from './app.js'

/** A worker that waits for work says so at least once a minute; the server forgets it only after five. */
const POLLED_MS = 90_000

/** As Temporal numbers its queues; the enumeration is not ours to import. */
const QUEUES = { workflows: { taskQueueType: 1 }, steps: { taskQueueType: 2 } } as const

/** Who asked for work lately, by name. One whose slots are all taken asks for no steps. */
export async function workersFor(app: App, queue: keyof typeof QUEUES): Promise<readonly string[]> {
  const { workflowService, options } = await app.temporal()
  const asked: object = QUEUES[queue]
  const { pollers } = await workflowService.describeTaskQueue({
    namespace: options.namespace,
    taskQueue: { name: app.taskQueue },
    ...asked,
  })
  return pollers
    .filter(({ lastAccessTime }) => Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1000 < POLLED_MS)
    .map(({ identity }) => identity ?? '')
}

export function workerMissing(app: App): SyncError {
  const span = formatSpan(POLLED_MS / 1000)
  return new SyncError(
    'WORKER_MISSING',
    `no worker has asked for work on the task queue ${app.taskQueue} for ${span}: runs that are started wait`,
  )
}
