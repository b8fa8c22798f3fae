import { countUndone, undoChain, undoRun } from '../db/undo.js'
import type { ActivityDeps, RunRef } from './deps.js'
import { runStep } from './step.js'

export interface UndoInput {
  readonly ref: RunRef
}

/** As long as a batch of a sync waits for a row. */
const PATIENCE_SHARE = 0.2
const MOST_PATIENCE_MS = 10_000

/** Takes back what another run did. Killed anywhere, the next attempt goes on behind the last commit. */
export function undoRows(deps: ActivityDeps) {
  return runStep(deps, async ({ cloud, context, lease, heard }, { ref }: UndoInput) => {
    if (context.undoes === undefined) throw new Error(`run ${ref.run} has nothing to undo`)
    await undoRun({
      cloud,
      master: context.master.master,
      layout: context.layout,
      lease,
      chain: await undoChain(cloud, context.undoes),
      batchRows: deps.batchRows,
      patienceMs: Math.min(MOST_PATIENCE_MS, deps.leaseMs * PATIENCE_SHARE),
      heard,
    })
    return { rows: await countUndone(cloud, context.master.master, ref.run) }
  })
}
