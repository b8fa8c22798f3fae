import { SyncError } from '../../core/errors.js'
import { formatKey } from '../../core/ids.js'
import type { Master } from '../../core/master.js'
import { leavingIds } from '../../db/replacements.js'
import { openList } from '../../targets/open.js'
import { mayWrite } from '../../targets/take-list.js'
import type { App } from '../app.js'
import { openTable } from '../targets/open.js'
import { examine, type Examined } from './examine.js'

const SHOWN = 5

/** Whether the lists that a run reads at its start can be read from here, each to its end, and into the table. */
export async function examineLists(app: App, master: Master): Promise<readonly Examined[]> {
  const { lists } = master.targets
  const about = { check: 'lists', master: master.master } as const
  const replaced = await examineReplaced(app, master)
  if (lists.length === 0) return replaced
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
  return [...replaced, together(await grants, await Promise.all(read))]
}

/** One line for all of a master's lists: what is found is told once, and names its list itself. */
function together(first: Examined, others: readonly Examined[]): Examined {
  const all = [first, ...others]
  const seen = all.flatMap(({ check }) => (check.seen === '' ? [] : [check.seen])).join(' · ')
  return {
    check: { ...first.check, ok: all.every(({ check }) => check.ok === true), seen },
    findings: all.flatMap(({ findings }) => findings),
  }
}

/** Ids that no run could take off the list: for want of a right, or because a list goes on naming them. */
async function examineReplaced(app: App, master: Master): Promise<readonly Examined[]> {
  const leaving = await app.onCloud(master, (cloud) => leavingIds(cloud, master.master))
  if (leaving.length === 0) return []
  const ids = leaving.slice(0, SHOWN).map(({ key, newKey }) => `${formatKey(key)} (now ${formatKey(newKey)})`)
  const more = leaving.length > SHOWN ? `, and ${leaving.length - SHOWN} more` : ''
  const finding = new SyncError('ID_STILL_LISTED', `replaced and still on the list: ${ids.join(', ')}${more}`)
  const about = { check: 'lists', master: master.master, side: 'cloud' } as const
  return [
    await examine(about, () => ({
      seen: `${leaving.length} replaced ids still listed`,
      findings: [finding],
    })),
  ]
}
