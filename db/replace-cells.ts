import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { DataColumn, Layout } from '../core/layout.js'
import type { LeftColumn } from '../core/replacement.js'
import { LOCK_NOT_AVAILABLE } from '../core/sqlstate.js'
import { formatTableName } from '../core/table-name.js'
import { cloudEquals, givenKeys, tableOf, textOf, type Fragment } from './fragments.js'
import type { Replacement } from './replacements.js'
import { inSavepoint } from './savepoint.js'
import type { Session } from './session.js'

/** Texts by column. */
export type Texts = Readonly<Record<string, string | null>>

/** What was carried from one row to another. */
export interface CarriedCells {
  readonly carried: readonly string[]
  /** Columns that the new row has otherwise, or that it may not be given. */
  readonly left: readonly LeftColumn[]
  /** Of the cells that were carried, what stood in the new row, and what stands there now. */
  readonly before: Texts
  readonly after: Texts
}

interface Cell {
  readonly name: string
  readonly before: string | null
  /** Why it cannot be carried over; null: it can. */
  readonly why: LeftColumn['why'] | null
}

/** Someone holds a row that a cell refers to: as with the two rows themselves, another run tries it again. */
export class CellHeld extends Error {}

/**
 * Carries over what people wrote in the protected columns of a tracked row, and what `insert_only` columns hold. A cell
 * of the new row in which people wrote as well stays. Both rows are locked.
 * @throws CellHeld
 */
export async function carryCells(
  session: Session,
  layout: Layout,
  master: string,
  run: number,
  keys: Replacement,
): Promise<CarriedCells> {
  const cells = await cellsToCarry(session, layout, master, run, keys)
  const free = cells.filter(({ why }) => why === null)
  const write = (chosen: readonly Cell[]) => writeCells(session, layout, keys, chosen)
  const after: Record<string, string | null> = {}
  const together = free.length === 0 ? undefined : await write(free)
  if (together !== undefined) Object.assign(after, together)
  // One that may stand but once, and does in the old row, keeps no other from being carried.
  else if (free.length > 1) for (const cell of free) Object.assign(after, await write([cell]))
  const carried = free.filter(({ name }) => Object.hasOwn(after, name))
  return {
    carried: carried.map(({ name }) => name),
    left: cells.flatMap(({ name, why }) =>
      Object.hasOwn(after, name) ? [] : [{ column: name, why: why ?? 'refused' }],
    ),
    before: Object.fromEntries(carried.map(({ name, before }) => [name, before])),
    after,
  }
}

/** The cells in which the old row has something to carry over that the new one has not. */
async function cellsToCarry(
  { db }: Session,
  layout: Layout,
  master: string,
  run: number,
  { oldKey, newKey }: Replacement,
): Promise<readonly Cell[]> {
  const candidates = layout.columns.filter(({ policy }) => policy !== 'overwrite')
  if (candidates.length === 0) return []
  const values = candidates.map(
    (column) =>
      sql`(${sql.lit(column.name)}, ${textOf('o', column)} collate "C", ${textOf('n', column)} collate "C", ${isWorth(column)}, ${whyNot(column, run)})`,
  )
  const table = formatTableName(layout.cloud.table)
  const { rows } = await sql<Cell>`
    select v.name, v.present as before, case when v.why is not null then v.why
      when not has_column_privilege(${table}::regclass, v.name, 'update') then 'not_allowed' end as why
    from ${rowOf(layout, oldKey, candidates)} o cross join master_sync.tracked_rows ot,
      ${rowOf(layout, newKey, candidates)} n cross join master_sync.tracked_rows nt
      cross join lateral (values ${sql.join(values)}) v(name, wanted, present, worth, why)
    where ot.master = ${master} and ot.key = ${[...oldKey]}::text[]
      and nt.master = ${master} and nt.key = ${[...newKey]}::text[]
      and v.worth and v.wanted is distinct from v.present
    order by v.name`.execute(db)
  return rows
}

/** Columns of the cloud row of a key: the role may not be allowed to read all of them. */
function rowOf(layout: Layout, key: Key, columns: readonly DataColumn[]): Fragment {
  const names = columns.map(({ name }) => sql`c.${sql.id(name)}`)
  return sql`(select ${sql.join(names)} from ${givenKeys(layout, [key])}
    join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)})`
}

/** Whether the cell of the old row holds what people wrote; of `insert_only` nobody knows, so anything does. */
function isWorth(column: DataColumn): Fragment {
  const [name, text] = [sql.lit(column.name), textOf('o', column)]
  if (column.policy === 'insert_only') return sql`${text} is not null`
  const edited = sql`(coalesce(ot.bases ? ${name}, false) and ${text} collate "C" is distinct from ot.bases ->> ${name})`
  return column.policy === 'fill_empty' ? sql`(${edited} and coalesce(${text}, '') <> '')` : edited
}

/**
 * Why the cell of the new row is not free; null: nobody wrote there. Where no base is remembered, nothing would protect what is carried
 * there. What stands in an `insert_only` cell is the source's for sure only in a row that came just now.
 */
function whyNot(column: DataColumn, run: number): Fragment {
  const [name, text] = [sql.lit(column.name), textOf('n', column)]
  if (column.policy === 'insert_only')
    return sql`case when ${text} is not null
      and not (nt.origin = 'synced' and coalesce(nt.since = ${run}::bigint, false)) then 'theirs' end`
  return sql`case when not coalesce(nt.bases ? ${name}, false) then 'unprotected'
    when coalesce(${text}, '') <> '' and ${text} collate "C" is distinct from nt.bases ->> ${name} then 'theirs' end`
}

/** @returns the cells as they stand now; undefined where the table refuses them
 * @throws CellHeld */
async function writeCells(
  session: Session,
  layout: Layout,
  { oldKey, newKey }: Replacement,
  cells: readonly Cell[],
): Promise<Texts | undefined> {
  const columns = layout.columns.filter(({ name }) => cells.some((cell) => cell.name === name))
  const assignments = columns.map(({ name }) => sql`${sql.id(name)} = o.${sql.id(name)}`)
  const names = columns.map(({ name }) => sql.lit(name))
  const texts = columns.map((column) => textOf('c', column))
  const attempt = await inSavepoint(
    session,
    async () => {
      const { rows } = await sql<{ readonly texts: Texts }>`
        update ${tableOf(layout.cloud.table)} c set ${sql.join(assignments)}
        from ${rowOf(layout, oldKey, columns)} o, ${givenKeys(layout, [newKey])}
        where ${cloudEquals(layout, sql`g.key`)}
        returning jsonb_object(array[${sql.join(names)}], array[${sql.join(texts)}]) as texts`.execute(
        session.db,
      )
      return rows
    },
    (rows) => rows.length === 1,
  )
  if (attempt.ok) return attempt.value[0]?.texts
  if (attempt.refusal.sqlstate === LOCK_NOT_AVAILABLE) throw new CellHeld()
  return undefined
}
