import type { Master } from '../core/master.js'
import type { ScheduleNotice } from '../core/notice.js'
import { timesOf } from '../core/schedule-times.js'
import { watchSchedule, type ScheduleState } from '../core/schedule-watch.js'
import { lastCompleted } from '../db/copy-state.js'
import { claimWatched, readWatched } from '../db/schedule-watch.js'
import { inSession, READ_COMMITTED, transaction, type Database } from '../db/session.js'

export interface WatchDeps {
  readonly masters: () => readonly Master[]
  /** undefined where Temporal has none. */
  readonly describe: (master: Master) => Promise<ScheduleState | undefined>
  readonly database: (variable: string) => Database
  readonly tell: (notice: ScheduleNotice, title: string) => Promise<void>
  /** Of a schedule that could not be looked at, or a notice that did not arrive: the next look tries again. */
  readonly failed: (master: string | undefined, error: unknown) => void
}

const EVERY_MS = 5 * 60_000

/** Looks now, and every few minutes until it is stopped; a look under way is waited for. */
export function watchSchedules(deps: WatchDeps): { readonly stop: () => Promise<void> } {
  let underWay: Promise<void> | undefined
  const look = (): void => {
    underWay ??= lookAtSchedules(deps).finally(() => (underWay = undefined))
  }
  look()
  const timer = setInterval(look, EVERY_MS)
  return {
    stop: async () => {
      clearInterval(timer)
      await underWay
    },
  }
}

/** Tells what has become of runs that were due, each thing once, however many workers look. */
export async function lookAtSchedules(deps: WatchDeps): Promise<void> {
  for (const master of mastersOf(deps)) {
    if (timesOf(master, 'sync') === undefined) continue
    await lookAt(deps, master).catch((error: unknown) => {
      deps.failed(master.master, error)
    })
  }
}

/** A folder that cannot be read may be there again at the next look. */
function mastersOf({ masters, failed }: WatchDeps): readonly Master[] {
  try {
    return masters()
  } catch (error) {
    failed(undefined, error)
    return []
  }
}

async function lookAt({ describe, database, tell }: WatchDeps, master: Master): Promise<void> {
  const { master: name, title = name } = master
  const schedule = await describe(master)
  if (schedule === undefined) return
  await inSession(database(master.cloud.database), async (cloud) => {
    let known = await readWatched(cloud, name)
    for (const { next, notice } of watchSchedule(name, known, schedule, await lastCompleted(cloud, name))) {
      // Told before it is noted as told: a message that did not arrive is taken back, and the next look tells it.
      const claimed = await transaction(cloud, READ_COMMITTED, async () => {
        if (!(await claimWatched(cloud, name, known, next))) return false
        if (notice !== undefined) await tell(notice, title)
        return true
      })
      if (!claimed) return
      known = next
    }
  })
}
