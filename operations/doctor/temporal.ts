import { temporalConfig } from '../../config/temporal.js'
import { SyncError } from '../../core/errors.js'
import { formatSpan } from '../../core/span.js'
import type { App } from '../app.js'
import { checkNamespace } from '../worker-settings.js'
import { examine, skipped, type Examined } from './examine.js'

/** Temporal, and whether anybody takes work from it. */
export async function examineTemporal(app: App): Promise<readonly Examined[]> {
  const temporal = await examine({ check: 'temporal' }, async () => {
    await checkNamespace(app)
    const { connectionOptions, namespace } = temporalConfig()
    return { seen: `${connectionOptions.address}, namespace ${namespace}` }
  })
  if (temporal.check.ok !== true) return [temporal, skipped({ check: 'worker' }, 'Temporal is out of reach')]
  return [temporal, await examine({ check: 'worker' }, () => lookForWorkers(app))]
}

/** A worker that waits for work says so at least once a minute; the server forgets it only after five. */
const POLLED_MS = 90_000

/** As Temporal numbers its queues; the enumeration is not ours to import. */
const WORKFLOWS: object = { taskQueueType: 1 }
const STEPS: object = { taskQueueType: 2 }

async function lookForWorkers(app: App) {
  const [workflows, steps] = await Promise.all([pollers(app, WORKFLOWS), pollers(app, STEPS)])
  const workers = workflows.filter((name) => steps.includes(name))
  if (workers.length > 0) return { seen: `${workers.join(', ')} on the task queue ${app.taskQueue}` }
  const message = `no worker has asked for work on the task queue ${app.taskQueue} for ${formatSpan(POLLED_MS / 1000)}: runs that are started wait`
  return { seen: 'none', findings: [new SyncError('WORKER_MISSING', message)] }
}

/** Who asked for work lately, by name. */
async function pollers(app: App, queue: object): Promise<readonly string[]> {
  const { workflowService, options } = await app.temporal()
  const { pollers: seen } = await workflowService.describeTaskQueue({
    namespace: options.namespace,
    taskQueue: { name: app.taskQueue },
    ...queue,
  })
  return seen
    .filter(({ lastAccessTime }) => Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1000 < POLLED_MS)
    .map(({ identity }) => identity ?? '')
}
