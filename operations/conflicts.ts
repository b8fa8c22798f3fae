import { SyncError } from '../core/errors.js'
import { formatKey, parseKey } from '../core/ids.js'
import type { Master } from '../core/master.js'
import type { Conflict } from '../core/results.js'
import type { TableShape } from '../core/shape.js'
import { formatTableName, quoteName } from '../core/table-name.js'
import { readTable } from '../db/catalog.js'
import { asKeyOf, checkLedgerAccess } from '../db/checks.js'
import {
  asValueOf,
  columnsInConflict,
  countConflicts,
  decideConflicts,
  listConflicts,
  type Chosen,
  type StandingConflict,
} from '../db/conflicts.js'
import { requireLedger } from '../db/migrate.js'
import { named } from '../db/read-layout.js'
import type { Session } from '../db/session.js'
import type { App } from './app.js'

export interface ConflictList {
  readonly total: number
  readonly conflicts: readonly Conflict[]
}

/** What both sides have changed, as the last run found it. */
export function listed(
  app: App,
  master: Master,
  column: string | undefined,
  limit: number,
): Promise<ConflictList> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    const { all } = await countConflicts(cloud, master.master, { column })
    const conflicts = await listConflicts(cloud, master.master, { column }, limit)
    return { total: all, conflicts: conflicts.map(toConflict) }
  })
}

export type Take =
  { readonly side: 'source' | 'cloud' } | { readonly side: 'value'; readonly value: string | null }

export interface Decision {
  /** Ids as typed; empty: whatever the id. */
  readonly ids: readonly string[]
  readonly column: string | undefined
  readonly take: Take
}

export interface Decided extends ConflictList {
  /** Of the rows, as `--only` takes them. */
  readonly ids: readonly string[]
}

/** How many are shown one by one. */
const SHOWN = 100

/**
 * Writes down a decision for every conflict meant, all or none; the next run applies it.
 * @throws SyncError CONFLICT_UNKNOWN, VALUE_INVALID
 */
export function resolveConflicts(app: App, master: Master, decision: Decision): Promise<Decided> {
  const { column } = decision
  const typed = decision.ids.map((id) => parseKey(id, master.source.key))
  return app.onCloud(master, async (cloud) => {
    await checkLedgerAccess(cloud)
    await requireLedger(cloud)
    const shape = await readTable(cloud, 'cloud', named(master.cloud.table))
    const columns = master.source.key.flatMap((name) => shape.columns.filter((one) => one.name === name))
    const keys = typed.length === 0 ? undefined : typed.map((key) => asKeyOf(columns, key))
    const chosen = { column, keys }
    await checkChosen(cloud, master, chosen)
    await checkKept(cloud, master, chosen)
    const take = await takenValue(cloud, master, shape, chosen, decision.take)
    const by = app.operator
    const decided = await decideConflicts(cloud, master.master, chosen, take, by)
    return {
      total: decided.length,
      conflicts: decided.slice(0, SHOWN).map(toConflict),
      ids: [...new Set(decided.map(({ key }) => formatKey(key)))],
    }
  })
}

/** That there is a conflict for each id that was named, and one at all. */
async function checkChosen(cloud: Session, { master }: Master, chosen: Chosen): Promise<void> {
  const { column, keys } = chosen
  const where = column === undefined ? '' : ` in ${quoteName(column)}`
  const found = new Set(
    (await listConflicts(cloud, master, chosen, keys === undefined ? 1 : Number.MAX_SAFE_INTEGER)).map(
      ({ key }) => formatKey(key),
    ),
  )
  const without = (keys ?? []).map(formatKey).filter((id) => !found.has(id))
  if (without.length > 0)
    throw new SyncError(
      'CONFLICT_UNKNOWN',
      `no conflict${where} for ${without.join(', ')}: nothing was decided`,
    )
  if (found.size === 0) throw new SyncError('CONFLICT_UNKNOWN', `${master} has no conflicts${where}`)
}

/** That the columns are still such as a decision means anything in. */
export async function checkKept(cloud: Session, { master, columns }: Master, chosen: Chosen): Promise<void> {
  const inConflict = await columnsInConflict(cloud, master, chosen)
  const policies = inConflict.map((name) => [name, columns[name] ?? 'overwrite'] as const)
  const others = policies.filter(([, policy]) => policy !== 'keep_edits')
  if (others.length === 0) return
  const which = others.map(([name, policy]) => `${quoteName(name)} is ${policy}`).join(', ')
  const message = `a decision is one of keep_edits columns, and ${which} by now: nothing was decided`
  throw new SyncError('CONFLICT_UNKNOWN', message, {
    remedy:
      others.length < policies.length
        ? 'Name a column that is still keep_edits: --column'
        : `What becomes of the values is decided by a run: master-sync start-sync ${master}`,
  })
}

/** A value of a person's own, in the form that the column gives it. */
export async function takenValue(
  cloud: Session,
  { master }: Master,
  shape: TableShape,
  chosen: Chosen,
  take: Take,
): Promise<Take> {
  if (take.side !== 'value') return take
  const [name = '', ...others] = await columnsInConflict(cloud, master, chosen)
  if (others.length > 0)
    throw new SyncError(
      'USAGE',
      `a value is one of a column; these are in conflict: ${[name, ...others].join(', ')}`,
      {
        remedy: 'Say which with --column.',
      },
    )
  const column = shape.columns.find((one) => one.name === name)
  const where = `${formatTableName(shape.table)}.${quoteName(name)}`
  if (column === undefined) throw new SyncError('CONFLICT_UNKNOWN', `there is no column ${where} any more`)
  const { value } = take
  if (value === null) {
    if (column.notNull) throw new SyncError('VALUE_INVALID', `${where} must have a value`)
    return take
  }
  const tried = await asValueOf(cloud, column, value)
  if ('problem' in tried)
    throw new SyncError(
      'VALUE_INVALID',
      `${where} (${column.type}) cannot be ${JSON.stringify(value)}: ${tried.problem}`,
    )
  return { side: 'value', value: tried.text }
}

export function toConflict({ key, column, conflict }: StandingConflict): Conflict {
  const { base, source, cloud, run, at, take, by } = conflict
  return {
    id: formatKey(key),
    column,
    base: base ?? null,
    base_known: base !== undefined,
    source,
    cloud,
    run,
    found_at: new Date(at).toISOString(),
    decision:
      take === undefined
        ? null
        : { take: take.side, value: take.side === 'value' ? take.value : null, by: by ?? null },
  }
}
