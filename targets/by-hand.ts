import { formatKey, type Key } from '../core/ids.js'
import { TABLE_LIST } from '../core/list-changes.js'
import { asKeyOf } from '../db/checks.js'
import { claimByHand, namingLists, noteByHand, noteRemovedByHand, writeByHand } from '../db/hand-entries.js'
import { withListLock } from '../db/list-lock.js'
import type { ListTable } from '../db/list-table.js'
import { noteMeant } from '../db/replacements.js'
import { READ_COMMITTED, transaction } from '../db/session.js'
import { addTarget, removeTarget } from './table.js'
import { takeTableOver, type Lists } from './take-list.js'

/** What became of an id that was to be listed. */
export interface HandAdded {
  readonly key: Key
  /** changed: only its note · listed: it was on the list, from now on by hand as well. */
  readonly result: 'added' | 'changed' | 'listed'
}

/** What became of an id that was to leave the list. */
export interface HandRemoved {
  readonly key: Key
  readonly result: 'removed' | 'not_listed' | 'named_by_list'
  /** Of an id that stays: the lists that name it. */
  readonly lists: readonly string[]
}

/** Puts ids on the list, all or none. One that was replaced is meant all the same. */
export function addByHand(
  lists: Lists,
  keys: readonly Key[],
  note: string | null,
): Promise<readonly HandAdded[]> {
  const { cloud, master, heard, table } = lists
  return withListLock(cloud, master, heard, async () => {
    await takeTableOver(lists)
    const added = await (table === undefined
      ? addToLedger(lists, keys, note)
      : addToTable(lists, table, keys, note))
    const stored = table === undefined ? keys : keys.map((key) => asKeyOf(table.key, key))
    await noteMeant(cloud, lists, master, stored)
    return added
  })
}

async function addToTable(
  { source, cloud, master, notes, who }: Lists,
  table: ListTable,
  keys: readonly Key[],
  note: string | null,
): Promise<readonly HandAdded[]> {
  const made = await transaction(source, READ_COMMITTED, async () => {
    const done: HandAdded[] = []
    for (const key of keys) done.push({ key, result: await addTarget(source, table, { key, note }) })
    return done
  })
  for (const { key, result } of made) {
    const stored = asKeyOf(table.key, key)
    if (result === 'listed') await claimByHand(cloud, master, stored, who)
    else await noteByHand(cloud, master, { key: stored, what: result, note }, notes, who)
  }
  return made
}

function addToLedger(
  { cloud, master, notes, who }: Lists,
  keys: readonly Key[],
  note: string | null,
): Promise<readonly HandAdded[]> {
  return transaction(cloud, READ_COMMITTED, async () => {
    const done: HandAdded[] = []
    for (const key of keys)
      done.push({ key, result: await writeByHand(cloud, master, { key, note }, notes, who) })
    return done
  })
}

/** Takes ids off the list, all or none; those that a list names stay, for the next run would put them back. */
export function removeByHand(lists: Lists, keys: readonly Key[]): Promise<readonly HandRemoved[]> {
  const { cloud, master, heard } = lists
  return withListLock(cloud, master, heard, async () => {
    await takeTableOver(lists)
    return remove(lists, keys)
  })
}

async function remove(lists: Lists, keys: readonly Key[]): Promise<readonly HandRemoved[]> {
  const { source, cloud, master, table, who } = lists
  const stored = table === undefined ? keys : keys.map((key) => asKeyOf(table.key, key))
  const naming = await namingLists(cloud, lists, master, stored)
  const looked = stored.map((key) => {
    const named = naming.get(formatKey(key)) ?? []
    return { key, others: named.filter((list) => list !== TABLE_LIST), byHand: named.includes(TABLE_LIST) }
  })
  const free = looked.filter(({ others }) => others.length === 0)
  const dropped =
    table === undefined
      ? free.filter(({ byHand }) => byHand).map(({ key }) => key)
      : await transaction(source, READ_COMMITTED, async () => {
          const gone: Key[] = []
          for (const { key } of free)
            if ((await removeTarget(source, table, key)) === 'removed') gone.push(key)
          return gone
        })
  // What a list names as well is no longer by hand.
  const kept = looked.filter(({ others }) => others.length > 0).map(({ key }) => key)
  await noteRemovedByHand(cloud, lists, master, [...dropped, ...kept], who)
  const gone = new Set(dropped.map(formatKey))
  return looked.map(({ others, key }, index) => ({
    key: keys[index] ?? key,
    result: others.length > 0 ? 'named_by_list' : gone.has(formatKey(key)) ? 'removed' : 'not_listed',
    lists: others,
  }))
}
