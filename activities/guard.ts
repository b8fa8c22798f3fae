import { SyncError } from '../core/errors.js'
import { checkGuards, type PlannedKinds } from '../core/guard.js'
import type { PlanCounts } from '../db/ledger.js'
import { isSeasoned } from '../db/runs.js'
import { sumSegments } from '../db/segments.js'
import type { ActivityDeps, RunRef } from './deps.js'
import { runStep } from './step.js'

/**
 * Holds what the run is about to do against the master's limits. What a person asked for by id is free.
 * @throws GUARD_EXCEEDED before anything is written
 */
export function guard(deps: ActivityDeps) {
  return runStep(deps, async ({ cloud, context }, { ref }: { readonly ref: RunRef }) => {
    const totals = await sumSegments(cloud, ref.run)
    if (totals.open > 0) throw new Error(`${totals.open} segments of run ${ref.run} were not compared`)
    if (context.mode === 'apply' && context.only === undefined) {
      const breaches = checkGuards(context.master.guards, {
        planned: toPlanned(totals.planned),
        listed: totals.listed,
        present: totals.present,
        tracked: context.tracked,
        seasoned: await isSeasoned(cloud, ref.master),
      })
      if (breaches.length > 0) {
        const reasons = breaches.map((breach) => `${breach.count} ${breach.kind}: ${breach.reason}`)
        throw new SyncError('GUARD_EXCEEDED', `nothing was written; the run would do ${reasons.join('; ')}`)
      }
    }
    return {}
  })
}

/** The plan in the kinds that guards count. A kept row that comes back equal is none of them. */
function toPlanned({ insert = 0, restore = 0, update = 0, adopt = 0, ...away }: PlanCounts): PlannedKinds {
  const { untargeted = 0, gone = 0, keep = 0, forget = 0 } = away
  return {
    inserts: insert + restore,
    updates: update + adopt,
    adoptions: adopt,
    removals: untargeted + gone,
    leaving: untargeted + gone + keep + forget,
  }
}
