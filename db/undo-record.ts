import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import { MARKS } from '../core/own-columns.js'
import type { Fragment } from './fragments.js'
import { parkKeys, type Refusal } from './rejects.js'
import type { UndoContext } from './undo-context.js'
import { UNDO } from './undo-stage.js'

/** What was done to a staged row; those not among them are looked at again. */
const DONE = sql`u.what in ('deleted', 'updated', 'inserted', 'ledger')`

/** Writes down what became of the rows: their history, which is the undo's checkpoint, and what is tracked of them. */
export async function recordStaged(context: UndoContext): Promise<void> {
  const { cloud, master, lease } = context
  await sql`
    insert into master_sync.row_history (master, key, run, kind, before, after, tracked, left_alone)
    select ${master}, u.key, ${lease.run},
      case u.what when 'deleted' then 'removed' when 'ledger' then 'noted' else u.what end,
      case u.what when 'deleted' then u.now when 'updated' then ${cellsOf(sql`u.now`)} end,
      case u.what when 'inserted' then u.written when 'updated' then ${cellsOf(sql`u.written`)} end,
      u.tracked,
      case when u.why is not null then jsonb_build_object('why', u.why, 'cells', coalesce(u.stays, '{}')) end
    from ${UNDO} u where u.what = 'left' or ${DONE}`.execute(cloud.db)
  await track(context)
  await noteUndone(context)
}

/** Of a row's texts those of the cells that were written. */
function cellsOf(row: Fragment): Fragment {
  return sql`(select jsonb_object_agg(k.name, ${row} -> k.name) from jsonb_object_keys(u.write) k(name))`
}

/**
 * The tracked row becomes what it was, but for cells that stay: their bases and conflicts are those of today. Of a row
 * that a later run has worked on only the cells that were written go back.
 */
async function track({ cloud: { db }, master }: UndoContext): Promise<void> {
  await sql`
    delete from master_sync.tracked_rows t using ${UNDO} u
    where t.master = ${master} and t.key = u.key and ${DONE} and not u.later and u.target is null`.execute(db)
  await sql`
    delete from master_sync.rejects r using ${UNDO} u
    where r.master = ${master} and r.key = u.key and ${DONE} and not u.later and u.target is null`.execute(db)
  const marks = Object.values(MARKS).map(({ name }) => name)
  await sql`
    insert into master_sync.tracked_rows (master, key, origin, applied, outside, bases, conflicts, altered, declined, since)
    select ${master}, u.key, r.origin, r.applied,
      case when u.stays ?| ${marks}::text[] then u.tracked ->> 'outside' else r.outside end,
      ${mixed('bases', sql`u.target`, sql`u.tracked`, sql`u.stays`)},
      ${mixed('conflicts', sql`u.target`, sql`u.tracked`, sql`u.stays`)}, r.altered, r.declined, r.since
    from ${UNDO} u cross join lateral jsonb_populate_record(null::master_sync.tracked_rows, u.target) r
    where ${DONE} and not u.later and u.target is not null
    on conflict (master, key) do update set origin = excluded.origin, applied = excluded.applied,
      outside = excluded.outside, bases = excluded.bases, conflicts = excluded.conflicts, altered = excluded.altered,
      declined = excluded.declined, since = excluded.since`.execute(db)
  await sql`
    update master_sync.tracked_rows t
    set bases = ${mixed('bases', sql`u.tracked`, sql`u.target`, sql`u.write`)},
      conflicts = ${mixed('conflicts', sql`u.tracked`, sql`u.target`, sql`u.write`)}
    from ${UNDO} u where t.master = ${master} and t.key = u.key and u.what = 'updated' and u.later`.execute(
    db,
  )
}

/** What `one` tracked row has of the field, but for the cells: of these what the `other` has. */
function mixed(field: 'bases' | 'conflicts', one: Fragment, other: Fragment, cells: Fragment): Fragment {
  const of = (row: Fragment): Fragment => sql`nullif(${row} -> ${sql.lit(field)}, 'null')`
  return sql`case when coalesce(${cells}, '{}') = '{}' then ${of(one)} else nullif(
    coalesce(${of(one)} - array(select jsonb_object_keys(${cells})), '{}')
      || coalesce((select jsonb_object_agg(k.name, ${of(other)} -> k.name) from jsonb_object_keys(${cells}) k(name)
        where ${of(other)} ? k.name), '{}'), '{}') end`
}

/**
 * Notes the rows as taken back. Where the undone run was itself an undo, what it took back is in effect again, and so
 * on down the chain.
 */
async function noteUndone({ cloud: { db }, master, lease, chain }: UndoContext): Promise<void> {
  for (const [index, run] of chain.entries()) {
    const next = chain[index - 1] ?? lease.run
    const undone = index % 2 === 0
    await sql`
      update master_sync.row_history h set undone_by = ${undone ? next : null}::bigint from ${UNDO} u
      where h.master = ${master} and h.key = u.key and h.run = ${run} and h.kind <> 'left' and ${DONE}
        and h.undone_by is not distinct from ${undone ? null : next}::bigint
        and (${next === lease.run} or exists (select from master_sync.row_history o
          where o.master = ${master} and o.key = u.key and o.run = ${next} and o.kind <> 'left'))`.execute(db)
  }
}

/** Rows that the cloud refuses stay as they are: they are told of as such, and stand among the refusals. */
export async function refuseStaged(
  { cloud, master, lease }: UndoContext,
  refused: readonly (Refusal & { readonly key: Key })[],
): Promise<void> {
  if (refused.length === 0) return
  await sql`
    update ${UNDO} u set what = 'left', why = 'refused', stays = coalesce(stays, '{}') || coalesce(
      (select jsonb_object_agg(w.name, jsonb_build_array(w.value, u.now -> w.name)) from jsonb_each(u.write) w(name, value)), '{}')
    from jsonb_array_elements(${JSON.stringify(refused.map(({ key }) => key))}::jsonb) k
    where u.key = array(select jsonb_array_elements_text(k))`.execute(cloud.db)
  await parkKeys(cloud, master, lease.run, refused)
}
