import { dirname, resolve } from 'node:path'
import { cwd } from 'node:process'
import { SyncError } from '../../core/errors.js'
import type { Master } from '../../core/master.js'
import { readServer, readTable } from '../../db/catalog.js'
import { checkLedgerAccess } from '../../db/checks.js'
import { requireLedger } from '../../db/migrate.js'
import { named } from '../../db/read-layout.js'
import type { Session } from '../../db/session.js'
import type { List } from '../../targets/list.js'
import { openList } from '../../targets/open.js'
import { listTable } from '../../targets/table.js'
import { parseListUri } from '../../targets/uri.js'
import type { Lists } from '../../targets/take-list.js'
import type { App } from '../app.js'

/** The on-prem table of the list, where there is one. */
export async function openTable(source: Session, master: Master): Promise<Pick<Lists, 'table' | 'utf8'>> {
  const { utf8 } = await readServer(source)
  const { table } = master.targets
  if (table === undefined) return { table, utf8 }
  const shape = await readTable(source, 'target list', named(table), master.master)
  return { table: listTable(shape, master.source.key, utf8), utf8 }
}

/** A list by its URI, or a file under a name that stands for it. */
export type GivenList = string | { readonly name: string; readonly path: string }

/**
 * A list as it was given. One that the master's file names is that one, however its path was written: the file says it from
 * the masters' folder, a command from where it was given.
 */
export function openGiven(app: App, { source, targets: { lists } }: Master, given: GivenList): List {
  const columns = source.key
  if (typeof given !== 'string') return openList(given.path, { columns, folder: cwd(), name: given.name })
  const uri = given
  const known = knownAmong(app, lists, uri)
  return known === undefined
    ? openList(uri, { columns, folder: cwd() })
    : openList(known, { columns, folder: app.mastersFolder })
}

/** What a run does with a place, where the master's file names it. */
export function useOf(
  app: App,
  { targets: { lists, publish } }: Master,
  uri: string,
): 'lists' | 'publish' | undefined {
  if (knownAmong(app, lists, uri) !== undefined) return 'lists'
  return knownAmong(app, publish, uri) === undefined ? undefined : 'publish'
}

function knownAmong(app: App, lists: readonly string[], uri: string): string | undefined {
  const path = pathOf(uri, cwd())
  return lists.find((list) => (path === undefined ? list === uri : pathOf(list, app.mastersFolder) === path))
}

function pathOf(uri: string, folder: string): string | undefined {
  const place = parseListUri(uri)
  return place.kind === 'file' ? resolve(folder, place.path) : undefined
}

/** @throws SyncError LIST_AMONG_MASTERS where a file would be taken for that of a master */
export function checkBeside(app: App, uri: string): void {
  const place = parseListUri(uri)
  if (place.kind !== 'file' || place.format !== 'yaml') return
  if (dirname(resolve(cwd(), place.path)) !== resolve(app.mastersFolder)) return
  throw new SyncError('LIST_AMONG_MASTERS', `${uri} would be read as the file of a master`)
}

/** Both databases, for work on the list that its history is to know of. */
export function withLists<T>(app: App, master: Master, work: (lists: Lists) => Promise<T>): Promise<T> {
  return app.onCloud(master, async (cloud) => {
    await checkLedgerAccess(cloud)
    await requireLedger(cloud)
    return app.onSource(master, async (source) =>
      work({
        source,
        cloud,
        master: master.master,
        key: master.source.key,
        ...(await openTable(source, master)),
        read: master.targets.lists,
        notes: master.targets.notes,
        who: { run: null, by: app.operator },
        heard: () => undefined,
      }),
    )
  })
}
