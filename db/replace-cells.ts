import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { DataColumn, Layout } from '../core/layout.js'
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
  readonly left: readonly string[]
  /** Of the cells that were carried, what stood in the new row, and what stands there now. */
  readonly before: Texts
  readonly after: Texts
}

interface Cell {
  readonly name: string
  readonly before: string | null
  readonly free: boolean
}

/**
 * Carries over what people wrote in the protected columns of a tracked row, and what `insert_only` columns hold. A cell
 * of the new row in which people wrote as well stays. Both rows are locked.
 */
export async function carryCells(
  session: Session,
  layout: Layout,
  master: string,
  run: number,
  keys: Replacement,
): Promise<CarriedCells> {
  const cells = await cellsToCarry(session, layout, master, run, keys)
  const free = cells.filter((cell) => cell.free)
  const write = (chosen: readonly Cell[]) => writeCells(session, layout, keys, chosen)
  const after: Record<string, string | null> = {}
  const together = free.length === 0 ? undefined : await write(free)
  if (together !== undefined) Object.assign(after, together)
  // One that may stand but once, and does in the old row, keeps no other from being carried.
  else if (free.length > 1) for (const cell of free) Object.assign(after, await write([cell]))
  const carried = free.filter(({ name }) => Object.hasOwn(after, name))
  return {
    carried: carried.map(({ name }) => name),
    left: cells.flatMap(({ name }) => (Object.hasOwn(after, name) ? [] : [name])),
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
      sql`(${sql.lit(column.name)}, ${textOf('o', column)} collate "C", ${textOf('n', column)} collate "C", ${isWorth(column)}, ${isFree(column, run)})`,
  )
  const table = formatTableName(layout.cloud.table)
  const { rows } = await sql<Cell>`
    select v.name, v.present as before,
      v.free and has_column_privilege(${table}::regclass, v.name, 'update') as free
    from ${rowOf(layout, oldKey, 'o')}, ${rowOf(layout, newKey, 'n')}
      cross join lateral (values ${sql.join(values)}) v(name, wanted, present, worth, free)
    where ot.master = ${master} and ot.key = ${[...oldKey]}::text[]
      and nt.master = ${master} and nt.key = ${[...newKey]}::text[]
      and v.worth and v.wanted is distinct from v.present
    order by v.name`.execute(db)
  return rows
}

/** The cloud row of a key as \`alias\`, and its tracked row. */
function rowOf(layout: Layout, key: Key, alias: 'o' | 'n'): Fragment {
  return sql`(select c.* from ${givenKeys(layout, [key])} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}) ${sql.id(alias)}
    cross join master_sync.tracked_rows ${sql.id(`${alias}t`)}`
}

/** Whether the cell of the old row holds what people wrote; of `insert_only` nobody knows, so anything does. */
function isWorth(column: DataColumn): Fragment {
  const [name, text] = [sql.lit(column.name), textOf('o', column)]
  if (column.policy === 'insert_only') return sql`${text} is not null`
  const edited = sql`(coalesce(ot.bases ? ${name}, false) and ${text} collate "C" is distinct from ot.bases ->> ${name})`
  return column.policy === 'fill_empty' ? sql`(${edited} and coalesce(${text}, '') <> '')` : edited
}

/**
 * Whether nobody wrote in the cell of the new row. Where no base is remembered, nothing would protect what is carried
 * there. What stands in an `insert_only` cell is the source's for sure only in a row that came just now.
 */
function isFree(column: DataColumn, run: number): Fragment {
  const [name, text] = [sql.lit(column.name), textOf('n', column)]
  if (column.policy === 'insert_only')
    return sql`(${text} is null or (nt.origin = 'synced' and coalesce(nt.since = ${run}::bigint, false)))`
  return sql`(coalesce(nt.bases ? ${name}, false)
    and (coalesce(${text}, '') = '' or ${text} collate "C" is not distinct from nt.bases ->> ${name}))`
}

/** @returns the cells as they stand now; undefined where the table refuses them */
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
        from (select c.* from ${givenKeys(layout, [oldKey])} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}) o,
          ${givenKeys(layout, [newKey])}
        where ${cloudEquals(layout, sql`g.key`)}
        returning jsonb_object(array[${sql.join(names)}], array[${sql.join(texts)}]) as texts`.execute(
        session.db,
      )
      return rows
    },
    (rows) => rows.length === 1,
  )
  return attempt.ok ? attempt.value[0]?.texts : undefined
}
