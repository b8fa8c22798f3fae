import type { Master } from '../../core/master.js'
import { openList } from '../../targets/open.js'
import type { App } from '../app.js'
import { examine, type Examined } from './examine.js'

/** Whether the lists that a run reads at its start can be read from here, each to its end. */
export async function examineLists(app: App, master: Master): Promise<readonly Examined[]> {
  const { lists } = master.targets
  return Promise.all(
    lists.map((uri) =>
      examine({ check: 'lists', master: master.master }, async () => {
        const list = openList(uri, { columns: master.source.key, folder: app.mastersFolder })
        const { entries } = await list.read()
        let ids = 0
        for await (const some of entries) ids += some.length
        return { seen: `${uri}: ${ids} ids` }
      }),
    ),
  )
}
