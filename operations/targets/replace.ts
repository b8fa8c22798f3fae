import { SyncError } from '../../core/errors.js'
import { formatKey, parseKey, type Key } from '../../core/ids.js'
import type { Master } from '../../core/master.js'
import type { ReplacedTarget } from '../../core/results.js'
import { asKeyOf, checkOnly, demand } from '../../db/checks.js'
import { namingLists } from '../../db/hand-entries.js'
import { noteInLedger, noteInTable } from '../../db/list-note.js'
import { readLayout } from '../../db/read-layout.js'
import { referringTo } from '../../db/referring.js'
import { askReplacement, readReplacement, successorOf } from '../../db/ask-replacement.js'
import { leavingIds, noteOffList, type Replacement } from '../../db/replacements.js'
import type { Session } from '../../db/session.js'
import { removeByHand } from '../../targets/by-hand.js'
import type { Lists } from '../../targets/take-list.js'
import type { App } from '../app.js'
import { NOTHING, type AwaitedRows } from './at-once.js'
import { addTargets } from './edit.js'
import { withLists } from './open.js'

/** An id that was issued anew, as typed. */
export interface ReplaceOptions {
  readonly from: string
  readonly to: string
  /** Of the new id; null: the old one's. */
  readonly note: string | null
}

/** A replacement that runs are asked for. */
export interface AskedReplacement extends Pick<ReplacedTarget, 'note' | 'in_source' | 'did_you_mean'> {
  readonly keys: Replacement
  /** What a run has to look at for it. */
  readonly awaited: AwaitedRows
}

/**
 * Puts the new id on the list and asks the next run to let its row take the old one's place. The old id stays listed
 * until then.
 * @throws SyncError ID_UNKNOWN, ID_REPLACES_ITSELF, ID_REPLACED, and what adding an id throws; nothing was asked for then
 */
export async function askToReplace(
  app: App,
  master: Master,
  { from, to, note }: ReplaceOptions,
): Promise<AskedReplacement> {
  const { keys, note: noted } = await lookAt(app, master, { from, to, note })
  // As the source writes it: a list of texts would keep zeros that no number has.
  const [added] = await addTargets(app, master, [formatKey(keys.newKey)], noted)
  await app.onCloud(master, (cloud) => askReplacement(cloud, master.master, keys, app.operator))
  const inSource = added?.in_source === true
  return {
    keys,
    note: noted,
    in_source: inSource,
    did_you_mean: added?.did_you_mean ?? null,
    awaited: inSource ? { ids: [formatKey(keys.newKey)], whole: false } : NOTHING,
  }
}

/** Whether it can be asked for, and with which note. */
function lookAt(app: App, master: Master, { from, to, note }: ReplaceOptions) {
  const typed = { from: parseKey(from, master.source.key), to: parseKey(to, master.source.key) }
  return withLists(app, master, async (lists) => {
    const { source, cloud } = lists
    const layout = await readLayout(source, cloud, master)
    const columns = layout.key.map((column) => column.source)
    const keys = { oldKey: asKeyOf(columns, typed.from), newKey: asKeyOf(columns, typed.to) }
    const id = formatKey(keys.oldKey)
    if (id === formatKey(keys.newKey))
      throw new SyncError('ID_REPLACES_ITSELF', `${id} is to be replaced by itself`)
    await checkOnly(source, cloud, layout, master.master, [keys.oldKey])
    await checkSuccessor(cloud, master, keys)
    const own = await noteOf(lists, keys.newKey)
    const inherited = own === undefined ? ((await noteOf(lists, keys.oldKey)) ?? null) : null
    return { keys, note: note ?? inherited }
  })
}

/**
 * A row that was itself replaced is not compared, and takes no other's place. The other way round the first replacement
 * was a mistake.
 */
async function checkSuccessor(
  cloud: Session,
  { master }: Master,
  { oldKey, newKey }: Replacement,
): Promise<void> {
  const next = await successorOf(cloud, master, newKey)
  if (next === undefined || formatKey(next) === formatKey(oldKey)) return
  throw new SyncError('ID_REPLACED', `${formatKey(newKey)} was itself replaced by ${formatKey(next)}`)
}

/** undefined: the id is not listed. */
function noteOf({ source, cloud, master, table }: Lists, key: Key): Promise<string | null | undefined> {
  return table === undefined
    ? noteInLedger(cloud, master, key)
    : noteInTable(source, table, asKeyOf(table.key, key))
}

/**
 * What has become of a replacement by now, and what is left for people to do. Where the run's role may not write the
 * list, whoever asked for it may: the old id leaves the list now.
 */
export function settleReplacement(
  app: App,
  master: Master,
  { oldKey, newKey }: Replacement,
): Promise<Pick<ReplacedTarget, 'done' | 'instead' | 'carried' | 'left' | 'lists' | 'referring'>> {
  return withLists(app, master, async (lists) => {
    const { source, cloud, table } = lists
    await takeOff(lists, oldKey)
    const found = await readReplacement(cloud, master.master, oldKey)
    const other =
      found !== undefined && formatKey(found.newKey) !== formatKey(newKey) ? found.newKey : undefined
    const state = other === undefined ? found : undefined
    const listed = table === undefined ? oldKey : asKeyOf(table.key, oldKey)
    const naming = await namingLists(cloud, lists, master.master, [listed])
    return {
      done: state !== undefined && state.run !== null,
      instead: other === undefined ? null : formatKey(other),
      carried: state?.carried ?? [],
      left: state?.left ?? [],
      lists: naming.get(formatKey(listed)) ?? [],
      referring: await referringTo(cloud, await readLayout(source, cloud, master), oldKey),
    }
  })
}

async function takeOff(lists: Lists, key: Key): Promise<void> {
  const { source, cloud, master, table } = lists
  const leaving = await leavingIds(cloud, master)
  if (!leaving.some((one) => formatKey(one.key) === formatKey(key))) return
  try {
    if (table !== undefined) await demand(source, table.table, 'delete', [])
  } catch (error) {
    if (error instanceof SyncError && error.code === 'PERMISSION_DENIED') return
    throw error
  }
  const [removed] = await removeByHand(lists, [key])
  if (removed?.result !== 'named_by_list') await noteOffList(cloud, master, key)
}
