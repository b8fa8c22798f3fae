import { sql, type RawBuilder } from 'kysely'
import type { Key } from '../core/ids.js'
import type { Layout, TextColumn } from '../core/layout.js'
import type { Interval } from '../core/segments.js'
import type { ColumnShape } from '../core/shape.js'
import type { TableName } from '../core/table-name.js'

export type Fragment = RawBuilder<unknown>

export function tableOf(table: TableName): Fragment {
  return sql.id(table.schema, table.name)
}

/** A type name as the catalog wrote it. */
export function typeOf(type: string): Fragment {
  return sql.raw(type)
}

/** The text of a data column of `alias`, from which the column's type makes the very same value again. */
export function textOf(alias: string, { name, unpadded }: Pick<TextColumn, 'name' | 'unpadded'>): Fragment {
  const value = sql.id(alias, name)
  return unpadded ? sql`case when ${value} is not null then format('%s', ${value}) end` : sql`${value}::text`
}

/** The text in the form that hashes to the same number in every server encoding. */
export function bytesOf(text: Fragment, utf8: boolean): Fragment {
  return utf8 ? text : sql`convert_to(${text}, 'UTF8')`
}

/** `array[a, b]` of key texts. */
export function keyArray(texts: readonly Fragment[]): Fragment {
  return sql`array[${sql.join(texts)}]`
}

/** A key column's text, which groups and compares as bytes do: the columns of a key may have collations of their own. */
export function keyText(alias: string, column: ColumnShape): Fragment {
  return sql`${sql.id(alias, column.name)}::text collate "C"`
}

/** The key texts of a source row `s`. */
export function sourceKeyTexts(layout: Layout): readonly Fragment[] {
  return layout.key.map((column) => keyText('s', column.source))
}

/** The key texts of a cloud row `c`. */
export function cloudKeyTexts(layout: Layout): readonly Fragment[] {
  return layout.key.map((column) => keyText('c', column.cloud))
}

/**
 * `column = text`, in the form that the column's own unique index serves.
 * @param castable whether the text is surely a value of the column's type
 */
export function equalsText(
  column: ColumnShape,
  value: Fragment,
  text: Fragment,
  castable: boolean,
): Fragment {
  switch (column.family) {
    case 'integer':
      return sql`${value} = ${castable ? sql`${text}::bigint` : asInteger(text)}`
    case 'uuid':
      return sql`${value} = ${castable ? sql`${text}::uuid` : asUuid(text)}`
    default:
      if (!column.deterministic || column.collation === undefined)
        return sql`${value}::text collate "C" = ${text} collate "C"`
      return sql`${value} = (${text}${column.blankPadded ? sql`::bpchar` : sql``} collate ${sql.raw(column.collation)})`
  }
}

/** The integer that is written just so; null where there is none. */
function asInteger(text: Fragment): Fragment {
  return sql`case when ${text} ~ '^(0|-?[1-9][0-9]{0,18})$'
    and (length(${text}) < 19 or ${text}::numeric between -9223372036854775808 and 9223372036854775807)
    then ${text}::bigint end`
}

/** The same of a uuid. */
function asUuid(text: Fragment): Fragment {
  return sql`case when ${text} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then ${text}::uuid end`
}

/** Conditions that must all hold. */
export function all(conditions: readonly Fragment[]): Fragment {
  return sql.join(conditions, sql` and `)
}

/** Joins source rows `s` to key texts `k1`, `k2`, … of `alias`. */
export function sourceEquals(layout: Layout, alias: string, fromList = true): Fragment {
  return all(
    layout.key.map((column, index) =>
      equalsText(
        column.source,
        sql`s.${sql.id(column.source.name)}`,
        sql.id(alias, `k${index + 1}`),
        !fromList || column.list.family === column.source.family,
      ),
    ),
  )
}

/** Whether a join to the source found a row `s`. Key columns of a row are never null, those of an outer join's empty side always are. */
export function isPresent(layout: Layout): Fragment {
  return sql`s.${sql.id(layout.key[0]?.source.name ?? '')} is not null`
}

/** Whether a cloud row `c` is locked by its lock column. */
export function isLocked({ cloud: { lock } }: Layout): Fragment {
  return lock === undefined ? sql`false` : sql`c.${sql.id(lock)} is true`
}

/** Joins cloud rows `c` to a `text[]` key. */
export function cloudEquals(layout: Layout, key: Fragment): Fragment {
  return all(
    layout.key.map((column, index) =>
      equalsText(column.cloud, sql`c.${sql.id(column.cloud.name)}`, sql`${key}[${sql.lit(index + 1)}]`, true),
    ),
  )
}

const INTEGER = /^-?\d{1,19}$/u
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu
const INTEGER_BITS: Readonly<Record<string, number>> = { smallint: 16, integer: 32 }

/** Whether a text can be cast to a key column's type without an error. */
export function isValueOf(column: ColumnShape, text: string): boolean {
  switch (column.family) {
    case 'integer':
      return (
        INTEGER.test(text) && BigInt.asIntN(INTEGER_BITS[column.type] ?? 64, BigInt(text)) === BigInt(text)
      )
    case 'uuid':
      return UUID.test(text)
    default:
      return column.family === 'text'
  }
}

/** The key texts in byte order, as the source can compare them. */
export function orderedTexts(texts: readonly Fragment[], utf8: boolean): Fragment {
  return sql.join(texts.map((text) => (utf8 ? sql`${text} collate "C"` : bytesOf(text, utf8))))
}

/** That key texts lie in the interval. */
export function bounds(
  texts: readonly Fragment[],
  { from, below }: Interval,
  utf8: boolean,
): readonly Fragment[] {
  const row = orderedTexts(texts, utf8)
  const bound = (key: Key): Fragment =>
    sql.join(
      key.map((value) =>
        utf8 ? sql`${value}::text` : sql`decode(${Buffer.from(value).toString('hex')}, 'hex')`,
      ),
    )
  return [
    ...(from === undefined ? [] : [sql`row(${row}) >= row(${bound(from)})`]),
    ...(below === undefined ? [] : [sql`row(${row}) < row(${bound(below)})`]),
  ]
}

/** Tracked rows `t` of the master within the interval. */
export function trackedWithin(master: string, { from, below }: Interval): Fragment {
  return all([
    sql`t.master = ${master}`,
    ...(from === undefined ? [] : [sql`t.key >= ${[...from]}::text[]`]),
    ...(below === undefined ? [] : [sql`t.key < ${[...below]}::text[]`]),
  ])
}

/** Anything with as many entries as the key has columns. */
export interface Keyed {
  readonly key: readonly unknown[]
}

/** The keys' texts, an array parameter a column. */
export function keyArrays(layout: Keyed, keys: readonly Key[]): readonly Fragment[] {
  return layout.key.map((_, index) => sql`${keys.map((key) => key[index] ?? '')}::text[]`)
}

/** Keys as a table `alias(k1, k2, …)` of texts: one array parameter a column. */
export function keysTable(layout: Keyed, keys: readonly Key[], alias: string): Fragment {
  const names = layout.key.map((_, index) => sql.id(`k${index + 1}`))
  return sql`unnest(${sql.join(keyArrays(layout, keys))}) as ${sql.id(alias)}(${sql.join(names)})`
}

/** Keys as a table `g(key)`. */
export function givenKeys(layout: Keyed, keys: readonly Key[]): Fragment {
  return sql`(select ${keyOfTable(layout, 'k')} as key from ${keysTable(layout, keys, 'k')}) g`
}

/** The same as one `text[]` column `key`. */
export function keyOfTable(layout: Keyed, alias: string): Fragment {
  return keyArray(layout.key.map((_, index) => sql.id(alias, `k${index + 1}`)))
}
