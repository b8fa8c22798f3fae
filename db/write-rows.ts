import { sql } from 'kysely'
import type { Layout } from '../core/layout.js'
import { cloudEquals, cloudKeyTexts, keyArray, tableOf, textOf, typeOf, type Fragment } from './fragments.js'
import { STAGE, staged } from './stage.js'
import type { Session } from './session.js'

/** A range of stage rows by number, both ends included. */
export interface Range {
  readonly first: number
  readonly last: number
}

const DONE = sql.id('pg_temp', 'done')

function inRange({ first, last }: Range): Fragment {
  return sql`s.n between ${first} and ${last}`
}

function notDone(): Fragment {
  return sql`not exists (select from ${DONE} d where d.n = s.n)`
}

export async function stagedRange({ db }: Session): Promise<Range | undefined> {
  const { rows } = await sql<{ readonly first: string | null; readonly last: string | null }>`
    select min(n) as first, max(n) as last from ${STAGE}`.execute(db)
  const { first, last } = rows[0] ?? {}
  return first && last ? { first: Number(first), last: Number(last) } : undefined
}

/** Columns of the cloud table with the staged values for them, cast to their types. */
function insertion(layout: Layout): { readonly columns: Fragment; readonly values: Fragment } {
  const names = [...layout.key.map((key) => key.cloud), ...layout.columns].map((column) =>
    sql.id(column.name),
  )
  const values = [
    ...layout.key.map((key, index) => sql`s.key[${sql.lit(index + 1)}]::${typeOf(key.cloud.type)}`),
    ...layout.columns.map((column, index) => sql`${staged('s', index)}::${typeOf(column.type)}`),
  ]
  return { columns: sql.join(names), values: sql.join(values) }
}

/** Where the table does not let conflicts be passed over they are errors, and the batch is halved until each is found. */
function passOver(layout: Layout): Fragment {
  return layout.cloud.deferrable ? sql`` : sql`on conflict do nothing`
}

/**
 * Inserts all staged rows, for a cloud that holds none of them; one that it does hold is an error, which costs less to
 * find than to pass over.
 * @returns how many were inserted: fewer than staged where a trigger dropped some
 */
export async function insertAll({ db }: Session, layout: Layout): Promise<number> {
  const { columns, values } = insertion(layout)
  const result = await sql`
    insert into ${tableOf(layout.cloud.table)} (${columns}) overriding system value
    select ${values} from ${STAGE} s`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}

/**
 * Tracks all staged rows, of which none was tracked, and forgets their old refusals. In key order, so that the ledger's
 * index grows at its end; by the first text before all, which sorts faster than an array.
 */
export async function trackAll({ db }: Session, master: string): Promise<void> {
  await sql`
    insert into master_sync.tracked_rows (master, key, origin, applied)
    select ${master}, s.key, 'synced', s.h from ${STAGE} s order by s.key[1] collate "C", s.key`.execute(db)
  await sql`
    delete from master_sync.rejects r using ${STAGE} s where r.master = ${master} and r.key = s.key`.execute(
    db,
  )
}

/**
 * Inserts the staged rows that the cloud lacks, and notes them in `done` as inserted. `quietly` passes over a row that
 * any unique index refuses: the caller looks at what is left.
 */
export async function insertAbsent(
  { db }: Session,
  layout: Layout,
  range: Range,
  options: { readonly quietly: boolean },
): Promise<number> {
  const { columns, values } = insertion(layout)
  const result = await sql`
    with inserted as (
      insert into ${tableOf(layout.cloud.table)} as c (${columns}) overriding system value
      select ${values} from ${STAGE} s
      where ${inRange(range)} and ${notDone()}
        and not exists (select from ${tableOf(layout.cloud.table)} c where ${cloudEquals(layout, sql`s.key`)})
      ${options.quietly ? passOver(layout) : sql``}
      returning ${keyArray(cloudKeyTexts(layout))} as key
    )
    insert into ${DONE} (n, what)
    select s.n, 'inserted' from inserted i join ${STAGE} s on s.key = i.key where ${inRange(range)}`.execute(
    db,
  )
  return Number(result.numAffectedRows ?? 0n)
}

/** Whether the staged row differs from the cloud row in a column that the sync keeps equal. */
function differs(layout: Layout): Fragment {
  const conditions = layout.columns.flatMap((column, index) =>
    column.policy === 'overwrite'
      ? [sql`${textOf('c', column)} collate "C" is distinct from ${staged('s', index)} collate "C"`]
      : [],
  )
  return conditions.length === 0 ? sql`false` : sql`(${sql.join(conditions, sql` or `)})`
}

/** Notes the staged rows whose cloud row is already equal: nothing is written for them. */
export async function noteEqual({ db }: Session, layout: Layout, range: Range): Promise<void> {
  await sql`
    insert into ${DONE} (n, what)
    select s.n, 'same' from ${STAGE} s join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`s.key`)}
    where ${inRange(range)} and ${notDone()} and not ${differs(layout)}`.execute(db)
}

/** Notes staged rows that are not to be looked at any more. */
export async function noteLeftOut({ db }: Session, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) return
  await sql`
    insert into ${DONE} (n, what) select n, 'left out' from unnest(${[...numbers]}::bigint[]) n`.execute(db)
}

/**
 * Locks the cloud rows to be changed, in key order. `patient` waits for a row that someone else holds, up to
 * lock_timeout; otherwise such rows are passed over, so that no user of the table waits for us while we wait for them.
 */
export async function lockRows(
  { db }: Session,
  layout: Layout,
  range: Range,
  patient: boolean,
): Promise<void> {
  await sql`
    insert into ${DONE} (n, what)
    select s.n, 'locked' from ${STAGE} s join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`s.key`)}
    where ${inRange(range)} and ${notDone()}
    order by s.key for no key update of c ${patient ? sql`` : sql`skip locked`}`.execute(db)
}

/** Writes the locked rows. A row that stays `locked` was suppressed by a trigger. */
export async function updateLocked({ db }: Session, layout: Layout, range: Range): Promise<void> {
  const assignments = layout.columns.flatMap((column, index) =>
    column.policy === 'overwrite'
      ? [sql`${sql.id(column.name)} = ${staged('s', index)}::${typeOf(column.type)}`]
      : [],
  )
  if (assignments.length === 0) return
  await sql`
    with updated as (
      update ${tableOf(layout.cloud.table)} c set ${sql.join(assignments)}
      from ${STAGE} s join ${DONE} d using (n)
      where ${cloudEquals(layout, sql`s.key`)} and ${inRange(range)} and d.what = 'locked'
      returning s.n
    )
    update ${DONE} d set what = 'updated' from updated u where u.n = d.n`.execute(db)
}

/** What is left of a range when everything above has run. */
export interface Leftover {
  readonly n: number
  /** held: someone else has the row · suppressed: a trigger dropped our update · absent: the insert did not happen */
  readonly state: 'held' | 'suppressed' | 'absent'
}

export async function leftovers({ db }: Session, layout: Layout, range: Range): Promise<readonly Leftover[]> {
  const { rows } = await sql<{ readonly n: string; readonly state: Leftover['state'] }>`
    select s.n, case
        when d.n is not null then 'suppressed'
        when exists (select from ${tableOf(layout.cloud.table)} c where ${cloudEquals(layout, sql`s.key`)}) then 'held'
        else 'absent' end as state
    from ${STAGE} s left join ${DONE} d using (n)
    where ${inRange(range)} and (d.n is null or d.what = 'locked') order by s.n`.execute(db)
  return rows.map((row) => ({ n: Number(row.n), state: row.state }))
}

/** Rows written by what became of them. */
export interface Written {
  readonly inserted: number
  readonly restored: number
  readonly updated: number
  readonly adopted: number
  readonly unchanged: number
}

export const NONE_WRITTEN: Written = { inserted: 0, restored: 0, updated: 0, adopted: 0, unchanged: 0 }

/**
 * Notes all that was done as tracked rows, with the hash of the source row as applied, and forgets their old refusals.
 */
export async function trackDone({ db }: Session, master: string): Promise<Written> {
  const { rows } = await sql<{ readonly kind: keyof Written; readonly rows: number }>`
    with done as (
      select s.key, s.h, d.what, t.key is not null as tracked
      from ${DONE} d join ${STAGE} s using (n)
        left join master_sync.tracked_rows t on t.master = ${master} and t.key = s.key
      where d.what in ('inserted', 'updated', 'same')
    ), tracked as (
      insert into master_sync.tracked_rows as t (master, key, origin, applied)
      select ${master}, key, case when what = 'inserted' then 'synced' else 'adopted' end, h from done
      on conflict (master, key) do update set applied = excluded.applied, outside = null
      where t.applied <> excluded.applied or t.outside is not null
    ), accepted as (
      delete from master_sync.rejects r using done where r.master = ${master} and r.key = done.key
    )
    select case
        when what = 'inserted' then case when tracked then 'restored' else 'inserted' end
        when not tracked then 'adopted'
        when what = 'updated' then 'updated' else 'unchanged' end as kind,
      count(*)::integer as rows
    from done group by 1`.execute(db)
  const counts = Object.fromEntries(rows.map((row) => [row.kind, row.rows]))
  return { ...NONE_WRITTEN, ...counts }
}
