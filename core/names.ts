import type { Master } from './master.js'
import type { Scheduled } from './schedule-times.js'

/** Names in Temporal, all from the master's own. */

/** A schedule; the runs that it starts are called the same, `-<nominal time>`. */
export function scheduleId(master: Master, what: Scheduled = 'sync'): string {
  return what === 'sync' ? workflowName(master) : importName(master)
}

/** A full run that is started without a schedule: one at a time, since there is one id. */
export function workflowName(master: Master): string {
  return `sync-${master.master}`
}

/** An import that was asked for, or that its schedule starts. */
export function importName(master: Master): string {
  return `import-${master.master}`
}

/** The line that the Temporal Web UI shows beside a run. */
export function summaryOf(master: Master, what: string): string {
  return `${master.title ?? master.master}: ${what}`
}
