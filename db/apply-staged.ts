import { LOCK_NOT_AVAILABLE } from '../core/sqlstate.js'
import { analyzeStage } from './stage.js'
import type { ApplyContext } from './apply-context.js'
import { suppressed, type Refusal } from './rejects.js'
import { inSavepoint } from './savepoint.js'
import {
  insertAbsent,
  insertAll,
  leftovers,
  lockRows,
  noteEqual,
  updateLocked,
  type Leftover,
  type Range,
} from './write-rows.js'

export interface StagedResult {
  /** Numbers of rows that someone else holds. */
  readonly busy: readonly number[]
  readonly refused: readonly (Refusal & { readonly n: number })[]
}

const SUPPRESSED = suppressed('a trigger of the cloud table dropped the row')

/**
 * Writes all staged rows. Where the cloud should hold none of them they are inserted together; if it turns out to hold
 * some, or refuses some, as elsewhere: with a look at each.
 */
export async function applyStaged(
  context: ApplyContext,
  range: Range,
  options: { readonly patient: boolean; readonly absent: boolean },
): Promise<StagedResult> {
  const { cloud, layout } = context
  if (options.absent) {
    const all = range.last - range.first + 1
    const attempt = await inSavepoint(
      cloud,
      () => insertAll(cloud, layout),
      (inserted) => inserted === all,
    )
    if (attempt.ok) return { busy: [], refused: [] }
  }
  await analyzeStage(cloud)
  return applyRange(context, range, options.patient)
}

/** Writes the staged rows of a range; where the cloud refuses one, halves the range until it stands alone. */
async function applyRange(context: ApplyContext, range: Range, patient: boolean): Promise<StagedResult> {
  const { cloud } = context
  context.heard()
  const attempt = await inSavepoint(cloud, () => writeRange(context, range, patient))
  if (attempt.ok) return settle(context, attempt.value)
  const { refusal } = attempt
  if (range.first === range.last) {
    const busy = refusal.sqlstate === LOCK_NOT_AVAILABLE && !patient
    return busy
      ? { busy: [range.first], refused: [] }
      : { busy: [], refused: [{ n: range.first, ...refusal }] }
  }
  const middle = Math.floor((range.first + range.last) / 2)
  return join(
    await applyRange(context, { first: range.first, last: middle }, patient),
    await applyRange(context, { first: middle + 1, last: range.last }, patient),
  )
}

async function writeRange(
  { cloud, layout }: ApplyContext,
  range: Range,
  patient: boolean,
): Promise<readonly Leftover[]> {
  const inserted = await insertAbsent(cloud, layout, range, { quietly: true })
  if (inserted === range.last - range.first + 1) return []
  await noteEqual(cloud, layout, range)
  await lockRows(cloud, layout, range, patient)
  await updateLocked(cloud, layout, range)
  return leftovers(cloud, layout, range)
}

/** A row that was passed over without an error is tried alone, to learn why. */
async function settle({ cloud, layout }: ApplyContext, left: readonly Leftover[]): Promise<StagedResult> {
  let result: StagedResult = { busy: [], refused: [] }
  for (const { n, state } of left) {
    if (state === 'held') result = join(result, { busy: [n], refused: [] })
    else if (state === 'suppressed') result = join(result, { busy: [], refused: [{ n, ...SUPPRESSED }] })
    else {
      const attempt = await inSavepoint(cloud, () =>
        insertAbsent(cloud, layout, { first: n, last: n }, { quietly: false }),
      )
      if (!attempt.ok) result = join(result, { busy: [], refused: [{ n, ...attempt.refusal }] })
      else if (attempt.value === 0) result = join(result, { busy: [], refused: [{ n, ...SUPPRESSED }] })
    }
  }
  return result
}

function join(a: StagedResult, b: StagedResult): StagedResult {
  return { busy: [...a.busy, ...b.busy], refused: [...a.refused, ...b.refused] }
}
