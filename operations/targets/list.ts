import { formatKey, type Key } from '../../core/ids.js'
import { TABLE_LIST } from '../../core/list-changes.js'
import type { Master } from '../../core/master.js'
import type { ListedTarget } from '../../core/results.js'
import { namingLists } from '../../db/hand-entries.js'
import { listedBehind } from '../../db/listed-ids.js'
import { pages } from '../../targets/pages.js'
import { listTargetsBehind } from '../../targets/table.js'
import type { App } from '../app.js'
import { withLists } from './open.js'

/** The list as it stands, with what names each id. */
export function targets(app: App, master: Master): Promise<readonly ListedTarget[]> {
  return withLists(app, master, async (lists) => {
    const naming = await namingLists(lists.cloud, lists, master.master)
    const targets: ListedTarget[] = []
    const { source, cloud, table } = lists
    const read = (behind: Key | undefined) =>
      table === undefined
        ? listedBehind(cloud, master.master, behind, PAGE)
        : listTargetsBehind(source, table, behind, PAGE)
    for await (const page of pages(read))
      for (const { key, note } of page) {
        const id = formatKey(key)
        // What a person put there since the last look at the table is not in the ledger yet.
        targets.push({ id, note, lists: naming.get(id) ?? [TABLE_LIST] })
      }
    return targets
  })
}

const PAGE = 10_000
