import { formatKey, type Key } from '../core/ids.js'
import { readHold } from '../db/holds.js'
import { checkLease } from '../db/lease.js'
import { withListLock } from '../db/list-lock.js'
import { replaceRow } from '../db/replace-rows.js'
import { dropGivenUp, leavingIds, noteOffList, pendingReplacements } from '../db/replacements.js'
import { READ_COMMITTED, transaction } from '../db/session.js'
import { removeByHand } from '../targets/by-hand.js'
import { takeTableOver } from '../targets/take-list.js'
import { patienceOf, type ActivityDeps, type RunRef } from './deps.js'
import { alive, failureOfList, listsOf } from './read-lists.js'
import { runStep, type StepTools } from './step.js'

/**
 * Lets rows take the place of others whose ids were issued anew, as far as they have come, and takes the old ids off
 * the list: of each the row first, so that an id that has left the list has nothing more to give.
 */
export function replaceRows(deps: ActivityDeps) {
  return runStep(deps, async (tools, _: { readonly ref: RunRef }): Promise<object> => {
    const { cloud, context, lease, heard } = tools
    const { master } = context.master
    await alive(heard, () => giveUp(tools))
    const isMeant = await whichAreMeant(tools)
    for (const keys of await pendingReplacements(cloud, master)) {
      if (!isMeant(keys.oldKey, keys.newKey)) continue
      await replaceRow({ cloud, master, layout: context.layout, lease, patienceMs: patienceOf(deps) }, keys)
      heard()
    }
    await alive(heard, () => takeOffList(tools, isMeant))
    return {}
  })
}

/** Forgets what was given up, also by who took the new id out of the table himself: not every run looks there. */
async function giveUp(tools: StepTools): Promise<void> {
  const { cloud, context, lease, heard } = tools
  const { master } = context.master
  if ((await pendingReplacements(cloud, master)).length === 0) return
  try {
    const lists = await listsOf(tools)
    if (lists.table !== undefined) await withListLock(cloud, master, heard, () => takeTableOver(lists))
  } catch (error) {
    if (failureOfList(error) === undefined) throw error
  }
  await transaction(cloud, READ_COMMITTED, async () => {
    await dropGivenUp(cloud, master)
    await checkLease(cloud, lease)
  })
}

/** A person's approval goes beyond a hold as it does for all else that is written: for some ids, to these alone. */
async function whichAreMeant({ cloud, context }: StepTools): Promise<(...keys: readonly Key[]) => boolean> {
  const { master, approved, only } = context
  if ((await readHold(cloud, master.master)) === undefined) return () => true
  if (!approved) return () => false
  if (only === undefined) return () => true
  const meant = new Set(only.map(formatKey))
  return (...keys) => keys.some((key) => meant.has(formatKey(key)))
}

/** An id that a list goes on naming stays, and so does one in a table that may not be written: the next run tries again. */
async function takeOffList(tools: StepTools, isMeant: (...keys: readonly Key[]) => boolean): Promise<void> {
  const { cloud, context, lease } = tools
  const { master } = context.master
  const leaving = (await leavingIds(cloud, master)).filter(({ key, newKey }) => isMeant(key, newKey))
  if (leaving.length === 0) return
  const lists = await listsOf(tools)
  for (const { key, by } of leaving) {
    try {
      const [removed] = await removeByHand({ ...lists, who: { ...lists.who, by } }, [key])
      if (removed?.result === 'named_by_list') continue
    } catch (error) {
      if (failureOfList(error) === undefined) throw error
      continue
    }
    await transaction(cloud, READ_COMMITTED, async () => {
      await noteOffList(cloud, master, key)
      await checkLease(cloud, lease)
    })
  }
}
