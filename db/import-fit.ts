import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import type { ImportTable, PlacedColumn } from '../core/import-table.js'
import { typeOf, type Fragment } from './fragments.js'
import { hasLength, isNoKey } from './import-keys.js'
import type { Session } from './session.js'

/**
 * Looks for values that their columns would take only cut or rounded, and for keys that are none: a cast says nothing.
 * @param files their names, in their order
 * @throws SyncError IMPORT_VALUE which tells where, and nothing of the row
 */
export async function checkFit(
  { db }: Session,
  stage: Fragment,
  { key, columns }: ImportTable,
  files: readonly string[],
  publication: string,
): Promise<void> {
  const misfits = [
    ...key.flatMap((column) => misfit(column, isNoKey(column), 'is no value of its type')),
    ...[...key, ...columns].flatMap((column) => misfit(column, isCut(column), 'is longer than its type')),
    // Coordinates are published with up to fifteen digits, of which a table need not keep all.
    ...(publication === 'csv' ? columns : []).flatMap((column) =>
      misfit(column, isRounded(column), 'has more digits than its type'),
    ),
  ]
  if (misfits.length === 0) return
  const found = misfits.map(
    ({ is }) => sql`count(*) filter (where ${is})::integer, min(n) filter (where ${is})::text`,
  )
  const names = misfits.flatMap((_, index) => [sql.id(`rows${index}`), sql.id(`first${index}`)])
  const { rows } = await sql<Readonly<Record<string, number | string | null>>>`
    select * from (select ${sql.join(found)} from ${stage} s) f(${sql.join(names)})`.execute(db)
  const [row = {}] = rows
  for (const [index, { column, fault }] of misfits.entries()) {
    const first = row[`first${index}`]
    if (first == null) continue
    const place = await placeOf({ db }, stage, String(first), files)
    throw new SyncError(
      'IMPORT_VALUE',
      `${place}: the value of ${column.shape.name} (${column.shape.type}) ${fault}; so in ${String(row[`rows${index}`])} rows`,
    )
  }
}

interface Misfit {
  readonly column: PlacedColumn
  readonly is: Fragment
  readonly fault: string
}

function misfit(column: PlacedColumn, is: Fragment | undefined, fault: string): readonly Misfit[] {
  return is === undefined ? [] : [{ column, is, fault }]
}

/** A domain may have a length as well, so the cast itself is asked. Blanks at the end are no matter to such a type. */
function isCut({ shape, staged }: PlacedColumn): Fragment | undefined {
  if (!hasLength(shape)) return undefined
  const text = sql.id('s', staged)
  return sql`rtrim(${text}::${typeOf(shape.type)}::text, ' ') collate "C" <> rtrim(${text}, ' ') collate "C"`
}

const NUMERIC = /^numeric\((\d+),(-?\d+)\)$/u

function isRounded({ shape, staged }: PlacedColumn): Fragment | undefined {
  const [, precision, scale] = NUMERIC.exec(shape.type) ?? []
  if (precision === undefined || scale === undefined) return undefined
  const text = sql.id('s', staged)
  return sql`case when ${text} ~ '^ *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+) *$' then
    ${text}::numeric <> round(${text}::numeric, ${sql.lit(Number(scale))})
    or abs(${text}::numeric) >= 10::numeric ^ ${sql.lit(Number(precision) - Number(scale))} end`
}

async function placeOf(
  { db }: Pick<Session, 'db'>,
  stage: Fragment,
  n: string,
  files: readonly string[],
): Promise<string> {
  const { rows } = await sql<{ readonly file: number; readonly line: string }>`
    select file, line::text as line from ${stage} where n = ${n}`.execute(db)
  const [row] = rows
  return `${files[row?.file ?? 0] ?? ''}:${row?.line ?? ''}`
}
