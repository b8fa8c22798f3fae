import { countUndone, undoChain, undoRun } from '../db/undo.js'
import { patienceOf, type ActivityDeps, type RunRef } from './deps.js'
import { runStep } from './step.js'

export interface UndoInput {
  readonly ref: RunRef
}

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
      patienceMs: patienceOf(deps),
      heard,
    })
    return { rows: await countUndone(cloud, context.master.master, ref.run) }
  })
}
