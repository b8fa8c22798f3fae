import type { Key } from '../core/ids.js'
import {
  heldDigest,
  nextHeld,
  notePublished,
  noteUnpublished,
  publishedDigest,
} from '../db/published-lists.js'
import { openList } from '../targets/open.js'
import type { WrittenEntry } from '../targets/list.js'
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
      if ((await publishedDigest(cloud, master, list)) === digest) continue
      await alive(tools.heard, () => publish(deps, tools, list, digest))
    }
    return {}
  })
}

async function publish(deps: ActivityDeps, tools: StepTools, list: string, digest: string): Promise<void> {
  const { cloud, context } = tools
  const { master, source } = context.master
  let entries = 0
  const counted = async function* (): AsyncGenerator<readonly WrittenEntry[]> {
    for await (const page of pages(tools)) {
      entries += page.length
      yield page
    }
  }
  await noteUnpublished(cloud, master, list, null)
  try {
    await openList(list, { columns: source.key, folder: deps.listsFolder }).write(counted())
    await notePublished(cloud, master, list, { digest, entries })
  } catch (error) {
    const failure = failureOfList(error)
    if (failure === undefined) throw error
    await noteUnpublished(cloud, master, list, failure)
  }
}

const PAGE = 5_000

async function* pages({ cloud, context, heard }: StepTools): AsyncGenerator<readonly WrittenEntry[]> {
  let behind: Key | undefined
  for (;;) {
    const page = await nextHeld(cloud, context.master.master, behind, PAGE)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    behind = last.key
    heard()
  }
}
