import { formatKey } from '../../core/ids.js'
import type { Master } from '../../core/master.js'
import type { ListProblem, ReadTargets } from '../../core/results.js'
import { readTable } from '../../db/catalog.js'
import { named } from '../../db/read-layout.js'
import { stagedDuplicates } from '../../db/staged-list.js'
import { wouldTake } from '../../db/take-staged.js'
import { knownList } from '../../db/target-lists.js'
import type { List } from '../../targets/list.js'
import { stageReading, type StagedReading } from '../../targets/stage-reading.js'
import { checkStaged } from '../../targets/check-staged.js'
import type { Lists } from '../../targets/take-list.js'
import type { App } from '../app.js'
import { closedIds, supersededIds, TOLD, unknownIds } from './doubtful-ids.js'
import { openGiven, withLists, type GivenList } from './open.js'

/** A list as it was read, and what taking it over would change. Nothing is written. */
export function checkTargets(app: App, master: Master, given: GivenList): Promise<ReadTargets> {
  const list = openGiven(app, master, given)
  return withLists(app, master, async (lists) => (await lookAt(lists, master, list)).found)
}

/** Reads a list into its stage, and looks at it. */
export async function lookAt(
  lists: Lists,
  master: Master,
  list: List,
): Promise<{ readonly reading: StagedReading; readonly found: ReadTargets }> {
  const { source, cloud, heard } = lists
  const { uri } = list
  const reading = await stageReading(cloud, list, heard)
  const changes = await wouldTake(cloud, { master: master.master, list: uri, notes: lists.notes })
  await checkStaged(lists, uri)
  // Where every entry is a new one, none stands there twice.
  const distinct = changes.added.rows === reading.entries
  const duplicates = distinct ? { total: 0, first: [] } : await stagedDuplicates(cloud, TOLD)
  const shape = await readTable(source, 'source', named(master.source.table))
  const unknown = await unknownIds(lists, shape, master)
  const closed = await closedIds(lists, shape, master)
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
    ...closed,
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
