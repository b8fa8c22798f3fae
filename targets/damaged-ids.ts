import { SyncError } from '../core/errors.js'
import { fold, formatKey, type Key } from '../core/ids.js'
import type { TableShape } from '../core/shape.js'
import { asKeyOf } from '../db/checks.js'
import { addedIds, droppedIds } from '../db/list-swaps.js'
import { presentKeys } from '../db/missing.js'
import { pages } from './pages.js'
import { keyColumns } from './table.js'
import type { Lists } from './take-list.js'

/** Of a list that drops more, the limit on removals speaks. */
const DROPPED = 10_000
const PAGE = 10_000
const NAMED = 5

/**
 * Whether ids that the source has have become such as it has not, alike but for zeros, width, case or hyphens: what a
 * spreadsheet does to a list. Their rows would be removed for nothing.
 * @throws SyncError LIST_DAMAGED
 */
export async function checkDamage(lists: Lists, list: string, shape: TableShape): Promise<void> {
  const { source, cloud, master, key, heard } = lists
  const kept = { master, list }
  const dropped = new Map((await droppedIds(cloud, kept, DROPPED)).map((id) => [folded(id), id]))
  if (dropped.size === 0) return
  const swapped: (readonly [was: Key, is: Key])[] = []
  for await (const page of pages((behind) => addedIds(cloud, kept, behind, PAGE))) {
    for (const { key: id } of page) {
      const was = dropped.get(folded(id))
      if (was !== undefined) swapped.push([was, id])
    }
    heard()
  }
  if (swapped.length === 0) return
  const known = { table: shape.table, key: keyColumns(shape, key) }
  const written = (id: Key): boolean => formatKey(asKeyOf(known.key, id)) === formatKey(id)
  const there = await presentKeys(source, known, swapped.flat().filter(written))
  const present = new Set(there.map(formatKey))
  const damaged = swapped.filter(([was, is]) => present.has(formatKey(was)) && !present.has(formatKey(is)))
  if (damaged.length === 0) return
  const some = damaged.slice(0, NAMED).map(([was, is]) => `${formatKey(was)} → ${formatKey(is)}`)
  throw new SyncError(
    'LIST_DAMAGED',
    `${list} names ${damaged.length} ids in a form that the source does not know: ${some.join(', ')}`,
  )
}

function folded(key: Key): string {
  return JSON.stringify(key.map(fold))
}
