import type { Master } from './master.js'

/** Names in Temporal, all from the master's own. */

/** The schedule; the runs that it starts are called `<workflowName>-<nominal time>`. */
export function scheduleId(master: Master): string {
  return `sync-${master.master}`
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
