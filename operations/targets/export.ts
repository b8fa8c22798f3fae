import type { Master } from '../../core/master.js'
import { writePages } from '../../targets/pages.js'
import { listTargetsBehind } from '../../targets/table.js'
import type { App } from '../app.js'
import { openGiven, openTable } from './open.js'

/** Writes the list as it stands in the on-prem table. */
export async function exportTargets(
  app: App,
  master: Master,
  uri: string,
): Promise<{ readonly list: string; readonly entries: number }> {
  const list = openGiven(app, master, uri)
  return app.onSource(master, async (source) => {
    const table = await openTable(source, master)
    const entries = await writePages(list, (behind, limit) => listTargetsBehind(source, table, behind, limit))
    return { list: list.uri, entries }
  })
}
