import { temporalConfig } from '../../config/temporal.js'
import type { App } from '../app.js'
import { checkNamespace } from '../worker-settings.js'
import { workerMissing, workersFor } from '../workers.js'
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

async function lookForWorkers(app: App) {
  const [workflows, steps] = await Promise.all([workersFor(app, 'workflows'), workersFor(app, 'steps')])
  const workers = workflows.filter((name) => steps.includes(name))
  if (workers.length > 0) return { seen: `${workers.join(', ')} on the task queue ${app.taskQueue}` }
  return { seen: 'none', findings: [workerMissing(app)] }
}
