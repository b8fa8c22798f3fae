import { causeWords, type HeldCause } from './held-causes.js'
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
  readonly causes: readonly HeldCause[]
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
    const causes = exceeded(count, tracked, limit)
    if (causes.length > 0) breaches.push({ kind, count, causes })
  }
  if (seasoned) check('inserts', countGuarded(planned, 'inserts'), guards.inserts)
  check('updates', seasoned ? updates : updates - adopt, guards.updates)
  // A limit of 100 % is the word of a person who means it.
  const found = leaving > 0 && guards.removals.percent !== 100 ? shrunk(input) : []
  const limits = exceeded(removals, tracked, guards.removals)
  if (limits.length + found.length > 0)
    breaches.push({
      kind: 'removals',
      count: limits.length === 0 ? leaving : removals,
      // What looks like a failed load matters most to whoever decides.
      causes: [...found, ...limits],
    })
  return breaches
}

/** Why, for people. */
export function reasonOf(causes: readonly HeldCause[]): string {
  return causes.map((cause) => causeWords(cause).en).join('; ')
}

function exceeded(count: number, tracked: number, { rows, percent }: Limit): readonly HeldCause[] {
  const causes: HeldCause[] = []
  if (rows !== undefined && count > rows) causes.push({ cause: 'rows', count: rows, tracked: null })
  if (percent !== undefined && count >= PERCENT_COUNTS_FROM && count * 100 > tracked * percent)
    causes.push({ cause: 'percent', count: percent, tracked })
  return causes
}

/** A list or source that is empty, or lost half of what it held, is more likely a failed load than a decision. */
function shrunk({ listed, present, tracked }: GuardInput): readonly HeldCause[] {
  if (listed === 0) return [{ cause: 'list_empty', count: null, tracked: null }]
  if (present === 0) return [{ cause: 'source_empty', count: null, tracked: null }]
  if (tracked < PERCENT_COUNTS_FROM) return []
  if (listed * 2 < tracked) return [{ cause: 'list_halved', count: listed, tracked }]
  if (present * 2 < tracked) return [{ cause: 'source_halved', count: present, tracked }]
  return []
}
