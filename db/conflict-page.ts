import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { StoredConflict } from './ledger.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'
import type { StandingConflict } from './conflicts.js'

/** A conflict as somebody sees it: whoever decides it later has seen this. */
export interface SeenConflict extends StandingConflict {
  /** The same for the same values with the same decision. */
  readonly version: string
}

/** Where a page of them begins: after that cell. */
export interface CellPlace {
  readonly key: Key
  readonly column: string
}

/** Those of a master in the order of their keys. */
export async function conflictPage(
  { db }: Session,
  master: string,
  after: CellPlace | undefined,
  limit: number,
): Promise<readonly SeenConflict[]> {
  const { rows } = await sql<SeenConflict>`
    select t.key, c.column, c.conflict, md5(c.conflict::text) as version
    from master_sync.tracked_rows t
      join lateral (select e.key as column, e.value as conflict from jsonb_each(t.conflicts) e) c on true
    where t.master = ${master} and t.conflicts is not null
      and ${after === undefined ? sql`true` : sql`(t.key, c.column) > (${[...after.key]}::text[], ${after.column})`}
    order by t.key, c.column limit ${limit}`.execute(db)
  return rows
}

/** A cell with the conflict that somebody saw in it. */
export interface SeenCell extends CellPlace {
  readonly version: string
}

/**
 * Writes down what a person decided where the conflict is the one that they saw.
 * @returns those cells
 */
export async function decideSeen(
  session: Session,
  master: string,
  seen: readonly SeenCell[],
  take: NonNullable<StoredConflict['take']>,
  by: string,
): Promise<readonly CellPlace[]> {
  const { db } = session
  const cells = JSON.stringify(seen)
  const decision = JSON.stringify({ take, by })
  return transaction(session, READ_COMMITTED, async () => {
    // A run, or somebody else who decides, waits for these rows or is waited for: what is read next stays as it is.
    await sql`
      select from master_sync.tracked_rows t
      where t.master = ${master} and t.key in (select array(select jsonb_array_elements_text(j -> 'key'))
        from jsonb_array_elements(${cells}::jsonb) j)
      order by t.key for no key update`.execute(db)
    const { rows } = await sql<CellPlace>`
      with meant as (
        select t.key, c.key as column from master_sync.tracked_rows t cross join lateral jsonb_each(t.conflicts) c
          join jsonb_array_elements(${cells}::jsonb) j
            on t.key = array(select jsonb_array_elements_text(j -> 'key')) and c.key = j ->> 'column'
              and md5(c.value::text) = j ->> 'version'
        where t.master = ${master}
      ), decided as (
        update master_sync.tracked_rows t set conflicts = t.conflicts || (
          select jsonb_object_agg(m.column, t.conflicts -> m.column || ${decision}::jsonb)
          from meant m where m.key = t.key)
        where t.master = ${master} and t.key in (select key from meant)
      )
      select key, "column" from meant order by 1, 2`.execute(db)
    return rows
  })
}

/** The rows with conflicts that were decided and that no run has seen to yet. */
export async function decidedKeys({ db }: Session, master: string, limit: number): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: Key }>`
    select t.key from master_sync.tracked_rows t
    where t.master = ${master} and t.conflicts is not null
      and exists (select from jsonb_each(t.conflicts) c where c.value ? 'take')
    order by t.key limit ${limit}`.execute(db)
  return rows.map(({ key }) => key)
}
