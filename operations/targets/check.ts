import { formatKey, type Key } from '../../core/ids.js'
import type { Master } from '../../core/master.js'
import type { ListProblem, ReadTargets } from '../../core/results.js'
import { readTable } from '../../db/catalog.js'
import { absentKeys, suggest, type SourceKey } from '../../db/missing.js'
import { named } from '../../db/read-layout.js'
import { superseded } from '../../db/replacements.js'
import { placesOf, stagedDuplicates } from '../../db/staged-list.js'
import { wouldTake } from '../../db/take-staged.js'
import { knownList } from '../../db/target-lists.js'
import type { List } from '../../targets/list.js'
import { stageReading, type StagedReading } from '../../targets/stage-reading.js'
import { keyColumns } from '../../targets/table.js'
import { checkStaged, stagedKeys } from '../../targets/check-staged.js'
import type { Lists } from '../../targets/take-list.js'
import type { App } from '../app.js'
import { isAsIn } from './at-once.js'
import { openGiven, withLists } from './open.js'

/** A list as it was read, and what taking it over would change. Nothing is written. */
export function checkTargets(app: App, master: Master, uri: string): Promise<ReadTargets> {
  const list = openGiven(app, master, uri)
  return withLists(app, master, async (lists) => (await lookAt(lists, master, list)).found)
}

/** How many problems are told, of each kind. */
const TOLD = 100

/** Reads a list into its stage, and looks at it. */
export async function lookAt(
  lists: Lists,
  master: Master,
  list: List,
): Promise<{ readonly reading: StagedReading; readonly found: ReadTargets }> {
  const { cloud, heard } = lists
  const { uri } = list
  const reading = await stageReading(cloud, list, heard)
  const changes = await wouldTake(cloud, { master: master.master, list: uri, notes: lists.notes })
  await checkStaged(lists, uri)
  // Where every entry is a new one, none stands there twice.
  const distinct = changes.added.rows === reading.entries
  const duplicates = distinct ? { total: 0, first: [] } : await stagedDuplicates(cloud, TOLD)
  const unknown = await unknownIds(lists, master)
  const replaced = await supersededIds(lists)
  const { entries: before } = await knownList(cloud, master.master, uri)
  const shrunk = before !== null && reading.entries * 2 < before
  const problems: readonly ListProblem[] = [
    ...(shrunk ? [{ ...NOWHERE, problem: 'shrunk' as const }] : []),
    ...duplicates.first.map(({ key, line, column }) => ({
      ...NOWHERE,
      problem: 'duplicate' as const,
      id: formatKey(key),
      line,
      column,
    })),
    ...unknown.first,
    ...replaced,
  ]
  return {
    reading,
    found: {
      list: uri,
      entries: reading.entries,
      remarks: reading.remarks.map(({ text }) => text),
      ...changes,
      duplicates: duplicates.total,
      unknown: unknown.total,
      problems,
      applied: false,
    },
  }
}

const NOWHERE = { id: null, line: null, column: null, did_you_mean: null }

/** Ids of the staged list that were issued anew. */
async function supersededIds(lists: Lists): Promise<readonly ListProblem[]> {
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
async function unknownIds(
  lists: Lists,
  master: Master,
): Promise<{ readonly total: number; readonly first: readonly ListProblem[] }> {
  const { source, cloud, heard } = lists
  const shape = await readTable(source, 'source', named(master.source.table))
  const known: SourceKey = { table: shape.table, key: keyColumns(shape, master.source.key) }
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
      return { problem: 'unknown', id, line, column, did_you_mean: meant.get(id) ?? null }
    }),
  }
}
