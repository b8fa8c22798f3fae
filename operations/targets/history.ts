import { parseKey } from '../../core/ids.js'
import type { Master } from '../../core/master.js'
import type { TargetHistory } from '../../core/results.js'
import { requireLedger } from '../../db/migrate.js'
import { targetChanges } from '../../db/target-changes.js'
import type { App } from '../app.js'

/** Who put ids on the list and took them off, newest first; of one id, or the last changes of all. */
export function targetHistory(
  app: App,
  master: Master,
  id: string | undefined,
  limit: number,
): Promise<TargetHistory> {
  const key = id === undefined ? undefined : parseKey(id, master.source.key)
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    return targetChanges(cloud, master.master, key, limit)
  })
}
