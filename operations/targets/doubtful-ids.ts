import { formatKey, type Key } from '../../core/ids.js'
import type { Master } from '../../core/master.js'
import type { ListProblem } from '../../core/results.js'
import { isSpreadsheetNumber } from '../../core/spreadsheet-number.js'
import type { TableShape } from '../../core/shape.js'
import { closedKeys } from '../../db/closed-keys.js'
import { absentKeys, suggest, type SourceKey } from '../../db/missing.js'
import { superseded } from '../../db/replacements.js'
import type { Session } from '../../db/session.js'
import { placesOf } from '../../db/staged-list.js'
import { stagedKeys } from '../../targets/check-staged.js'
import { keyColumns } from '../../targets/table.js'
import type { Lists } from '../../targets/take-list.js'
import { isAsIn } from './at-once.js'

/** How many problems are told, of each kind. */
export const TOLD = 100

function sourceKey(shape: TableShape, master: Master): SourceKey {
  return { table: shape.table, key: keyColumns(shape, master.source.key) }
}

/** Ids of the staged list that were issued anew. */
export async function supersededIds(lists: Lists): Promise<readonly ListProblem[]> {
  const { cloud, master } = lists
  const replaced = await superseded(cloud, master)
  const successors = new Map(replaced.map(({ oldKey, newKey }) => [formatKey(oldKey), formatKey(newKey)]))
  const places = await placesOf(
    cloud,
    lists,
    replaced.map(({ oldKey }) => oldKey),
  )
  return places.slice(0, TOLD).map(({ key, line, column }) => {
    const id = formatKey(key)
    return { problem: 'superseded', id, line, column, did_you_mean: successors.get(id) ?? null }
  })
}

/** Ids of the staged list that the source lacks. */
export async function unknownIds(
  lists: Lists,
  shape: TableShape,
  master: Master,
): Promise<{ readonly total: number; readonly first: readonly ListProblem[] }> {
  const { source, cloud, heard } = lists
  const known = sourceKey(shape, master)
  const first: Key[] = []
  let total = 0
  for await (const keys of stagedKeys(cloud)) {
    const [kept, others] = [
      keys.filter((key) => isAsIn(known.key, key)),
      keys.filter((key) => !isAsIn(known.key, key)),
    ]
    const absent = [...others, ...(await absentKeys(source, known, kept))]
    total += absent.length
    first.push(...absent.slice(0, TOLD - first.length))
    heard()
  }
  const meant = await suggest(source, known, first)
  const places = await placesOf(cloud, lists, first)
  return {
    total,
    first: places.map(({ key, line, column }) => {
      const id = formatKey(key)
      const problem = isSpreadsheetNumber(id) ? 'number' : 'unknown'
      return { problem, id, line, column, did_you_mean: meant.get(id) ?? null }
    }),
  }
}

/** Columns in which a register notes that an institution has closed, and the id of the one that took its place. */
const CLOSED = 'closed_on'
const successorOf = ({ source: { key } }: Master): string => `successor_${key.join('_')}`

/** Of the keys, those that the source knows as closed, where it has a column that says so. */
export async function closedAmong(
  source: Session,
  shape: TableShape,
  master: Master,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, { readonly key: Key; readonly successor: string | null }>> {
  const has = (name: string): boolean => shape.columns.some((column) => column.name === name)
  if (!has(CLOSED)) return new Map()
  const successor = master.source.key.length === 1 && has(successorOf(master)) ? successorOf(master) : null
  const known = sourceKey(shape, master)
  const kept = keys.filter((key) => isAsIn(known.key, key))
  const rows = await closedKeys(source, known, kept, { closed: CLOSED, successor }, TOLD)
  return new Map(rows.map((row) => [formatKey(row.key), row]))
}

/** Ids of the staged list that the source knows as closed. */
export async function closedIds(
  lists: Lists,
  shape: TableShape,
  master: Master,
): Promise<readonly ListProblem[]> {
  if (!shape.columns.some(({ name }) => name === CLOSED)) return []
  const found = new Map<string, { readonly key: Key; readonly successor: string | null }>()
  for await (const keys of stagedKeys(lists.cloud)) {
    for (const [id, row] of await closedAmong(lists.source, shape, master, keys))
      if (found.size < TOLD) found.set(id, row)
    lists.heard()
  }
  const places = await placesOf(
    lists.cloud,
    lists,
    [...found.values()].map(({ key }) => key),
  )
  return places.map(({ key, line, column }) => {
    const id = formatKey(key)
    return { problem: 'closed', id, line, column, did_you_mean: found.get(id)?.successor ?? null }
  })
}
