import type { Master } from './master.js'

/** When a schedule starts runs. */
export interface Times {
  readonly cron: string
  readonly timezone: string
}

/** When the syncs of a master start by themselves; undefined: never, or only after imports. */
export function syncTimes({ schedule }: Master): Times | undefined {
  const { cron, timezone } = schedule ?? {}
  return cron === undefined || timezone === undefined ? undefined : { cron, timezone }
}
