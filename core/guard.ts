import type { Limit, Master } from './master.js'

/** What a run would write, by kind. */
export interface Planned {
  /** New rows, and rows deleted in the cloud that come back. */
  readonly inserts: number
  /** Changed rows, and rows of the cloud's own that are taken over. */
  readonly updates: number
  readonly removals: number
}

export interface GuardInput {
  readonly planned: Planned
  /** Ids on the list, and those of them that the source has. */
  readonly listed: number
  readonly present: number
  /** Rows tracked when the run opened. */
  readonly tracked: number
  /** Whether a full run has completed before: until then inserts are free. */
  readonly seasoned: boolean
}

/** A limit that the plan exceeds. */
export interface Breach {
  readonly kind: keyof Planned
  readonly count: number
  readonly reason: string
}

/** Below this a percentage says little: one row of five is 20 %. */
const PERCENT_COUNTS_FROM = 10

export function checkGuards(guards: Master['guards'], input: GuardInput): readonly Breach[] {
  const { planned, tracked } = input
  const breaches: Breach[] = []
  const check = (kind: keyof Planned, limit: Limit): void => {
    const reason = exceeded(planned[kind], tracked, limit)
    if (reason !== undefined) breaches.push({ kind, count: planned[kind], reason })
  }
  if (input.seasoned) check('inserts', guards.inserts)
  check('updates', guards.updates)
  check('removals', guards.removals)
  if (planned.removals > 0 && !breaches.some((breach) => breach.kind === 'removals')) {
    const reason = shrunk(input)
    if (reason !== undefined) breaches.push({ kind: 'removals', count: planned.removals, reason })
  }
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
