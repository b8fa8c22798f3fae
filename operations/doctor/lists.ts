import type { Master } from '../../core/master.js'
import { openList } from '../../targets/open.js'
import { mayWrite } from '../../targets/take-list.js'
import type { App } from '../app.js'
import { openTable } from '../targets/open.js'
import { examine, type Examined } from './examine.js'

/** Whether the lists that a run reads at its start can be read from here, each to its end, and into the table. */
export async function examineLists(app: App, master: Master): Promise<readonly Examined[]> {
  const { lists } = master.targets
  if (lists.length === 0) return []
  const about = { check: 'lists', master: master.master } as const
  const grants = examine(about, () =>
    app.onSource(master, async (source) => {
      await mayWrite({ source, ...(await openTable(source, master)) })
      return {
        seen: master.targets.table === undefined ? 'the ledger holds the list' : 'the table may be written',
      }
    }),
  )
  const read = lists.map((uri) =>
    examine(about, async () => {
      const list = openList(uri, { columns: master.source.key, folder: app.mastersFolder })
      const { entries } = await list.read()
      let ids = 0
      for await (const some of entries) ids += some.length
      return { seen: `${uri}: ${ids} ids` }
    }),
  )
  return Promise.all([grants, ...read])
}
