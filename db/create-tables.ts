import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import type { TableShape } from '../core/shape.js'
import { formatTableName, quoteName, type TableName } from '../core/table-name.js'
import { readCatalog } from './catalog.js'
import { sqlstateOf } from './failures.js'
import { tableOf, typeOf } from './fragments.js'
import type { Session } from './session.js'

/** The columns of the source that the cloud is to have. */
type Columns = TableShape['columns']

/** Whether a table or view of that name exists. */
export async function exists({ db }: Session, table: TableName): Promise<boolean> {
  const { rows } = await sql`
    select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${table.schema} and c.relname = ${table.name}`.execute(db)
  return rows.length > 0
}

/**
 * Makes sure of a schema to create tables in. Looked for first: `create schema if not exists` demands the right to
 * create a schema even where it is there.
 * @throws SyncError PERMISSION_DENIED with the grant that is missing
 */
export async function provideSchema({ db, side }: Session, schema: string): Promise<void> {
  const { rows } = await sql<{
    readonly role: string
    readonly database: string
    readonly present: boolean
    readonly allowed: boolean
  }>`
    select current_user as role, current_database() as database, n.oid is not null as present,
      case when n.oid is null then has_database_privilege(current_database(), 'create')
        else has_schema_privilege(n.oid, 'create') end as allowed
    from (select) one left join pg_namespace n on n.nspname = ${schema}`.execute(db)
  const [row] = rows
  if (row === undefined) return
  if (!row.allowed) {
    const where = row.present ? `schema ${quoteName(schema)}` : `database ${quoteName(row.database)}`
    const who = quoteName(row.role)
    throw new SyncError('PERMISSION_DENIED', `the role ${who} may not create in the ${side} ${where}`, {
      remedy: `grant create on ${where} to ${who};`,
    })
  }
  if (!row.present) await sql`create schema if not exists ${sql.id(schema)}`.execute(db)
}

export async function schemaExists({ db }: Session, schema: string): Promise<boolean> {
  const { rows } = await sql`select from pg_namespace where nspname = ${schema}`.execute(db)
  return rows.length > 0
}

/** The cloud table, with the source's exact types; nothing but the key must be there, so that the table can evolve. */
export async function createCloudTable(
  session: Session,
  table: TableName,
  columns: Columns,
  key: readonly string[],
): Promise<void> {
  const definitions = columns.map(
    (c) => sql`${sql.id(c.name)} ${typeOf(c.type)}${key.includes(c.name) ? sql` not null` : sql``}`,
  )
  await provideSchema(session, table.schema)
  await sql`create table ${tableOf(table)} (
    ${sql.join(definitions)}, primary key (${sql.join(key.map((name) => sql.id(name)))}))`.execute(session.db)
}

/** @throws SyncError PERMISSION_DENIED with the statements, where the table is another's */
export async function addColumns({ db, side }: Session, table: TableName, columns: Columns): Promise<void> {
  const name = formatTableName(table)
  const statements = columns.map((c) => `alter table ${name} add column ${quoteName(c.name)} ${c.type};`)
  for (const statement of statements) {
    await sql
      .raw(statement)
      .execute(db)
      .catch((cause: unknown) => {
        if (sqlstateOf(cause) !== INSUFFICIENT_PRIVILEGE) throw cause
        const message = `the role may not add columns to the ${side} ${name}; its owner may`
        throw new SyncError('PERMISSION_DENIED', message, { remedy: statements.join('\n'), cause })
      })
  }
}

const INSUFFICIENT_PRIVILEGE = '42501'

/** The target list: the key's columns as they are in the source, and a note. */
export async function createTargetTable(session: Session, table: TableName, key: Columns): Promise<void> {
  const { db } = session
  await provideSchema(session, table.schema)
  await sql`create table ${tableOf(table)} (
    ${sql.join(key.map((c) => sql`${sql.id(c.name)} ${typeOf(c.type)} not null`))}, note text,
    primary key (${sql.join(key.map((c) => sql.id(c.name)))}))`.execute(db)
}

/** An enum or domain of the source that a column uses. */
interface OwnType {
  readonly schema: string
  readonly name: string
  readonly kind: 'e' | 'd' | 'other'
  readonly labels: string[] | null
  readonly base: string | null
  readonly checks: string[] | null
}

/**
 * Creates in the cloud the enums and domains that the columns use and the cloud lacks.
 * @throws SyncError TYPE_MISSING for composite and extension types
 * @returns the names of those created
 */
export async function createTypes(
  source: Session,
  cloud: Session,
  table: TableName,
  columns: Columns,
): Promise<readonly string[]> {
  const created: string[] = []
  const names = columns.map((column) => column.name)
  for (const type of await readCatalog(source, () => readOwnTypes(source, table, names))) {
    const name = `${quoteName(type.schema)}.${quoteName(type.name)}`
    const present = await sql`
      select from pg_type t join pg_namespace n on n.oid = t.typnamespace
      where n.nspname = ${type.schema} and t.typname = ${type.name}`.execute(cloud.db)
    if (present.rows.length > 0) continue
    if (type.kind === 'other') {
      throw new SyncError(
        'TYPE_MISSING',
        `the cloud has no type ${name}, which ${formatTableName(table)} uses`,
      )
    }
    await provideSchema(cloud, type.schema)
    if (type.kind === 'e') {
      const labels = sql.join((type.labels ?? []).map((label) => sql.lit(label)))
      await sql`create type ${sql.id(type.schema, type.name)} as enum (${labels})`.execute(cloud.db)
    } else {
      const checks = sql.raw((type.checks ?? []).join(' '))
      await sql`create domain ${sql.id(type.schema, type.name)} as ${sql.raw(type.base ?? 'text')} ${checks}`.execute(
        cloud.db,
      )
    }
    created.push(name)
  }
  return created
}

async function readOwnTypes(
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
