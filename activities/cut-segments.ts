import { cutIntervals, SAMPLES_PER_SEGMENT, type Interval } from '../core/segments.js'
import { sampleList, sampleListed, sampleTracked } from '../db/cut.js'
import { takeOverPlan } from '../db/questions.js'
import { storeSegments } from '../db/segments.js'
import { readSnapshot } from '../db/snapshot.js'
import type { ActivityDeps, RunRef } from './deps.js'
import { readLists } from './read-lists.js'
import { runStep, type StepTools } from './step.js'

/** How much one comparison takes on: each reads the source whole, and has to end within a lease. */
const TOGETHER = { segments: 4, rows: 100_000 }

const OPEN: Interval = { from: undefined, below: undefined }

export interface CutSegments {
  readonly segments: number
  /** How many are compared together. */
  readonly together: number
  /** Ids on the list. */
  readonly listed: number
  /** Of a run that answers a question: its segments with rows to write, and how many. There is nothing to compare. */
  readonly work?: readonly (readonly [segment: number, rows: number])[]
}

/** Cuts the keys of the list and of the tracked rows into segments and stores their bounds. */
export function cutSegments(deps: ActivityDeps) {
  return runStep(deps, async (tools, _: { readonly ref: RunRef }): Promise<CutSegments> => {
    const { cloud, context, lease } = tools
    if (context.answers !== undefined) {
      const work = await takeOverPlan(cloud, lease, context.answers)
      return {
        segments: work.length,
        together: 1,
        listed: work.reduce((sum, [, rows]) => sum + rows, 0),
        work,
      }
    }
    // `--only` is one segment: its rows are found by key.
    if (context.only !== undefined) {
      return {
        segments: await storeSegments(cloud, lease, [OPEN]),
        together: 1,
        listed: context.only.length,
      }
    }
    await readLists(deps, tools)
    return cut(deps, tools)
  })
}

async function cut(deps: ActivityDeps, { source, cloud, context, lease }: StepTools): Promise<CutSegments> {
  const step = Math.max(1, Math.floor(deps.segmentRows / SAMPLES_PER_SEGMENT))
  const { layout } = context
  const [list, tracked] =
    layout.list === undefined
      ? [await sampleListed(cloud, lease.master, step), await sampleTracked(cloud, lease.master, step)]
      : await Promise.all([
          readSnapshot(source, layout, () => sampleList(source, layout, step)),
          sampleTracked(cloud, lease.master, step),
        ])
  const intervals = cutIntervals({ list: list.keys, tracked: tracked.keys }, step, deps.segmentRows)
  return {
    segments: await storeSegments(cloud, lease, intervals),
    together: Math.max(1, Math.min(TOGETHER.segments, Math.floor(TOGETHER.rows / deps.segmentRows))),
    listed: list.total,
  }
}
