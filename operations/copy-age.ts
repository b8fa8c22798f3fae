import type { Master } from '../core/master.js'
import { lastCompleted, lastProven, type ClosedRun } from '../db/copy-state.js'
import { requireLedger } from '../db/migrate.js'
import type { App } from './app.js'

/** How old a copy is, and when it was last compared; undefined where it never was. */
export interface CopyAge {
  readonly completed: ClosedRun | undefined
  readonly proven: ClosedRun | undefined
}

export function copyAge(app: App, master: Master): Promise<CopyAge> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    return {
      completed: await lastCompleted(cloud, master.master),
      proven: await lastProven(cloud, master.master),
    }
  })
}
