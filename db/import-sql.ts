import { sql } from 'kysely'
import type { ImportTable, PlacedColumn } from '../core/import-table.js'
import { all, equalsText, keyArray, typeOf, type Fragment } from './fragments.js'

/** Fragments over rows `s` of a stage and rows `m` of the master. */

export function sameKey({ key }: ImportTable): Fragment {
  return all(
    key.map(({ shape, staged }) => equalsText(shape, sql.id('m', shape.name), sql.id('s', staged), false)),
  )
}

/** Rows `m` by the key texts that a plan `p` holds. */
export function planKey({ key }: ImportTable): Fragment {
  return all(
    key.map(({ shape }, index) =>
      equalsText(shape, sql.id('m', shape.name), sql`p.key[${sql.lit(index + 1)}]`, true),
    ),
  )
}

export function stagedKey({ key }: ImportTable): Fragment {
  return keyArray(key.map(({ staged }) => sql`${sql.id('s', staged)} collate "C"`))
}

export function masterKey({ key }: ImportTable): Fragment {
  return keyArray(key.map(({ shape }) => sql`${sql.id('m', shape.name)}::text collate "C"`))
}

/** Whether an outer join found a row of the master. */
export function isThere({ key }: ImportTable): Fragment {
  return sql`${sql.id('m', key[0]?.shape.name ?? '')} is not null`
}

/** The staged text as a value of the column, to compare: an explicit cast cuts what is too long. */
export function valueOf({ shape, staged }: PlacedColumn): Fragment {
  return sql`${sql.id('s', staged)}::${typeOf(shape.type)}`
}

/** The same, to be written: what is too long ends the statement. */
export function assigned(column: PlacedColumn): Fragment {
  return column.shape.family === 'text' ? sql.id('s', column.staged) : valueOf(column)
}

export function isOpen({ closed }: ImportTable): Fragment {
  return closed === undefined ? sql`true` : sql`${sql.id('m', closed.name)} is null`
}

/** The third digit of a 医療機関コード says which fees it is for. */
const FEES = { 1: 'ika', 3: 'shika', 4: 'yakkyoku' } as const

/** Which part of the register a row `m` of the master is of; null where nothing says it. */
export function scopeOf({ key, scope }: ImportTable): Fragment {
  if (scope === undefined) return sql`null::text`
  if (scope === 'code') {
    const code = sql`${sql.id('m', key[0]?.shape.name ?? '')}::text collate "C"`
    const cases = Object.entries(FEES).map(([digit, fee]) => sql`when ${sql.lit(digit)} then ${sql.lit(fee)}`)
    return sql`left(${code}, 2) || '-' || case substr(${code}, 3, 1) ${sql.join(cases, sql` `)} end`
  }
  if (scope.length === 0) return sql`''`
  return sql.join(
    scope.map((name) => sql`coalesce(${sql.id('m', name)}::text collate "C", '')`),
    sql` || '-' || `,
  )
}

/** Whether any column has another text than the staged row: as texts that the table's own types write. */
export function isDiffering({ columns }: ImportTable): Fragment {
  if (columns.length === 0) return sql`false`
  const theirs = columns.map(({ shape }) => sql`${sql.id('m', shape.name)}::text collate "C"`)
  const ours = columns.map((column) => sql`${valueOf(column)}::text collate "C"`)
  return sql`row(${sql.join(theirs)}) is distinct from row(${sql.join(ours)})`
}

/** The names of the columns that differ. */
export function differing({ columns }: ImportTable): Fragment {
  const names = columns.map(
    (
      column,
    ) => sql`case when ${sql.id('m', column.shape.name)}::text collate "C" is distinct from ${valueOf(column)}::text collate "C"
        then ${sql.lit(column.shape.name)} end`,
  )
  return names.length === 0 ? sql`'{}'::text[]` : sql`array_remove(array[${sql.join(names)}], null)`
}

/** Published as they are, beside the form that is searched by. */
const SEARCH_FORMS = { name: 'name_search', name_kana: 'kana_search', address: 'address_search' } as const

/** The columns of which a change only normalises away: it is taken over, and is no history. */
export function respelled({ columns }: ImportTable): Fragment {
  const find = (name: string): PlacedColumn | undefined => columns.find(({ shape }) => shape.name === name)
  const names = Object.entries(SEARCH_FORMS).flatMap(([name, search]) => {
    const form = find(search)
    if (form === undefined) return []
    const column = sql`${sql.id('m', search)}::text collate "C"`
    return [
      sql.lit(search),
      sql`case when ${column} = ${valueOf(form)}::text collate "C" then ${sql.lit(name)} end`,
    ]
  })
  return names.length === 0 ? sql`'{}'::text[]` : sql`array_remove(array[${sql.join(names)}], null)`
}
