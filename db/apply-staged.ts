import { LOCK_NOT_AVAILABLE } from '../core/sqlstate.js'
import type { ApplyContext } from './apply-context.js'
import { approvedAsNew, decideLocked, noteMoved } from './decide.js'
import { insertAbsent, insertAll } from './insert-rows.js'
import { suppressed, type Refusal } from './rejects.js'
import { inSavepoint } from './savepoint.js'
import { analyzeStage, type Range } from './stage.js'
import {
  leftovers,
  lockConflicts,
  lockRows,
  noteLeftOut,
  updateDecided,
  type Leftover,
} from './write-rows.js'
import { NONE_WRITTEN, trackAll, trackDone, type Written } from './track-rows.js'

export interface StagedResult {
  /** Numbers of rows that someone else holds. */
  readonly busy: readonly number[]
  readonly refused: readonly (Refusal & { readonly n: number })[]
}

const SUPPRESSED = suppressed('a trigger of the cloud table dropped the row')

/**
 * Writes and tracks all staged rows. Where the cloud should hold none of them they are inserted together; if it turns
 * out to hold some, or refuses some, as elsewhere: with a look at each.
 */
export async function applyStaged(
  context: ApplyContext,
  range: Range,
  options: { readonly patient: boolean; readonly absent: boolean },
): Promise<StagedResult & { readonly written: Written }> {
  const { cloud, layout, master, lease } = context
  const all = range.last - range.first + 1
  if (options.absent) {
    const together = async (): Promise<number> => {
      const inserted = await insertAll(cloud, layout)
      if (inserted === all) await trackAll(cloud, layout, master.master, lease.run)
      return inserted
    }
    const attempt = await inSavepoint(cloud, together, (inserted) => inserted === all)
    if (attempt.ok) return { ...NOTHING, written: { ...NONE_WRITTEN, inserted: all } }
  }
  const decided = await decideEach(context, range, options.patient)
  return { ...decided, written: await trackDone(cloud, layout, master.master, lease.run) }
}

async function decideEach(context: ApplyContext, range: Range, patient: boolean): Promise<StagedResult> {
  const { cloud, layout } = context
  await analyzeStage(cloud)
  if (context.approved) await noteMoved(context, range)
  // All inserts come before the first row is locked: only an insert waits, for someone who has inserted the same and
  // not committed, and while we wait we hold nothing that this someone may come to wait for.
  let inserted = 0
  const inserts = await inHalves(context, range, patient, async (part) => {
    inserted += await insertAbsent(cloud, layout, part, { quietly: true, only: approvedAsNew(context) })
    return []
  })
  if (inserted === range.last - range.first + 1) return inserts
  await noteLeftOut(cloud, [...inserts.busy, ...inserts.refused.map((row) => row.n)])
  // What a person saw may have gone while the inserts waited.
  if (context.approved) await noteMoved(context, range)
  const updates = await inHalves(context, range, patient, async (part) => {
    await lockRows(cloud, layout, part, patient)
    await lockConflicts(cloud, layout, context.master.master, part)
    await decideLocked(context, part)
    await updateDecided(cloud, layout, part)
    return leftovers(cloud, layout, part)
  })
  return join(inserts, updates)
}

const NOTHING: StagedResult = { busy: [], refused: [] }

/**
 * Works on a range; where the cloud refuses a row of it, halves the range until that row stands alone.
 * @param work gives the rows that were passed over without an error
 */
async function inHalves(
  context: ApplyContext,
  range: Range,
  patient: boolean,
  work: (part: Range) => Promise<readonly Leftover[]>,
): Promise<StagedResult> {
  context.heard()
  const attempt = await inSavepoint(context.cloud, () => work(range))
  if (attempt.ok) return settle(context, attempt.value, patient)
  if (range.first === range.last) return alone(range.first, attempt.refusal, patient)
  const middle = Math.floor((range.first + range.last) / 2)
  return join(
    await inHalves(context, { first: range.first, last: middle }, patient, work),
    await inHalves(context, { first: middle + 1, last: range.last }, patient, work),
  )
}

/** A row that someone else holds is not refused until it was waited for. */
function alone(n: number, refusal: Refusal, patient: boolean): StagedResult {
  return refusal.sqlstate === LOCK_NOT_AVAILABLE && !patient
    ? { busy: [n], refused: [] }
    : { busy: [], refused: [{ n, ...refusal }] }
}

/** A row that was passed over without an error is tried alone, to learn why. */
async function settle(
  context: ApplyContext,
  left: readonly Leftover[],
  patient: boolean,
): Promise<StagedResult> {
  const { cloud, layout } = context
  let result = NOTHING
  for (const { n, state } of left) {
    if (state === 'held') result = join(result, { busy: [n], refused: [] })
    else if (state === 'suppressed') result = join(result, { busy: [], refused: [{ n, ...SUPPRESSED }] })
    else {
      const attempt = await inSavepoint(cloud, () =>
        insertAbsent(cloud, layout, { first: n, last: n }, { quietly: false, only: approvedAsNew(context) }),
      )
      if (!attempt.ok) result = join(result, alone(n, attempt.refusal, patient))
      else if (attempt.value === 0 && context.approved) await noteLeftOut(cloud, [n], 'moved')
      else if (attempt.value === 0) result = join(result, { busy: [], refused: [{ n, ...SUPPRESSED }] })
    }
  }
  return result
}

function join(a: StagedResult, b: StagedResult): StagedResult {
  return { busy: [...a.busy, ...b.busy], refused: [...a.refused, ...b.refused] }
}
