import type { Client } from '@temporalio/client'
import { SyncError } from '../../core/errors.js'
import type { Master } from '../../core/master.js'
import { scheduleId } from '../../core/names.js'
import { SCHEDULED } from '../../core/schedule-times.js'
import type { App } from '../app.js'
import { isOurs } from '../schedule-options.js'
import { examine, type Examined } from './examine.js'

/** Schedules of ours on this task queue that no file stands for; `masters` are all there are. */
export function examineLeftOver(app: App, masters: readonly Master[]): Promise<Examined> {
  return examine({ check: 'left_over' }, async () => {
    const client = await app.temporal()
    const known = new Set(masters.flatMap((master) => SCHEDULED.map((what) => scheduleId(master, what))))
    const others: string[] = []
    for await (const { scheduleId: id, action } of client.schedule.list()) {
      const ours = isOurs(action?.workflowType) && /^(?:sync|import)-/u.test(id) && !known.has(id)
      if (ours && (await taskQueueOf(client, id)) === app.taskQueue) others.push(id)
    }
    return {
      seen: 'every schedule has its master file',
      findings: others.map((id) => leftOver(id, client.options.namespace)),
    }
  })
}

function leftOver(id: string, namespace: string): SyncError {
  const message = `the schedule ${id} starts runs of a master whose file is gone: they fail`
  return new SyncError('SCHEDULE_LEFT_OVER', message, {
    remedy: `Bring the file back, or: temporal schedule delete --namespace ${namespace} --schedule-id ${id}`,
  })
}

async function taskQueueOf(client: Client, id: string): Promise<string | undefined> {
  // One that was deleted meanwhile is none.
  const found = await client.schedule
    .getHandle(id)
    .describe()
    .catch(() => undefined)
  return found?.action.taskQueue
}
