import { sql } from 'kysely'
import { LOCK_NOT_AVAILABLE } from '../core/sqlstate.js'
import { readFailure } from './failures.js'
import type { ApplyContext } from './apply-batch.js'
import type { Refusal } from './rejects.js'
import type { Session } from './session.js'
import {
  analyzeDone,
  insertAbsent,
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

/** SQLSTATE triggered_action_exception: our own word for a row that a trigger dropped without an error. */
const SUPPRESSED: Refusal = {
  sqlstate: '09000',
  message: 'a trigger of the cloud table dropped the row',
  column: null,
}

/** Writes the staged rows of a range; where the cloud refuses one, halves the range until it stands alone. */
export async function applyStaged(
  context: ApplyContext,
  range: Range,
  patient: boolean,
): Promise<StagedResult> {
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
    await applyStaged(context, { first: range.first, last: middle }, patient),
    await applyStaged(context, { first: middle + 1, last: range.last }, patient),
  )
}

async function writeRange(
  { cloud, layout }: ApplyContext,
  range: Range,
  patient: boolean,
): Promise<readonly Leftover[]> {
  const inserted = await insertAbsent(cloud, layout, range, { quietly: true })
  if (inserted === range.last - range.first + 1) return []
  await analyzeDone(cloud)
  await noteEqual(cloud, layout, range)
  await lockRows(cloud, layout, range, patient)
  await analyzeDone(cloud)
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

export type Attempt<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

/**
 * Runs `work` so that a refusal of single rows leaves the transaction as it was before.
 * Anything else that fails is thrown.
 */
export async function inSavepoint<T>({ db }: Session, work: () => Promise<T>): Promise<Attempt<T>> {
  await sql`savepoint attempt`.execute(db)
  try {
    const value = await work()
    await sql`release savepoint attempt`.execute(db)
    return { ok: true, value }
  } catch (error) {
    const { code, message, verdict } = readFailure(error)
    if (code === undefined || (verdict !== 'row' && code !== LOCK_NOT_AVAILABLE)) throw error
    await sql`rollback to savepoint attempt`.execute(db)
    return { ok: false, refusal: { sqlstate: code, message, column: columnOf(error) } }
  }
}

function columnOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'column' in error && typeof error.column === 'string'
    ? error.column
    : null
}
