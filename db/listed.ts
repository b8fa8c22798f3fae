import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import { dropsBlanks, type KeyColumn, type Layout } from '../core/layout.js'
import { holdsKey, keysWithin, type Interval } from '../core/segments.js'
import {
  all,
  bounds,
  equalsText,
  isValueOf,
  keyText,
  keysTable,
  tableOf,
  type Fragment,
} from './fragments.js'

/** The text of a listed id `l`. What equals a `character(n)` may have blanks behind it, which that type's text has not. */
function listedText({ source, list }: KeyColumn): Fragment {
  const text = keyText('l', list)
  return dropsBlanks(source, list) ? sql`rtrim(${text})` : text
}

/** The key texts of a row of the CTE `listed l`. */
export function listedKeyTexts(layout: Layout): readonly Fragment[] {
  return layout.key.map((_, index) => sql.id('l', `k${index + 1}`))
}

/** The list as `listed(k1, k2, …)`: distinct key texts, within the interval. */
export function listedCte(layout: Layout, interval: Interval): Fragment {
  const { list } = layout
  if (list === undefined) return givenCte(layout, keysWithin(idsOf(layout), interval))
  const texts = layout.key.map(listedText)
  const names = layout.key.map((column, index) => sql`${texts[index] ?? sql``} as ${sql.id(`k${index + 1}`)}`)
  const present = layout.key.map((column) => sql`l.${sql.id(column.list.name)} is not null`)
  // Counted and joined: a plain list is read twice for less than its copy costs, any other is worked out once.
  const once = list.unique ? sql`not materialized` : sql`materialized`
  return sql`listed as ${once} (
    select ${list.unique ? sql`` : sql`distinct `}${sql.join(names)}
    from ${tableOf(list.table)} l
    where ${all([...present, ...bounds(texts, interval, layout.source.utf8)])})`
}

/** The same for given keys: those of them that are on the list. */
export function listedOfCte(layout: Layout, keys: readonly Key[]): Fragment {
  if (layout.list === undefined)
    return givenCte(
      layout,
      keys.filter((key) => holdsKey(idsOf(layout), key)),
    )
  const texts = layout.key.map((column, index) => sql`${listedText(column)} as ${sql.id(`k${index + 1}`)}`)
  const equal = layout.key.map((column, index) => {
    const { list, source } = column
    const text = sql.id('g', `k${index + 1}`)
    if (dropsBlanks(source, list)) return sql`${listedText(column)} = ${text} collate "C"`
    const castable = keys.every((key) => isValueOf(list, key[index] ?? ''))
    return equalsText(list, sql.id('l', list.name), text, castable)
  })
  return sql`listed as (
    select distinct ${sql.join(texts)} from ${keysTable(layout, keys, 'g')}
      join ${tableOf(layout.list.table)} l on ${all(equal)})`
}

/** A list that no table of the source holds travels there as parameters. */
function givenCte(layout: Layout, ids: readonly Key[]): Fragment {
  return sql`listed as materialized (select * from ${keysTable(layout, ids, 'l')})`
}

function idsOf({ listed }: Layout): readonly Key[] {
  if (listed === undefined) throw new Error('the listed ids were not read from the ledger')
  return listed
}
