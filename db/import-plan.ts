import { sql } from 'kysely'
import { formatKey } from '../core/ids.js'
import type { ColumnShape } from '../core/shape.js'
import type { TableName } from '../core/table-name.js'
import { all, equalsText, keyArray, tableOf, typeOf, type Fragment } from './fragments.js'
import { IMPORT_STAGE, stagedColumn } from './import-stage.js'
import type { Session } from './session.js'

/** The table that files are held against, and where its columns stand in their rows. */
export interface ImportTable {
  readonly table: TableName
  readonly key: readonly PlacedColumn[]
  /** Without the key. */
  readonly columns: readonly PlacedColumn[]
  /** What says which part of the register a row is of: columns, or the code that is its id; undefined: nothing does. */
  readonly scope: readonly string[] | 'code' | undefined
  /** Rows that were closed are not missed; undefined: none are. */
  readonly closed: string | undefined
}

interface PlacedColumn {
  readonly shape: ColumnShape
  /** In the rows of the files. */
  readonly index: number
}

export interface Differing {
  readonly rows: number
  readonly sample: readonly { readonly id: string; readonly columns: readonly string[] }[]
}

/** How many ids of each kind are told. */
const SAMPLE = 20

const NONE: Differing = { rows: 0, sample: [] }

/** Of rows with the same id the first counts: how often the very same stands there again, and which contradict it. */
export async function repeatedRows(
  { db }: Session,
  { key, columns }: ImportTable,
): Promise<{ readonly folded: number; readonly contradicting: Differing }> {
  const values = (alias: string): Fragment =>
    sql`row(${sql.join([...key, ...columns].map(({ index }) => sql`${sql.id(alias)}.${stagedColumn(index)}`))})`
  const { rows } = await sql<{
    readonly folded: number
    readonly other: number
    readonly ids: string[][] | null
  }>`
    with first as materialized (${firstRows(key)}), again as materialized (
      select ${keyOf('s', key)} as key, ${values('s')} is not distinct from ${values('f')} as same
      from ${IMPORT_STAGE} s join first f on ${all(key.map(({ index }) => sql`s.${stagedColumn(index)} = f.${stagedColumn(index)}`))}
      where s.n <> f.n
    )
    select count(*) filter (where same)::integer as folded, count(*) filter (where not same)::integer as other,
      (select array_agg(key) from (select distinct key from again where not same order by key limit ${SAMPLE}) a) as ids
    from again`.execute(db)
  const [row] = rows
  if (row === undefined) return { folded: 0, contradicting: NONE }
  return {
    folded: row.folded,
    contradicting: {
      rows: row.other,
      sample: (row.ids ?? []).map((id) => ({ id: formatKey(id), columns: [] })),
    },
  }
}

/** Of each id the row that comes first. */
function firstRows(key: readonly PlacedColumn[]): Fragment {
  const names = key.map(({ index }) => stagedColumn(index))
  return sql`select distinct on (${sql.join(names)}) * from ${IMPORT_STAGE} order by ${sql.join(names)}, n`
}

export interface ImportDifferences {
  readonly added: Differing
  readonly changed: Differing
  readonly unchanged: number
  readonly absent: Differing
  readonly scopes: readonly string[]
}

/** Holds the rows against the table: as texts that the table's own types write. */
export async function importDifferences(session: Session, table: ImportTable): Promise<ImportDifferences> {
  const { db } = session
  const counted = await sql<{ readonly what: string; readonly rows: number; readonly sample: Found[] }>`
    with first as materialized (${firstRows(table.key)}), found as materialized (
      select ${keyOf('f', table.key)} as key, ${isThere(table)} as there, ${differing(table)} as columns
      from first f left join ${tableOf(table.table)} m on ${sameKey(table)}
    ), kinds as materialized (
      select case when not there then 'added' when columns = '{}' then 'unchanged' else 'changed' end as what,
        key, case when there then columns else '{}' end as columns
      from found
    )
    select k.what, count(*)::integer as rows, case when k.what = 'unchanged' then '[]'::jsonb else (
      select jsonb_agg(jsonb_build_object('key', key, 'columns', columns)) from (
        select key, columns from kinds s where s.what = k.what order by key limit ${SAMPLE}) s) end as sample
    from kinds k group by k.what`.execute(db)
  const of = (what: string): Differing => {
    const row = counted.rows.find((one) => one.what === what)
    return row === undefined ? NONE : { rows: row.rows, sample: row.sample.map(toSample) }
  }
  return {
    added: of('added'),
    changed: of('changed'),
    unchanged: of('unchanged').rows,
    ...(await absentRows(session, table)),
  }
}

/** Rows of the parts of the register that the files cover, and which are not in them. A part that is not in the files is not missed. */
async function absentRows(
  { db }: Session,
  table: ImportTable,
): Promise<Pick<ImportDifferences, 'absent' | 'scopes'>> {
  const scopes = await sql<{ readonly scope: string }>`
    select distinct scope from ${IMPORT_STAGE} order by scope`.execute(db)
  const covered = scopes.rows.map(({ scope }) => scope)
  if (table.scope === undefined) return { absent: NONE, scopes: covered }
  const key = table.key.map(({ shape }) => sql`m.${sql.id(shape.name)}::text`)
  const open = table.closed === undefined ? sql`true` : sql`m.${sql.id(table.closed)} is null`
  const { rows } = await sql<{ readonly key: string[]; readonly rows: number }>`
    select array[${sql.join(key)}] as key, (count(*) over ())::integer as rows
    from ${tableOf(table.table)} m
    where ${scopeOf(table, table.scope)} = any(${covered}::text[]) and ${open}
      and not exists (select from ${IMPORT_STAGE} f where ${sameKey(table)})
    order by 1 limit ${SAMPLE}`.execute(db)
  return {
    absent: {
      rows: rows[0]?.rows ?? 0,
      sample: rows.map((row) => ({ id: formatKey(row.key), columns: [] })),
    },
    scopes: covered,
  }
}

/** The third digit of a 医療機関コード says which fees it is for. */
const FEES = { 1: 'ika', 3: 'shika', 4: 'yakkyoku' } as const

function scopeOf({ key }: ImportTable, scope: readonly string[] | 'code'): Fragment {
  if (scope === 'code') {
    const code = sql`m.${sql.id(key[0]?.shape.name ?? '')}::text`
    const cases = Object.entries(FEES).map(([digit, fee]) => sql`when ${digit} then ${fee}`)
    return sql`left(${code}, 2) || '-' || case substr(${code}, 3, 1) ${sql.join(cases, sql` `)} end`
  }
  if (scope.length === 0) return sql`''`
  return sql.join(
    scope.map((name) => sql`coalesce(m.${sql.id(name)}::text, '')`),
    sql` || '-' || `,
  )
}

interface Found {
  readonly key: string[]
  readonly columns: string[]
}

function toSample({ key, columns }: Found): Differing['sample'][number] {
  return { id: formatKey(key), columns }
}

function keyOf(alias: string, key: readonly PlacedColumn[]): Fragment {
  return keyArray(key.map(({ index }) => sql`${sql.id(alias)}.${stagedColumn(index)} collate "C"`))
}

function sameKey({ key }: ImportTable): Fragment {
  return all(
    key.map(({ shape, index }) =>
      equalsText(shape, sql`m.${sql.id(shape.name)}`, sql`f.${stagedColumn(index)}`, false),
    ),
  )
}

function isThere({ key }: ImportTable): Fragment {
  return sql`m.${sql.id(key[0]?.shape.name ?? '')} is not null`
}

/** The names of the columns that differ. */
function differing({ columns }: ImportTable): Fragment {
  const names = columns.map(
    ({ shape, index }) =>
      sql`case when m.${sql.id(shape.name)}::text is distinct from f.${stagedColumn(index)}::${typeOf(shape.type)}::text
        then ${sql.lit(shape.name)} end`,
  )
  return names.length === 0 ? sql`'{}'::text[]` : sql`array_remove(array[${sql.join(names)}], null)`
}
