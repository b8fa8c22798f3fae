import { sql } from 'kysely'
import { quoteName, type TableName } from '../core/table-name.js'
import { readCatalog } from './catalog.js'
import type { Fragment } from './fragments.js'
import { sqlText } from './recorded-sql.js'
import { block, when } from './script.js'
import type { Session } from './session.js'

/** A type of the source, outside PostgreSQL's own, that a column uses. */
export interface OwnType {
  readonly schema: string
  readonly name: string
  /** `other`: a composite or extension type, which the sync does not create. */
  readonly kind: 'e' | 'd' | 'other'
  readonly labels: readonly string[] | null
  readonly base: string | null
  readonly checks: readonly string[] | null
}

/** Those of the columns' types, in an order in which they can be created. */
export function readOwnTypes(
  source: Session,
  table: TableName,
  columns: readonly { readonly name: string }[],
): Promise<readonly OwnType[]> {
  const names = columns.map((column) => column.name)
  return readCatalog(source, () => read(source, table, names))
}

/** undefined for a type that the sync does not create */
export function createType(type: OwnType): Fragment | undefined {
  const name = sql.id(type.schema, type.name)
  if (type.kind === 'other') return undefined
  if (type.kind === 'e')
    return sql`create type ${name} as enum (${sql.join((type.labels ?? []).map((label) => sql.lit(label)))})`
  return sql`create domain ${name} as ${sql.raw(type.base ?? 'text')} ${sql.raw((type.checks ?? []).join(' '))}`
}

/** The statement that creates it where it is not there; undefined as above. */
export function createMissingType(type: OwnType): string | undefined {
  const statement = createType(type)
  return statement && block([when(`not exists (${sqlText(findType(type))})`, [sqlText(statement)])])
}

/** A query with a row where the type is there. */
export function findType({ schema, name }: OwnType): Fragment {
  return sql`select from pg_type t join pg_namespace n on n.oid = t.typnamespace where n.nspname = ${schema} and t.typname = ${name}`
}

export function formatType({ schema, name }: OwnType): string {
  return `${quoteName(schema)}.${quoteName(name)}`
}

async function read(
  { db }: Session,
  table: TableName,
  columns: readonly string[],
): Promise<readonly OwnType[]> {
  const { rows } = await sql<OwnType>`
    with recursive used(oid, depth) as (
      select a.atttypid, 0 from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${table.schema} and c.relname = ${table.name} and a.attname = any(${[...columns]}::text[])
      union
      select case when t.typtype = 'd' then t.typbasetype else t.typelem end, depth + 1
      from used u join pg_type t on t.oid = u.oid where t.typtype = 'd' or (t.typcategory = 'A' and t.typelem <> 0)
    )
    select n.nspname as schema, t.typname as name,
      case when t.typtype in ('e', 'd') then t.typtype::text else 'other' end as kind,
      (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as labels,
      case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end as base,
      (select array_agg(format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid))) from pg_constraint k
        where k.contypid = t.oid and k.contype = 'c') as checks
    from (select oid, max(depth) as depth from used group by oid) u
      join pg_type t on t.oid = u.oid join pg_namespace n on n.oid = t.typnamespace
    where n.nspname not in ('pg_catalog', 'information_schema') and (t.typcategory <> 'A' or t.typtype = 'd')
    order by u.depth desc`.execute(db)
  return rows
}
