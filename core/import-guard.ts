import { reasonOf, type Breach } from './guard.js'
import type { HeldCause } from './held-causes.js'
import type { ImportDifferences, ImportWhat, ScopeRows } from './import-plan.js'
import { short } from './import-told.js'
import type { ImportSection } from './import-section.js'
import type { Limit } from './master.js'
import type { GuardedKind } from './plan.js'
import type { Held } from './question.js'

export interface ImportGuardInput {
  readonly plan: Pick<ImportDifferences, ImportWhat | 'respelled'>
  /** Of the parts of the register that the files cover, and of which the table has open rows. */
  readonly scopes: readonly ScopeRows[]
  /** Records of the files that were left out. */
  readonly leftOut: number
  /** Files without an end. */
  readonly unended: number
}

/** What of a plan a guard counts together. */
export const IMPORT_KINDS = {
  inserts: ['added'],
  updates: ['changed', 'reopened'],
  removals: ['absent'],
} as const satisfies Readonly<Record<GuardedKind, readonly ImportWhat[]>>

/** Below this a percentage says little: one row of five is 20 %. */
const PERCENT_COUNTS_FROM = 10

/** What of an import waits for a person. */
export function checkImport(guards: ImportSection['guards'], input: ImportGuardInput): readonly Breach[] {
  const { plan, scopes, leftOut, unended } = input
  const open = scopes.reduce((sum, { rows }) => sum + rows, 0)
  const breaches: Breach[] = []
  const check = (kind: GuardedKind, count: number, causes: readonly HeldCause[]): void => {
    if (count > 0 && causes.length > 0) breaches.push({ kind, count, causes })
  }
  // Rows of a part of which the table had none are free.
  const added = scopes.reduce((sum, scope) => sum + scope.added, 0)
  check('inserts', plan.added.rows, exceeded(added, open, guards.inserts))
  const changed = plan.changed.rows + plan.reopened.rows
  // What only normalises away tells a person nothing.
  check('updates', changed, exceeded(changed - plan.respelled, open, guards.updates))
  const closed = plan.absent.rows
  // A limit of 100 % is the word of a person who means it.
  const signs =
    guards.removals.percent === 100 ? [] : [...sign('left_out', leftOut), ...sign('no_end', unended)]
  check('removals', closed, [
    ...signs,
    ...shrunk(scopes, guards.removals),
    ...exceeded(closed, open, guards.removals),
  ])
  return breaches
}

/** The same as it is written down. */
export function heldOf({ kind, count, causes }: Breach): Held {
  return { kind, rows: count, reason: reasonOf(causes), causes }
}

function exceeded(count: number, open: number, { rows, percent }: Limit): readonly HeldCause[] {
  const causes: HeldCause[] = []
  if (rows !== undefined && count > rows) causes.push({ cause: 'rows', count: rows, tracked: null })
  if (percent !== undefined && count >= PERCENT_COUNTS_FROM && count * 100 > open * percent)
    causes.push({ cause: 'percent_open', count: percent, tracked: open })
  return causes
}

/** Which rows they were of is not known: any that is missing may be one of them. */
function sign(cause: 'left_out' | 'no_end', count: number): readonly HeldCause[] {
  return count === 0 ? [] : [{ cause, count, tracked: null }]
}

/** Reports are small. */
const PARTS_TOLD = 20

/** What parts of the register have lost by themselves: among many others a file that was cut would not be seen. */
function shrunk(scopes: readonly ScopeRows[], { percent }: Limit): readonly HeldCause[] {
  // A limit of 100 % is the word of a person who means it.
  if (percent === 100) return []
  const halved = scopes.filter(isHalved).map(({ scope, rows, absent }): HeldCause => ({
    cause: 'part_halved',
    count: absent,
    tracked: rows,
    part: short(scope),
  }))
  const share = percent ?? 100
  const beyond = scopes
    .filter(({ rows, absent }) => absent >= PERCENT_COUNTS_FROM && absent > (rows * share) / 100)
    .filter((scope) => scopes.length > 1 && !isHalved(scope))
    .map(({ scope, rows }): HeldCause => ({
      cause: 'percent_open',
      count: share,
      tracked: rows,
      part: short(scope),
    }))
  const all = [...halved, ...beyond]
  if (all.length <= PARTS_TOLD) return all
  return [...all.slice(0, PARTS_TOLD), { cause: 'more_parts', count: all.length, tracked: null }]
}

/** A part of the register that lost more than half is more likely a file that was cut than an exodus. */
function isHalved({ rows, absent }: ScopeRows): boolean {
  return rows >= PERCENT_COUNTS_FROM && absent * 2 > rows
}
