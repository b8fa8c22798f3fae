import { sql } from 'kysely'
import { formatKey } from '../core/ids.js'
import type { Change, ImportDifferences, ImportFile, ImportWhat, ScopeRows } from '../core/import-plan.js'
import type { ImportTable } from '../core/import-table.js'
import { tableOf, type Fragment } from './fragments.js'
import {
  differing,
  isDiffering,
  isOpen,
  isThere,
  masterKey,
  respelled,
  sameKey,
  scopeOf,
  stagedKey,
} from './import-sql.js'
import { keepUnread } from './import-kept.js'
import type { Session } from './session.js'

/**
 * What staged rows would change: rows of the stage by `n`, or such as are not in it by their key. `silent`: what differs
 * only normalises away.
 */
export const IMPORT_PLAN = sql.id('pg_temp', 'import_plan')

/** How many ids of each kind are told. */
const SAMPLE = 20

/** Holds the stage against the table, in a temporary table that lasts as long as the transaction. */
export async function makePlan(
  { db }: Session,
  stage: Fragment,
  table: ImportTable,
  files: readonly ImportFile[],
): Promise<void> {
  await keepUnread({ db }, stage, table)
  const open = isOpen(table)
  const absent =
    table.scope === undefined
      ? sql``
      : sql`
    union all
    select null, ${masterKey(table)}, ${scopeOf(table)}, 'absent', '{}', false, hashtextextended(m::text, 0)
    from ${tableOf(table.table)} m
    where ${open} and ${scopeOf(table)} in ${covered(stage, files)}
      and not exists (select from ${stage} s where ${sameKey(table)})`
  // Made as it is filled: an insert would not be done by several processes at once.
  await sql`
    create temporary table import_plan on commit drop as
    select n, key collate "C" as key, scope collate "C" as scope, what collate "C" as what,
      columns collate "C" as columns, silent, stamp
    from (
      select s.n, ${stagedKey(table)} as key, s.scope,
        case when not (${isThere(table)}) then 'added' when ${open} then 'changed' else 'reopened' end as what,
        case when ${isThere(table)} then ${differing(table)} else '{}' end as columns,
        ${open} and ${isThere(table)} and ${differing(table)} <@ ${respelled(table)} as silent,
        case when ${isThere(table)} then hashtextextended(m::text, 0) end as stamp
      from ${stage} s left join ${tableOf(table.table)} m on ${sameKey(table)}
      where not s.left_out and (${isThere(table)} or ${table.adds}) and (not (${isThere(table)}) or not (${open}) or ${isDiffering(table)})${absent}
    ) found`.execute(db)
  await sql`analyze ${IMPORT_PLAN} (n, key, what)`.execute(db)
}

/** The parts of the register that the files cover: a record that was left out says nothing of its part. */
function covered(stage: Fragment, files: readonly ImportFile[]): Fragment {
  const covers = files.map((file) => file.covers ?? true)
  return sql`(select distinct scope from ${stage} where not left_out and (${covers}::boolean[])[file + 1])`
}

/** What the plan holds, counted. */
export async function readPlan(session: Session, stage: Fragment): Promise<ImportDifferences> {
  const { rows } = await sql<{
    readonly what: ImportWhat
    readonly rows: number
    readonly silent: number
    readonly sample: readonly Found[]
  }>`
    select k.what, count(*)::integer as rows, count(*) filter (where silent)::integer as silent, (
      select jsonb_agg(jsonb_build_object('key', key, 'columns', columns)) from (
        select key, columns from ${IMPORT_PLAN} s where s.what = k.what order by key limit ${SAMPLE}) s) as sample
    from ${IMPORT_PLAN} k group by k.what`.execute(session.db)
  const of = (what: ImportWhat): Change => {
    const found = rows.find((row) => row.what === what)
    if (found === undefined) return { rows: 0, sample: [] }
    const sample = found.sample.map(({ key, columns }) => ({ id: formatKey(key), columns }))
    return { rows: found.rows, sample }
  }
  const staged = await countStage(session, stage)
  const [added, changed, reopened] = [of('added'), of('changed'), of('reopened')]
  return {
    ...{ added, changed, reopened, absent: of('absent') },
    respelled: rows.find(({ what }) => what === 'changed')?.silent ?? 0,
    unchanged: staged.rows - added.rows - changed.rows - reopened.rows,
    scopes: staged.scopes,
  }
}

async function countStage(
  { db }: Session,
  stage: Fragment,
): Promise<{ readonly rows: number; readonly scopes: readonly string[] }> {
  const { rows } = await sql<{ readonly scope: string; readonly rows: number }>`
    select scope, count(*)::integer as rows from ${stage} where not left_out group by scope order by scope`.execute(
    db,
  )
  return {
    rows: rows.reduce((sum, row) => sum + row.rows, 0),
    scopes: rows.map(({ scope }) => scope),
  }
}

/**
 * How many open rows the table has in each part that the files cover and that it has any of, how many of them are not in
 * the files, and how many are new. Where nothing says which part a row is of, all is one.
 */
export async function readScopeRows(
  { db }: Session,
  stage: Fragment,
  table: ImportTable,
): Promise<readonly ScopeRows[]> {
  const whole = table.scope === undefined
  const scope = whole ? sql`''` : scopeOf(table)
  const planned = whole ? sql`''` : sql`scope`
  const { rows } = await sql<ScopeRows>`
    select o.scope, o.rows, coalesce(p.absent, 0) as absent, coalesce(p.added, 0) as added from (
      select ${scope} as scope, count(*)::integer as rows from ${tableOf(table.table)} m
      where ${isOpen(table)} group by 1) o
      left join (
        select ${planned} as scope, (count(*) filter (where what = 'absent'))::integer as absent,
          (count(*) filter (where what = 'added'))::integer as added
        from ${IMPORT_PLAN} group by 1) p using (scope)
    where ${whole} or o.scope in (select distinct scope from ${stage} where not left_out) order by o.scope`.execute(
    db,
  )
  return rows
}

/** By what is to become of rows: the same for the same rows, with the same values in the master. */
export type Prints = Readonly<Partial<Record<ImportWhat, string>>>

/** @param closes whether rows that are absent are closed */
export async function planFingerprint({ db }: Session, closes: boolean): Promise<Prints> {
  const { rows } = await sql<{ readonly what: ImportWhat; readonly print: string }>`
    select what, count(*) || ':' || sum(hash_array_extended(
      (key || columns || array[coalesce(stamp::text, '')]) collate "C", 0)::numeric) as print
    from ${IMPORT_PLAN} where ${closes} or what <> 'absent' group by what`.execute(db)
  return Object.fromEntries(rows.map(({ what, print }) => [what, print]))
}

interface Found {
  readonly key: string[]
  readonly columns: string[]
}
