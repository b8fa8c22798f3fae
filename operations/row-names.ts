import { parseKey } from '../core/ids.js'
import type { Master } from '../core/master.js'
import type { App } from './app.js'
import { seeMaster, seeRows } from './seen-rows.js'

/**
 * What people call rows of the source, by id: the first column that tells rows apart. Such as it lacks have none, and
 * while it is away none has.
 */
export async function rowNames(
  app: App,
  master: Master,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await app
    .onSource(master, async (source) => {
      const seen = await seeMaster(source, master)
      const keys = ids.map((id) => parseKey(id, master.source.key))
      const [name] = seen.columns.show
      const found = name === undefined ? [] : await seeRows(app, source, master, seen, keys)
      return found.map(({ id, values }) => [id, values?.[name ?? ''] ?? null] as const)
    })
    .catch(() => [])
  return new Map(rows.flatMap(([id, name]) => (name === null ? [] : [[id, name]])))
}
