import { ScheduleOverlapPolicy, type ScheduleOptions } from '@temporalio/client'
import type { Master } from '../core/master.js'
import { scheduleId, summaryOf } from '../core/names.js'
import type { Scheduled, Times } from '../core/schedule-times.js'
import type { SyncInput } from '../workflows/messages.js'
import type { App } from './app.js'
import { importInput } from './import-input.js'

/** A run that could not be started on time is made up within one interval; this stands until the interval is known. */
export const FIRST_CATCHUP = '1 day'

/** The workflows that schedules start. */
const WORKFLOWS = { sync: 'syncMaster', import: 'importMaster' } as const satisfies Record<Scheduled, string>

/** What a workflow is called that a schedule of ours starts. */
export function isOurs(workflow: string | undefined): boolean {
  return Object.values<string | undefined>(WORKFLOWS).includes(workflow)
}

/** The schedule that a master's file asks for; the catch-up window is of one interval, once that is known. */
export function scheduleOptions(app: App, master: Master, what: Scheduled, spec: Times, ledger?: string) {
  const id = scheduleId(master, what)
  return {
    scheduleId: id,
    spec: { cronExpressions: [spec.cron], timezone: spec.timezone },
    action: {
      type: 'startWorkflow',
      workflowType: WORKFLOWS[what],
      workflowId: id,
      taskQueue: app.taskQueue,
      args: [what === 'sync' ? syncInput(app, master, ledger) : importInput(app, master, ledger)],
      staticSummary: summaryOf(master, what),
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: FIRST_CATCHUP, pauseOnFailure: false },
  } satisfies ScheduleOptions
}

function syncInput(app: App, master: Master, ledger: string | undefined): SyncInput {
  return {
    master: master.master,
    mode: 'apply',
    leaseMs: app.leaseMs,
    ...(ledger === undefined ? {} : { ledger }),
  }
}
