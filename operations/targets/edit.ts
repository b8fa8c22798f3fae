import { formatKey, parseKey, type Key } from '../../core/ids.js'
import { TABLE_LIST } from '../../core/list-changes.js'
import type { Master } from '../../core/master.js'
import type { ChangedTarget, ListedTarget } from '../../core/results.js'
import { readTable } from '../../db/catalog.js'
import { asKeyOf, checkValues, demand } from '../../db/checks.js'
import { namingLists, noteByHand, noteRemovedByHand } from '../../db/hand-entries.js'
import { findUnstorable, notStorable, type ListTable } from '../../db/list-table.js'
import { withListLock } from '../../db/list-lock.js'
import { presentKeys, suggest } from '../../db/missing.js'
import { named } from '../../db/read-layout.js'
import { READ_COMMITTED, transaction, type Session } from '../../db/session.js'
import { addTarget, keyColumns, listTargets, removeTarget } from '../../targets/table.js'
import { takeTableOver, type Lists } from '../../targets/take-list.js'
import type { App } from '../app.js'
import { isAsIn } from './at-once.js'
import { withLists } from './open.js'

export function targets(app: App, master: Master): Promise<readonly ListedTarget[]> {
  return withLists(app, master, async ({ source, cloud, table }) => {
    const naming = await namingLists(cloud, table, master.master)
    return (await listTargets(source, table)).map(({ key, note }) => {
      const id = formatKey(key)
      // What a person put there since the last look at the table is not in the ledger yet.
      return { id, note, lists: naming.get(id) ?? [TABLE_LIST] }
    })
  })
}

/** Adds ids as typed, all or none; those that the source lacks are added all the same, and reported. */
export function addTargets(
  app: App,
  master: Master,
  ids: readonly string[],
  note: string | null,
): Promise<readonly ChangedTarget[]> {
  const keys = ids.map((id) => parseKey(id, master.source.key))
  return withLists(app, master, async (lists) => {
    const { source, cloud, table, who, notes } = lists
    await checkValues(source, table.key, keys)
    const columns = table.key.map((column) => column.name)
    const noted = note !== null && table.hasNote ? ['note'] : []
    await demand(source, table.table, 'insert', [...columns, ...noted])
    if (noted.length > 0) await demand(source, table.table, 'update', noted)
    const known = await lookUp(source, table, master, keys)
    // A number that the source has as a number may be typed with zeros; one that it has as a text may not lose them.
    const unstorable = await findUnstorable(
      source,
      table,
      keys.map((key) => asKeyOf(known.columns, key)),
    )
    if (unstorable !== undefined) throw notStorable(table, unstorable)
    const results = await withListLock(cloud, master.master, lists.heard, async () => {
      await takeTableOver(lists)
      const made = await transaction(source, READ_COMMITTED, async () => {
        const done: (readonly [Key, 'added' | 'changed' | 'listed'])[] = []
        for (const key of keys) done.push([key, await addTarget(source, table, { key, note })])
        return done
      })
      for (const [key, what] of made) {
        if (what === 'listed') continue
        await noteByHand(cloud, master.master, { key: asKeyOf(table.key, key), what, note }, notes, who)
      }
      return made
    })
    return results.map(([key, result]) => {
      const id = formatKey(key)
      return {
        id,
        result,
        lists: [],
        in_source: known.present.has(id),
        did_you_mean: known.meant.get(id) ?? null,
      }
    })
  })
}

/** Takes ids off the list, all or none; those that a list names stay, for the next run would put them back. */
export function removeTargets(
  app: App,
  master: Master,
  ids: readonly string[],
): Promise<readonly ChangedTarget[]> {
  const keys = ids.map((id) => parseKey(id, master.source.key))
  return withLists(app, master, async (lists) => {
    const { source, table } = lists
    await demand(source, table.table, 'delete', [])
    return withListLock(lists.cloud, master.master, lists.heard, () => remove(lists, keys))
  })
}

async function remove(lists: Lists, keys: readonly Key[]): Promise<readonly ChangedTarget[]> {
  const { source, cloud, master, table, who } = lists
  await takeTableOver(lists)
  const stored = keys.map((key) => ({ id: formatKey(key), key: asKeyOf(table.key, key) }))
  const naming = await namingLists(
    cloud,
    table,
    master,
    stored.map(({ key }) => key),
  )
  const gone: Key[] = []
  const changed = await transaction(source, READ_COMMITTED, async () => {
    const made: ChangedTarget[] = []
    for (const { id, key } of stored) {
      const others = (naming.get(formatKey(key)) ?? []).filter((list) => list !== TABLE_LIST)
      const result = others.length > 0 ? 'named_by_list' : await removeTarget(source, table, key)
      if (result === 'removed') gone.push(key)
      made.push({ id, result, lists: others, in_source: null, did_you_mean: null })
    }
    return made
  })
  await noteRemovedByHand(cloud, table, master, gone, who)
  return changed
}

/** Which of the keys the source has, and what was probably meant by the others. */
async function lookUp(session: Session, list: ListTable, master: Master, keys: readonly Key[]) {
  const shape = await readTable(session, 'source', named(master.source.table))
  const columns = keyColumns(shape, master.source.key)
  const source = { table: shape.table, key: columns }
  // A list of texts keeps the zeros of a number, and then no run takes it for the source's.
  const kept = keys.filter((key) => isAsIn(columns, asKeyOf(list.key, key)))
  const present = new Set((await presentKeys(session, source, kept)).map(formatKey))
  const absent = keys.filter((key) => !present.has(formatKey(key)))
  return { columns, present, meant: await suggest(session, source, absent) }
}
