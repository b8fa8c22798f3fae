import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { ColumnShape } from '../core/shape.js'
import { typeOf, type Fragment } from './fragments.js'
import { readFailure } from './failures.js'
import type { StoredConflict } from './ledger.js'
import type { Session } from './session.js'

/** A value that both sides have changed since they last agreed. */
export interface StandingConflict {
  readonly key: Key
  readonly column: string
  readonly conflict: StoredConflict
}

/** Which conflicts of a master are meant; what is missing restricts nothing. */
export interface Chosen {
  readonly column?: string | undefined
  readonly keys?: readonly Key[] | undefined
}

export async function listConflicts(
  { db }: Session,
  master: string,
  chosen: Chosen,
  limit: number,
): Promise<readonly StandingConflict[]> {
  const { rows } = await sql<StandingConflict>`
    select t.key, c.column, c.conflict from ${standing(master, chosen)}
    order by t.key, c.column limit ${limit}`.execute(db)
  return rows
}

/** Those of the master, all of them or those that nobody has decided. */
export async function countConflicts(
  { db }: Session,
  master: string,
  chosen: Chosen = {},
): Promise<{ readonly all: number; readonly undecided: number }> {
  const { rows } = await sql<{ readonly all: number; readonly undecided: number }>`
    select count(*)::integer as all, count(*) filter (where not c.conflict ? 'take')::integer as undecided
    from ${standing(master, chosen)}`.execute(db)
  return rows[0] ?? { all: 0, undecided: 0 }
}

/** The columns with conflicts among those chosen. */
export async function columnsInConflict(
  { db }: Session,
  master: string,
  chosen: Chosen,
): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly column: string }>`
    select distinct c.column from ${standing(master, chosen)} order by 1`.execute(db)
  return rows.map((row) => row.column)
}

/**
 * Writes down what a person decided, beside the values that it was decided for: a run that finds others by then asks
 * again.
 * @returns those that were decided
 */
export async function decideConflicts(
  { db }: Session,
  master: string,
  chosen: Chosen,
  take: NonNullable<StoredConflict['take']>,
  by: string,
): Promise<readonly StandingConflict[]> {
  const decision = JSON.stringify({ take, by })
  const meant = chosen.column === undefined ? sql`true` : sql`c.key = ${chosen.column}`
  const { rows } = await sql<StandingConflict>`
    with locked as (
      select t.key from master_sync.tracked_rows t where ${inConflict(master, chosen)} order by t.key for no key update
    ), decided as (
      update master_sync.tracked_rows t set conflicts = (
        select jsonb_object_agg(c.key, case when ${meant} then c.value || ${decision}::jsonb else c.value end)
        from jsonb_each(t.conflicts) c)
      from locked l where t.master = ${master} and t.key = l.key and t.conflicts is not null
      returning t.key, t.conflicts
    )
    select d.key, c.key as column, c.value as conflict from decided d, jsonb_each(d.conflicts) c
    where ${meant} order by d.key, c.key`.execute(db)
  return rows
}

/** `tracked_rows t` with a row of `c(column, conflict)` for each conflict. */
function standing(master: string, chosen: Chosen): Fragment {
  const { column } = chosen
  return sql`master_sync.tracked_rows t
    join lateral (select e.key as column, e.value as conflict from jsonb_each(t.conflicts) e) c
      on ${column === undefined ? sql`true` : sql`c.column = ${column}`}
    where ${inConflict(master, chosen)}`
}

/** In the form that the index on rows in conflict serves. */
function inConflict(master: string, { column, keys }: Chosen): Fragment {
  const listed = sql`
    select array(select jsonb_array_elements_text(j.value)) from jsonb_array_elements(${JSON.stringify(keys ?? [])}::jsonb) j`
  return sql`t.master = ${master} and t.conflicts is not null
    and ${column === undefined ? sql`true` : sql`t.conflicts ? ${column}`}
    and ${keys === undefined ? sql`true` : sql`t.key in (${listed})`}`
}

/**
 * A value as the column would show it.
 * @returns why the column cannot hold it, where it cannot
 */
export async function asValueOf(
  { db }: Session,
  { type, unpadded }: ColumnShape,
  value: string,
): Promise<{ readonly text: string } | { readonly problem: string }> {
  try {
    const shown = unpadded ? sql`format('%s', v.value)` : sql`v.value::text`
    const { rows } = await sql<{ readonly text: string; readonly cut: boolean }>`
      select ${shown} as text,
        t.typcategory in ('S', 'V') and rtrim(${shown}) collate "C" <> rtrim(${value}) collate "C" as cut
      from (select ${value}::text::${typeOf(type)} as value) v join pg_type t on t.oid = pg_typeof(v.value)`.execute(
      db,
    )
    const [row] = rows
    if (row === undefined) return { problem: 'it has no such type' }
    // A cast makes what is too long fit without a word.
    return row.cut ? { problem: `it would become ${JSON.stringify(row.text)}` } : { text: row.text }
  } catch (error) {
    const { verdict, message } = readFailure(error)
    if (verdict !== 'row') throw error
    return { problem: message }
  }
}
