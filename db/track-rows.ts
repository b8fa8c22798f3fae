import { sql } from 'kysely'
import { protectedColumns, type Layout } from '../core/layout.js'
import { cloudEquals, tableOf, type Fragment } from './fragments.js'
import { imageHash } from './row-hash.js'
import type { Session } from './session.js'
import { DONE, STAGE, staged } from './stage.js'

/** Rows by what became of them. */
export interface Written {
  readonly inserted: number
  readonly restored: number
  readonly updated: number
  readonly adopted: number
  readonly unchanged: number
  /** Locked by their lock column: the source's change was declined. */
  readonly declined: number
  /** Not any more what was approved: left to the next run. */
  readonly left: number
}

export const NONE_WRITTEN: Written = {
  inserted: 0,
  restored: 0,
  updated: 0,
  adopted: 0,
  unchanged: 0,
  declined: 0,
  left: 0,
}

/** The source's values of the protected columns of a stage row `s`. */
function stagedBases(layout: Layout): Fragment {
  const columns = protectedColumns(layout)
  if (columns.length === 0) return sql`null::jsonb`
  const names = columns.map(({ name }) => sql.lit(name))
  const values = columns.map((column) => staged('s', layout.columns.indexOf(column)))
  return sql`jsonb_object(array[${sql.join(names)}], array[${sql.join(values)}])`
}

/**
 * Tracks all staged rows, of which none was tracked, and forgets their old refusals. In key order, so that the ledger's
 * index grows at its end; by the first text before all, which sorts faster than an array.
 */
export async function trackAll(session: Session, layout: Layout, master: string, run: number): Promise<void> {
  const { db } = session
  await sql`
    insert into master_sync.tracked_rows (master, key, origin, applied, bases, since)
    select ${master}, s.key, 'synced', s.h, ${stagedBases(layout)}, ${run}
    from ${STAGE} s order by s.key[1] collate "C", s.key`.execute(db)
  await sql`
    delete from master_sync.rejects r using ${STAGE} s where r.master = ${master} and r.key = s.key`.execute(
    db,
  )
  if (layout.cloud.triggers) await noteAltered(session, layout, master, sql`${STAGE} s`, sql`true`)
}

/**
 * Notes all that was decided as tracked rows, with the source's values as bases and its hash as applied, and in the
 * history what changed, with the tracked row as it was. Forgets their old refusals.
 */
export async function trackDone(
  session: Session,
  layout: Layout,
  master: string,
  run: number,
): Promise<Written> {
  const { db } = session
  const { rows } = await sql<{ readonly kind: keyof Written; readonly rows: number }>`
    with done as (
      select s.key, d.what, d.before, d.after, t.key is not null as tracked, to_jsonb(t) as snapshot,
        coalesce(t.origin, case when d.what = 'inserted' then 'synced' else 'adopted' end) as origin,
        case when x.waits then t.applied else s.h end as applied,
        case when x.waits then nullif(s.h, t.applied) end as declined_hash,
        case when x.waits then t.bases else ${stagedBases(layout)} end as bases,
        case when x.waits then t.conflicts else d.conflicts end as conflicts,
        case when x.waits then t.outside end as outside, case when x.waits then t.altered end as altered,
        case when t.key is null then ${run}::bigint else t.since end as since
      from ${DONE} d join ${STAGE} s using (n)
        left join master_sync.tracked_rows t on t.master = ${master} and t.key = s.key
        cross join lateral (select d.what = 'declined' and t.key is not null as waits) x
      where d.what in ('inserted', 'updated', 'same', 'declined')
    ), tracked as (
      insert into master_sync.tracked_rows as t
        (master, key, origin, applied, declined, bases, conflicts, outside, altered, since)
      select ${master}, key, origin, applied, declined_hash, bases, conflicts, outside, altered, since from done
      on conflict (master, key) do update set applied = excluded.applied, declined = excluded.declined,
        bases = excluded.bases, conflicts = excluded.conflicts, outside = excluded.outside, altered = excluded.altered
      where row(t.applied, t.declined, t.bases, t.conflicts, t.outside, t.altered)
        is distinct from row(excluded.applied, excluded.declined, excluded.bases, excluded.conflicts, excluded.outside, excluded.altered)
      returning t.key
    ), remembered as (
      insert into master_sync.row_history (master, key, run, kind, before, after, tracked)
      select ${master}, key, ${run}, case
          when what = 'inserted' then 'restored' when not done.tracked then 'adopted'
          when what = 'updated' then 'updated' else 'noted' end,
        before, after, snapshot
      from done
      where (done.tracked or what <> 'inserted') and (what in ('inserted', 'updated') or key in (select key from tracked))
    ), accepted as (
      delete from master_sync.rejects r using done where r.master = ${master} and r.key = done.key
    )
    select case
        when what = 'inserted' then case when tracked then 'restored' else 'inserted' end
        when not tracked then 'adopted'
        when what = 'declined' then 'declined'
        when what = 'updated' then 'updated' else 'unchanged' end as kind,
      count(*)::integer as rows
    from done group by 1
    union all
    select 'left', count(*)::integer from ${DONE} d where d.what = 'moved'`.execute(db)
  if (layout.cloud.triggers)
    await noteAltered(
      session,
      layout,
      master,
      sql`${DONE} d join ${STAGE} s using (n)`,
      sql`d.what in ('inserted', 'updated')`,
    )
  const counts = Object.fromEntries(rows.map((row) => [row.kind, row.rows]))
  return { ...NONE_WRITTEN, ...counts }
}

/** Notes rows that are not as they were written: the table's own triggers made something else of them. */
async function noteAltered(
  { db }: Session,
  layout: Layout,
  master: string,
  written: Fragment,
  which: Fragment,
): Promise<void> {
  const image = imageHash(layout)
  await sql`
    update master_sync.tracked_rows t set altered = ${image}
    from ${written} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`s.key`)}
    where t.master = ${master} and t.key = s.key and ${which} and ${image} <> s.h`.execute(db)
}
