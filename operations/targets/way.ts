import type { Master } from '../../core/master.js'
import type { Outcome } from '../../core/report.js'
import { requireLedger } from '../../db/migrate.js'
import { findRun } from '../../db/runs.js'
import type { App } from '../app.js'

/** What has become of the run that was to bring a change of the list to the cloud. */
export interface BringingRun {
  /** undefined until it is recorded. */
  readonly run: number | undefined
  /** null while it is under way, or waits for another. */
  readonly outcome: Outcome | null
}

/** @param executionId as it was started */
export function bringingRun(app: App, master: Master, executionId: string): Promise<BringingRun> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    const found = await findRun(cloud, executionId)
    const own = found?.master === master.master ? found : undefined
    return { run: own?.run, outcome: own?.report?.outcome ?? null }
  })
}
