import { sql } from 'kysely'
import { comparedColumns, protectedColumns, type DataColumn, type Layout } from '../core/layout.js'
import { MARKS } from '../core/own-columns.js'
import type { ApplyContext } from './apply-context.js'
import { cloudEquals, tableOf, textOf, type Fragment } from './fragments.js'
import { cloudHash } from './row-hash.js'
import { DONE, inRange, notDone, STAGE, staged, type Range } from './stage.js'

/**
 * Decides locked rows from their values: what of them is to be written, and which conflicts stand. Notes in `done`
 * `writing` with the cells before and after, `same`, `declined` (the row is locked by its lock column), or `moved` (it
 * is not what was approved any more, or writing would take an edit with it that nobody saw).
 */
export async function decideLocked(context: ApplyContext, range: Range): Promise<void> {
  const { cloud, layout, master } = context
  const { lock } = layout.cloud
  await sql`
    with judged as (
      select s.n, x.before, x.after, x.conflicts,
        case
          when ${lock === undefined ? sql`false` : sql`c.${sql.id(lock)} is true`} then 'declined'
          when ${context.approved ? isOther(layout) : context.free ? sql`false` : losesEdits(layout)} then 'moved'
          when x.after is null then 'same'
          else 'writing' end as what
      from ${STAGE} s join ${DONE} d using (n)
        join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`s.key`)}
        left join master_sync.tracked_rows t on t.master = ${master.master} and t.key = s.key
        ${context.approved ? joinPlan(context) : sql``}
        cross join lateral (${cells(layout, context.lease.run)}) x
      where ${inRange(range)} and d.what = 'locked'
    )
    update ${DONE} d set what = j.what, conflicts = j.conflicts,
      before = case j.what when 'writing' then j.before end, after = case j.what when 'writing' then j.after end
    from judged j where j.n = d.n`.execute(cloud.db)
}

/** Notes staged rows whose source is not any more what was approved, or that have gone from the cloud since. */
export async function noteMoved(context: ApplyContext, range: Range): Promise<void> {
  const { cloud, layout } = context
  const standing = sql`select from ${tableOf(layout.cloud.table)} c where ${cloudEquals(layout, sql`s.key`)}`
  await sql`
    insert into ${DONE} (n, what)
    select s.n, 'moved' from ${STAGE} s ${joinPlan(context)}
    where ${inRange(range)} and ${notDone()}
      and (p.source is distinct from s.h or (p.image is not null and not exists (${standing})))`.execute(
    cloud.db,
  )
}

/** Of what was approved, that a staged row was not in the cloud when a person saw it: only such a one is inserted. */
export function approvedAsNew({ approved, lease, segment }: ApplyContext): Fragment {
  if (!approved) return sql`true`
  return sql`exists (select from master_sync.plan_rows p
    where p.run = ${lease.run} and p.segment = ${segment} and p.key = s.key and p.image is null)`
}

function joinPlan({ lease, segment }: ApplyContext): Fragment {
  return sql`left join master_sync.plan_rows p on p.run = ${lease.run} and p.segment = ${segment} and p.key = s.key`
}

function isOther(layout: Layout): Fragment {
  return sql`p.image is distinct from ${cloudHash(layout).row}`
}

/** Whether a staged row `s` would write over a value that was the cloud's own, in a column that the source decides now. */
export function losesEdits(layout: Layout): Fragment {
  return holdsFormerEdits(
    layout,
    (column, edited) =>
      sql`(${textOf('c', column)} collate "C" is distinct from ${stagedText(layout, column)} and ${edited})`,
  )
}

/**
 * Whether a cloud row `c`, tracked as `t`, holds what people wrote in columns that were protected and are overwritten
 * now. The row itself remembers which were, however long ago; of a column that never was, and was not overwritten
 * either, any value may be what people wrote.
 * @param lost narrows what counts down, column by column
 */
export function holdsFormerEdits(
  layout: Layout,
  lost: (column: DataColumn, edited: Fragment) => Fragment = (_, edited) => edited,
): Fragment {
  const overwritten = layout.columns.filter(({ policy }) => policy === 'overwrite')
  const loosened = overwritten.filter(({ name }) => layout.loosened.includes(name))
  const protects = protectedColumns(layout).map(({ name }) => name)
  if (overwritten.length === 0) return sql`false`
  const remembered = overwritten.map((column) => {
    const name = sql.lit(column.name)
    const text = textOf('c', column)
    return lost(column, sql`(t.bases ? ${name} and ${text} collate "C" is distinct from t.bases ->> ${name})`)
  })
  const unknown = loosened.map((column) =>
    lost(column, sql`(t.bases ? ${sql.lit(column.name)} is not true and ${textOf('c', column)} is not null)`),
  )
  return sql`(t.key is not null and (
    case when t.bases is not null and t.bases - ${protects}::text[] <> '{}' then ${sql.join(remembered, sql` or `)} else false end
    ${unknown.length === 0 ? sql`` : sql`or ${sql.join(unknown, sql` or `)}`}))`
}

function stagedText(layout: Layout, column: DataColumn): Fragment {
  return staged('s', layout.columns.indexOf(column))
}

/**
 * The cells of one row, staged as `s`, in the cloud as `c`, tracked as `t`, each by its policy. `base` is what both sides last agreed on: of an open conflict its own,
 * otherwise the source's last value. Where none is remembered, the row's hashes may tell: the source that has not
 * moved since is the base, and so is a cloud row that was not touched.
 */
export function cells(layout: Layout, run: number): Fragment {
  const columns = comparedColumns(layout)
  const rows = columns.map(
    (column) =>
      sql`(${sql.lit(column.name)}, ${sql.lit(column.policy)}, ${stagedText(layout, column)} collate "C", ${textOf('c', column)} collate "C")`,
  )
  const marks = layout.cloud.marks
    ? Object.values(MARKS).map(
        ({ name }) => sql`(${sql.lit(name)}, 'overwrite', null::text, c.${sql.id(name)}::text collate "C")`,
      )
    : []
  if (rows.length + marks.length === 0)
    return sql`select null::jsonb as before, null::jsonb as after, null::jsonb as conflicts`
  const keeps = columns.filter(({ policy }) => policy === 'keep_edits').map(({ name }) => name)
  return sql`
    select jsonb_object_agg(name, c) filter (where outcome = 'write' and c is distinct from value) as before,
      jsonb_object_agg(name, value) filter (where outcome = 'write' and c is distinct from value) as after,
      ${keeps.length === 0 ? sql`null::jsonb` : conflictsOf(run)} as conflicts
    from (
      select v.name, v.s, v.c, ${keeps.length === 0 ? sql`v.s` : VALUE} as value, ${keeps.length === 0 ? PLAIN : OUTCOME} as outcome
        ${keeps.length === 0 ? sql`` : sql`, o.open, b.base, b.known`}
      from (values ${sql.join([...rows, ...marks])}) v(name, policy, s, c)
      ${keeps.length === 0 ? sql`` : bases(layout, keeps)}
    ) cell`
}

function bases(layout: Layout, keeps: readonly string[]): Fragment {
  return sql`
    cross join lateral (select t.conflicts -> v.name as open) o
    cross join lateral (
      select case when not t.bases ?& ${keeps}::text[] or t.bases is null then ${cloudHash(layout).row} end as image
    ) i
    cross join lateral (
      select case
          when o.open is not null then o.open ->> 'base'
          when t.bases ? v.name then t.bases ->> v.name
          when t.key is null or t.applied = s.h then v.s
          when t.applied = i.image then v.c end as base,
        case when o.open is not null then o.open ? 'base'
          else t.key is null or t.bases ? v.name is true or t.applied = s.h or t.applied = i.image end as known
    ) b`
}

const PLAIN = sql`
  case when v.policy = 'overwrite' or coalesce(v.c, '') = '' then 'write' else 'leave' end`

const DECIDED = sql`
  o.open ? 'take' is true and o.open ->> 'source' is not distinct from v.s and o.open ->> 'cloud' is not distinct from v.c`

const OUTCOME = sql`
  case
    when v.policy <> 'keep_edits' then ${PLAIN}
    when ${DECIDED} then case o.open -> 'take' ->> 'side' when 'cloud' then 'leave' else 'write' end
    when b.known and v.s is not distinct from b.base then 'leave'
    when v.c is not distinct from v.s then 'leave'
    when b.known and v.c is not distinct from b.base then 'write'
    else 'conflict' end`

const VALUE = sql`
  case when ${DECIDED} and o.open -> 'take' ->> 'side' = 'value' then o.open -> 'take' ->> 'value' else v.s end`

/** A conflict keeps the run that found it; a decision made for other values is void. */
function conflictsOf(run: number): Fragment {
  return sql`
    jsonb_object_agg(name,
      jsonb_build_object('source', s, 'cloud', c, 'run', coalesce(open -> 'run', to_jsonb(${run}::bigint)),
        'at', coalesce(open -> 'at', to_jsonb(clock_timestamp())))
      || case when known then jsonb_build_object('base', base) else '{}' end
    ) filter (where outcome = 'conflict')`
}
