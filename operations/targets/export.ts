import type { Master } from '../../core/master.js'
import { listedBehind } from '../../db/listed-ids.js'
import { writePages } from '../../targets/pages.js'
import { listTargetsBehind } from '../../targets/table.js'
import type { App } from '../app.js'
import { checkBeside, openGiven, openTable, withLists } from './open.js'

/**
 * Writes the list as it stands.
 * @throws SyncError LIST_AMONG_MASTERS, and what writing a list throws
 */
export async function exportTargets(
  app: App,
  master: Master,
  uri: string,
): Promise<{ readonly list: string; readonly entries: number }> {
  checkBeside(app, uri)
  const list = openGiven(app, master, uri)
  const write = async (read: Parameters<typeof writePages>[1]) => ({
    list: list.uri,
    entries: await writePages(list, read),
  })
  // A list that stands on-prem is at hand while the cloud is away.
  return app.onSource(master, async (source) => {
    const { table } = await openTable(source, master)
    return table === undefined
      ? withLists(app, master, ({ cloud }) =>
          write((behind, limit) => listedBehind(cloud, master.master, behind, limit)),
        )
      : write((behind, limit) => listTargetsBehind(source, table, behind, limit))
  })
}
