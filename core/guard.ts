import type { Limit, Master } from './master.js'
import { countGuarded, type GuardedKind, type PlanCounts } from './plan.js'

export interface GuardInput {
  readonly planned: PlanCounts
  /** Ids on the list, and those of them that the source has. */
  readonly listed: number
  readonly present: number
  /** Rows tracked when the run opened, without those that were kept although they should go. */
  readonly tracked: number
  /** Whether a full run has completed before: until then inserts and adoptions are free. */
  readonly seasoned: boolean
}

/** A limit that the plan exceeds. */
export interface Breach {
  readonly kind: GuardedKind
  readonly count: number
  readonly reason: string
}

/** Below this a percentage says little: one row of five is 20 %. */
const PERCENT_COUNTS_FROM = 10

export function checkGuards(guards: Master['guards'], input: GuardInput): readonly Breach[] {
  const { planned, tracked, seasoned } = input
  const { adopt = 0, keep = 0, forget = 0 } = planned
  const removals = countGuarded(planned, 'removals')
  const updates = countGuarded(planned, 'updates')
  const leaving = removals + keep + forget
  const breaches: Breach[] = []
  const check = (kind: GuardedKind, count: number, limit: Limit): void => {
    const reason = exceeded(count, tracked, limit)
    if (reason !== undefined) breaches.push({ kind, count, reason })
  }
  if (seasoned) check('inserts', countGuarded(planned, 'inserts'), guards.inserts)
  check('updates', seasoned ? updates : updates - adopt, guards.updates)
  // A limit of 100 % is the word of a person who means it.
  const found = leaving > 0 && guards.removals.percent !== 100 ? shrunk(input) : undefined
  const limit = exceeded(removals, tracked, guards.removals)
  const reasons = [limit, found].filter((reason) => reason !== undefined)
  if (reasons.length > 0)
    breaches.push({
      kind: 'removals',
      count: limit === undefined ? leaving : removals,
      reason: reasons.join('; '),
    })
  return breaches
}

function exceeded(count: number, tracked: number, limit: Limit): string | undefined {
  if (limit.rows !== undefined && count > limit.rows) return `more than ${limit.rows} rows`
  if (limit.percent === undefined || count < PERCENT_COUNTS_FROM) return undefined
  if (count * 100 > tracked * limit.percent)
    return `more than ${limit.percent} % of the ${tracked} rows tracked`
  return undefined
}

/** A list or source that is empty, or lost half of what it held, is more likely a failed load than a decision. */
function shrunk({ listed, present, tracked }: GuardInput): string | undefined {
  if (listed === 0) return 'the target list is empty'
  if (present === 0) return 'the source holds none of the listed rows'
  if (tracked < PERCENT_COUNTS_FROM) return undefined
  if (listed * 2 < tracked)
    return `the target list holds ${listed} ids, less than half of the ${tracked} rows tracked`
  if (present * 2 < tracked)
    return `the source holds ${present} of the listed rows, less than half of the ${tracked} rows tracked`
  return undefined
}
