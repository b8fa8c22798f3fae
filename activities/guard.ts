import { checkGuards, reasonOf, type Breach } from '../core/guard.js'
import { kindsHeldWith, PLAN_KINDS } from '../core/plan.js'
import type { Held, Hold } from '../core/question.js'
import { holdRows, storeHeld, type HeldKinds } from '../db/held.js'
import { readHold } from '../db/holds.js'
import { isSeasoned } from '../db/runs.js'
import { samplePlanned } from '../db/sample-plan.js'
import { sumSegments, type RunTotals } from '../db/segments.js'
import type { ActivityDeps, RunRef } from './deps.js'
import { foresee } from './foresee.js'
import { runStep, type StepTools } from './step.js'

/** How many rows the run would see to, and how many of them wait for a person. */
export interface GuardedPlan {
  readonly planned: number
  readonly held: number
}

/**
 * Holds what the run is about to do against the master's limits: a kind beyond its limit waits for a person, and the
 * others go on. What a person asked for by id is free of limits; nothing is free of a hold.
 */
export function guard(deps: ActivityDeps) {
  return runStep(deps, async (tools, { ref }: { readonly ref: RunRef }): Promise<GuardedPlan> => {
    const { cloud, context, lease } = tools
    const totals = await sumSegments(cloud, ref.run)
    if (totals.open > 0) throw new Error(`${totals.open} segments of run ${ref.run} were not compared`)
    const planned = Object.values(totals.planned).reduce((sum, count) => sum + count, 0)
    const limited = context.mode !== 'verify' && !context.approved
    const hold = limited ? await readHold(cloud, ref.master) : undefined
    const breaches = limited && hold === undefined ? await breachesOf(tools, totals) : []
    const rows = await holdRows(cloud, lease, limited ? heldKinds(hold, breaches) : [])
    const held = [...rows].map(([kind, count]): Held => ({
      kind,
      rows: count,
      ...why(kind, hold, breaches),
    }))
    // That nothing had to be done now is no reason to forget that nothing would be.
    if (hold !== undefined && !rows.has('hold'))
      held.push({ kind: 'hold', rows: 0, ...why('hold', hold, []) })
    const count = held.reduce((sum, each) => sum + each.rows, 0)
    await foresee(tools)
    const shown = count > 0 || context.mode !== 'apply'
    await storeHeld(cloud, ref.run, held, shown && planned > 0 ? await samplePlanned(tools) : [])
    return { held: count, planned }
  })
}

async function breachesOf({ cloud, context }: StepTools, totals: RunTotals): Promise<readonly Breach[]> {
  const { master, only, tracked } = context
  if (only !== undefined) return []
  return checkGuards(master.guards, {
    planned: totals.planned,
    listed: totals.listed,
    present: totals.present,
    tracked,
    seasoned: await isSeasoned(cloud, master.master),
  })
}

function heldKinds(hold: Hold | undefined, breaches: readonly Breach[]): readonly HeldKinds[] {
  if (hold !== undefined) return [{ why: 'hold', kinds: PLAN_KINDS }]
  return breaches.map(({ kind }) => ({ why: kind, kinds: kindsHeldWith(kind) }))
}

function why(
  kind: Held['kind'],
  hold: Hold | undefined,
  breaches: readonly Breach[],
): Pick<Held, 'reason' | 'causes'> {
  const causes =
    kind === 'edits' || kind === 'hold'
      ? [{ cause: kind, count: null, tracked: null }]
      : (breaches.find((breach) => breach.kind === kind)?.causes ?? [])
  const reason = reasonOf(causes)
  return { reason: kind === 'hold' ? `${reason}: ${hold?.reason ?? ''}` : reason, causes }
}
