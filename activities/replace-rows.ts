import { readHold } from '../db/holds.js'
import { checkLease } from '../db/lease.js'
import { replaceRow } from '../db/replace-rows.js'
import { leavingIds, noteOffList, pendingReplacements } from '../db/replacements.js'
import { READ_COMMITTED, transaction } from '../db/session.js'
import { removeByHand } from '../targets/by-hand.js'
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
    // A person's approval goes beyond a hold, as it does for all else that is written.
    if (!context.approved && (await readHold(cloud, master)) !== undefined) return {}
    for (const keys of await pendingReplacements(cloud, master)) {
      await replaceRow({ cloud, master, layout: context.layout, lease, patienceMs: patienceOf(deps) }, keys)
      heard()
    }
    await alive(heard, () => takeOffList(tools))
    return {}
  })
}

/** An id that a list goes on naming stays, and so does one in a table that may not be written: the next run tries again. */
async function takeOffList(tools: StepTools): Promise<void> {
  const { cloud, context, lease } = tools
  const { master } = context.master
  const leaving = await leavingIds(cloud, master)
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
