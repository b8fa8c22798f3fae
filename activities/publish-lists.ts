import {
  heldDigest,
  nextHeld,
  notePublished,
  noteUnpublished,
  publishedDigest,
} from '../db/published-lists.js'
import { isGone } from '../targets/gone.js'
import { openList } from '../targets/open.js'
import { writePages } from '../targets/pages.js'
import type { ActivityDeps, RunRef } from './deps.js'
import { alive, failureOfList } from './read-lists.js'
import { runStep, type StepTools } from './step.js'

/**
 * Writes the ids that the cloud holds where the master's file says, for systems that want to know them. What cannot be
 * written is told in the report, and written by the next run.
 */
export function publishLists(deps: ActivityDeps) {
  return runStep(deps, async (tools, _: { readonly ref: RunRef }): Promise<object> => {
    const { cloud, context } = tools
    const { master, targets } = context.master
    const digest = await heldDigest(cloud, master)
    for (const list of targets.publish) {
      const same = (await publishedDigest(cloud, master, list)) === digest
      if (same && !isGone(list, deps.listsFolder)) continue
      await alive(tools.heard, () => publish(deps, tools, list, digest))
    }
    return {}
  })
}

async function publish(
  deps: ActivityDeps,
  { cloud, context, heard }: StepTools,
  list: string,
  digest: string,
): Promise<void> {
  const { master, source } = context.master
  await noteUnpublished(cloud, master, list, null)
  try {
    const opened = openList(list, { columns: source.key, folder: deps.listsFolder })
    const entries = await writePages(opened, (behind, limit) => {
      heard()
      return nextHeld(cloud, master, behind, limit)
    })
    await notePublished(cloud, master, list, { digest, entries })
  } catch (error) {
    const failure = failureOfList(error)
    if (failure === undefined) throw error
    await noteUnpublished(cloud, master, list, failure)
  }
}
