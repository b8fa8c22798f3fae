import type { Master } from './master.js'

/** What a schedule of a master starts. */
export const SCHEDULED = ['sync', 'import'] as const
export type Scheduled = (typeof SCHEDULED)[number]

/** When a schedule starts runs. */
export interface Times {
  readonly cron: string
  readonly timezone: string
}

/** By which clock people read the times of a master: that of its schedule. */
export function timezoneOf({ schedule, import: section }: Master): string {
  return schedule?.timezone ?? section?.schedule?.timezone ?? 'UTC'
}

/** When runs of a master start by themselves; undefined: never, or only after others. */
export function timesOf(master: Master, what: Scheduled): Times | undefined {
  const { cron, timezone } = (what === 'sync' ? master.schedule : master.import?.schedule) ?? {}
  return cron === undefined || timezone === undefined ? undefined : { cron, timezone }
}
