import type { Key } from '../../core/ids.js'
import type { Master } from '../../core/master.js'
import { listTargetsBehind } from '../../targets/table.js'
import type { WrittenEntry } from '../../targets/list.js'
import type { Session } from '../../db/session.js'
import type { ListTable } from '../../db/list-table.js'
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
    let entries = 0
    const counted = async function* (): AsyncGenerator<readonly WrittenEntry[]> {
      for await (const page of pages(source, table)) {
        entries += page.length
        yield page
      }
    }
    await list.write(counted())
    return { list: list.uri, entries }
  })
}

const PAGE = 5_000

async function* pages(source: Session, table: ListTable): AsyncGenerator<readonly WrittenEntry[]> {
  let behind: Key | undefined
  for (;;) {
    const page = await listTargetsBehind(source, table, behind, PAGE)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    behind = last.key
  }
}
