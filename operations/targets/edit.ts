import { formatKey, parseKey, type Key } from '../../core/ids.js'
import { SyncError } from '../../core/errors.js'
import type { Master } from '../../core/master.js'
import type { ChangedTarget } from '../../core/results.js'
import { readTable } from '../../db/catalog.js'
import { asKeyOf, checkValues, demand } from '../../db/checks.js'
import { findUnstorable, notStorable, type ListTable } from '../../db/list-table.js'
import { presentKeys, suggest } from '../../db/missing.js'
import { named } from '../../db/read-layout.js'
import type { Session } from '../../db/session.js'
import { addByHand, removeByHand } from '../../targets/by-hand.js'
import { keyColumns } from '../../targets/table.js'
import { checkConvertible } from '../../targets/check-staged.js'
import type { Lists } from '../../targets/take-list.js'
import type { App } from '../app.js'
import { isAsIn } from './at-once.js'
import { closedAmong } from './doubtful-ids.js'
import { withLists } from './open.js'

/** Adds ids as typed, all or none; those that the source lacks are added all the same, and reported. */
export function addTargets(
  app: App,
  master: Master,
  ids: readonly string[],
  note: string | null,
): Promise<readonly ChangedTarget[]> {
  const keys = ids.map((id) => parseKey(id, master.source.key))
  return withLists(app, master, async (lists) => {
    const known = await mayAdd(lists, master, keys, note)
    return (await addByHand(lists, keys, note)).map(({ key, result }) => {
      const id = formatKey(key)
      const { present, meant, closed } = known
      return {
        ...{ id, result, lists: [], in_source: present.has(id), did_you_mean: meant.get(id) ?? null },
        ...{ closed: closed.has(id), successor: closed.get(id)?.successor ?? null },
      }
    })
  })
}

/**
 * Whether the list can take the ids and the note, before anything is written.
 * @returns which of them the source has, what was probably meant by the others, and which it knows as closed
 */
async function mayAdd(
  { source, table, notes, utf8 }: Lists,
  master: Master,
  keys: readonly Key[],
  note: string | null,
) {
  await checkConvertible(source, utf8, keys)
  if (table === undefined) {
    if (note !== null && !notes) throw new SyncError('NOTE_NOT_KEPT', `${master.master} keeps no notes`)
    return lookUp(source, undefined, master, keys)
  }
  await checkValues(source, table.key, keys)
  const noted = (note !== null && table.hasNote) || table.notNullNote ? ['note'] : []
  await demand(source, table.table, 'insert', [...table.key.map(({ name }) => name), ...noted])
  if (noted.length > 0) await demand(source, table.table, 'update', noted)
  const known = await lookUp(source, table, master, keys)
  // A number that the source has as a number may be typed with zeros; one that it has as a text may not lose them.
  const unstorable = await findUnstorable(
    source,
    table,
    keys.map((key) => asKeyOf(known.columns, key)),
  )
  if (unstorable !== undefined) throw notStorable(table, unstorable)
  return known
}

/** Takes ids off the list, all or none; those that a list names stay, for the next run would put them back. */
export function removeTargets(
  app: App,
  master: Master,
  ids: readonly string[],
): Promise<readonly ChangedTarget[]> {
  const keys = ids.map((id) => parseKey(id, master.source.key))
  return withLists(app, master, async (lists) => {
    if (lists.table !== undefined) await demand(lists.source, lists.table.table, 'delete', [])
    const removed = await removeByHand(lists, keys)
    return removed.map(({ key, ...rest }) => ({
      id: formatKey(key),
      ...rest,
      in_source: null,
      did_you_mean: null,
      closed: false,
      successor: null,
    }))
  })
}

/** Which of the keys the source has, what was probably meant by the others, and which it knows as closed. */
async function lookUp(session: Session, list: ListTable | undefined, master: Master, keys: readonly Key[]) {
  const shape = await readTable(session, 'source', named(master.source.table))
  const columns = keyColumns(shape, master.source.key)
  const source = { table: shape.table, key: columns }
  // A list of texts keeps the zeros of a number, and then no run takes it for the source's.
  const kept = keys.filter((key) => isAsIn(columns, list === undefined ? key : asKeyOf(list.key, key)))
  const present = new Set((await presentKeys(session, source, kept)).map(formatKey))
  const absent = keys.filter((key) => !present.has(formatKey(key)))
  return {
    ...{ columns, present, meant: await suggest(session, source, absent) },
    closed: await closedAmong(session, shape, master, kept),
  }
}
