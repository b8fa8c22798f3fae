import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import type { Fragment } from './fragments.js'
import { referenced } from './references.js'
import type { Session } from './session.js'
import type { UndoContext } from './undo-context.js'
import { UNDO, type Part } from './undo-stage.js'

/**
 * Decides what becomes of the staged rows: `delete`, `insert`, `write`, `ledger` (the cloud is as it was before), or
 * `left` with a reason. Rows that someone else holds are not decided.
 */
export async function decideStaged(context: UndoContext, part: Part): Promise<void> {
  const { cloud, layout } = context
  if (part === 'came') {
    await decideCame(cloud, layout)
    await leaveReferenced(context)
  } else if (part === 'changed') await decideChanged(context)
  else await decideWent(cloud)
}

/** A row that came goes again, if nobody has changed it: where all of it is remembered by its cells, else by its hash. */
async function decideCame({ db }: Session, layout: Layout): Promise<void> {
  await sql`
    update ${UNDO} u set what = case when d.why is not null then 'left' when u.state = 'absent' then 'ledger' else 'delete' end,
      why = d.why
    from (
      select n, case
          when later then 'superseded'
          when state = 'absent' then null
          when ${isLockedThere(layout)} then 'locked'
          when kind = 'inserted' then case when not now @> after then 'edited' end
          when edited or not untouched then 'edited' end as why
      from ${UNDO}
    ) d
    where d.n = u.n and u.state is not null`.execute(db)
}

async function leaveReferenced({ cloud, layout }: UndoContext): Promise<void> {
  if (layout.cloud.references.length === 0) return
  const { rows } = await sql<{ readonly key: Key }>`
    select key from ${UNDO} where what = 'delete'`.execute(cloud.db)
  const kept = await referenced(
    cloud,
    layout,
    rows.map(({ key }) => key),
  )
  await sql`
    update ${UNDO} u set what = 'left', why = 'referenced'
    from jsonb_array_elements(${JSON.stringify(kept.map(({ key }) => key))}::jsonb) k
    where u.key = array(select jsonb_array_elements_text(k))`.execute(cloud.db)
}

/**
 * Cell by cell: what stands as the run left it becomes what it was; what is that already needs nothing; anything else
 * is someone's work since, and stays. A value that the table's own triggers made of the run's counts as the run's.
 */
async function decideChanged({ cloud: { db }, layout, chain: [run] }: UndoContext): Promise<void> {
  const overwritten = layout.columns.flatMap(({ name, policy }) => (policy === 'overwrite' ? [name] : []))
  await sql`
    with cells as (
      select u.n, coalesce(jsonb_object_agg(a.name, v.wanted) filter (where f.fate = 'write'), '{}') as write,
        coalesce(jsonb_object_agg(a.name, jsonb_build_array(v.wanted, v.found)) filter (where f.fate = 'stay'), '{}') as stays,
        coalesce(jsonb_object_agg(a.name, jsonb_build_array(v.wanted, v.found)) filter (where f.fate <> 'same'), '{}') as differing,
        coalesce(bool_or(f.fate = 'same'), false) as same
      from ${UNDO} u
        cross join lateral jsonb_each(u.after) a(name, value)
        cross join lateral (
          select coalesce(u.before -> a.name, 'null') as wanted, u.now -> a.name as found,
            u.untouched and u.tracked -> 'altered' <> 'null' and a.name = any(${overwritten}::text[]) as altered
        ) v
        cross join lateral (
          select case when v.found is null then 'stay' when v.found = v.wanted then 'same'
            when v.found = a.value or v.altered then 'write' else 'stay' end as fate
        ) f
      group by u.n
    ), decided as (
      select u.n, coalesce(c.write, '{}') as write, coalesce(c.stays, '{}') as stays,
        coalesce(c.differing, '{}') as differing,
        case
          -- What a later run let go, or brought anew, is not the row that the undone run knew.
          when u.later and (u.tracked is null or (u.tracked ->> 'since')::bigint > ${run}) then 'superseded'
          when u.state = 'absent' and c.differing <> '{}' then 'deleted'
          when ${isLockedThere(layout)} and c.write <> '{}' then 'locked'
          when c.write <> '{}' or c.same then null
          when c.stays <> '{}' then 'edited'
          when u.later then 'superseded' end as why
      from ${UNDO} u left join cells c using (n)
      where u.state is not null
    )
    update ${UNDO} u set what = case when d.why is not null then 'left' when d.write <> '{}' then 'write' else 'ledger' end,
      why = coalesce(d.why, case when d.stays <> '{}' then 'edited' end),
      write = case when d.why is null then d.write else '{}' end,
      stays = case when d.why is null then d.stays else d.differing end
    from decided d where d.n = u.n`.execute(db)
}

async function decideWent({ db }: Session): Promise<void> {
  await sql`
    update ${UNDO} u set what = case when d.why is null then 'insert' else 'left' end, why = d.why
    from (
      select n, case when state = 'held' then 'present' when later then 'superseded' end as why from ${UNDO}
    ) d
    where d.n = u.n and u.state is not null`.execute(db)
}

/** By what was seen of the row when it was locked for the undo. */
function isLockedThere({ cloud: { lock } }: Layout): Fragment {
  return lock === undefined ? sql`false` : sql`coalesce((now ->> ${sql.lit(lock)})::boolean, false)`
}
