import { formatKey } from '../core/ids.js'
import type { Master } from '../core/master.js'
import type { SearchColumns } from '../core/search-columns.js'
import { parseKey } from '../core/ids.js'
import { requireLedger } from '../db/migrate.js'
import { closedKeys } from '../db/closed-keys.js'
import { closedTargets } from '../db/closed-targets.js'
import { readLayout } from '../db/read-layout.js'
import type { App } from './app.js'
import { seeMaster, seeRows, type SeenRow } from './seen-rows.js'

/** A listed row that has closed, and the open one that may have taken its place. */
export interface Closed {
  readonly row: SeenRow
  readonly successor: SeenRow | undefined
  /** Why it may be that one, in the words of the import. */
  readonly reason: string | null
}

export interface ClosedList {
  readonly columns: SearchColumns
  readonly closed: readonly Closed[]
  /** Whether there are more. */
  readonly more: boolean
}

const CLOSED = 'closed_on'
const REASON = 'successor_reason'

/** The listed rows that imports have closed; undefined of a master whose table keeps no such date. */
export function closedOnList(app: App, master: Master, limit: number): Promise<ClosedList | undefined> {
  return app.onSource(master, (source) =>
    app.onCloud(master, async (cloud) => {
      await requireLedger(cloud)
      const seen = await seeMaster(source, master)
      const successor = `successor_${master.source.key.join('_')}`
      const needed = [CLOSED, REASON, successor]
      if (!needed.every((name) => seen.shape.columns.some((column) => column.name === name))) return undefined
      const layout = await readLayout(source, cloud, master)
      const columns = { closed: CLOSED, reason: REASON }
      const found = await closedTargets(source, cloud, layout, master.master, columns, limit + 1)
      const keys = found.slice(0, limit).map(({ key }) => key)
      const led = await closedKeys(source, seen.source, keys, { closed: CLOSED, successor }, limit)
      const open = new Map(led.map(({ key, successor: id }) => [formatKey(key), id]))
      const next = [...new Set([...open.values()].flatMap((id) => id ?? []))]
      const rows = await seeRows(app, source, master, seen, keys)
      const others = await seeRows(
        app,
        source,
        master,
        seen,
        next.map((id) => parseKey(id, master.source.key)),
      )
      const byId = new Map(others.map((row) => [row.id, row]))
      return {
        columns: seen.columns,
        closed: rows.map((row, index) => ({
          row,
          successor: byId.get(open.get(row.id) ?? ''),
          reason: found[index]?.reason ?? null,
        })),
        more: found.length > limit,
      }
    }),
  )
}
