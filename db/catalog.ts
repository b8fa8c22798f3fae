import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import type {
  ColumnShape,
  KeyFamily,
  Reference,
  RelationKind,
  ServerShape,
  TableShape,
} from '../core/shape.js'
import { formatTableName, quoteName, type TableName } from '../core/table-name.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

export async function readServer(session: Session): Promise<ServerShape> {
  const { rows } = await sql<{ readonly version: number; readonly encoding: string }>`
    select current_setting('server_version_num')::integer as version, current_setting('server_encoding') as encoding
  `.execute(session.db)
  const [row] = rows
  return { version: row?.version ?? 0, utf8: row?.encoding === 'UTF8' }
}

/** What creates a table that is missing, where it is one of ours. */
const MADE_BY: Readonly<Record<string, { readonly remedy: string }>> = {
  'target list': {
    remedy: "Run: master-sync setup --with-targets, or correct targets: table: in the master's file.",
  },
  cloud: { remedy: "Run: master-sync setup, or correct cloud: table: in the master's file." },
}

/**
 * Reads what the sync must know of a table.
 * @param role how to call it in an error: "source", "cloud", "target list"
 * @throws SyncError TABLE_MISSING, PERMISSION_DENIED
 */
export async function readTable(session: Session, role: string, table: TableName): Promise<TableShape> {
  const { shape, refusals } = await lookAtTable(session, role, table)
  if (refusals[0] !== undefined) throw refusals[0]
  return shape
}

/** What the catalog says of a table, and what keeps the role from reading it: PERMISSION_DENIED. */
export interface SeenTable {
  readonly shape: TableShape
  readonly refusals: readonly SyncError[]
}

/** @throws SyncError TABLE_MISSING */
export async function lookAtTable(session: Session, role: string, table: TableName): Promise<SeenTable> {
  const relation = await findRelation(session, role, table)
  return {
    shape: await readShape(session, relation, table),
    refusals: refusalsOf(relation, role, table),
  }
}

interface Relation {
  readonly oid: string
  readonly relkind: string
  readonly role: string
  readonly usable: boolean
  readonly readable: boolean
  readonly filtered: boolean
  readonly lockable: boolean
  readonly inherited: boolean
}

async function findRelation(session: Session, role: string, table: TableName): Promise<Relation> {
  const found = await sql<Relation>`
    select c.oid::text as oid, c.relkind::text as relkind, has_any_column_privilege(c.oid, 'select') as readable,
      current_user as role, has_schema_privilege(n.oid, 'usage') as usable, row_security_active(c.oid) as filtered,
      c.relkind in ('r', 'p', 'v') and has_table_privilege(c.oid, 'select') as lockable,
      c.relkind = 'r' and exists (select from pg_inherits i where i.inhparent = c.oid) as inherited
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${table.schema} and c.relname = ${table.name} and c.relkind in ('r', 'p', 'v', 'm', 'f')
  `.execute(session.db)
  const [relation] = found.rows
  if (relation !== undefined) return relation
  throw new SyncError(
    'TABLE_MISSING',
    `the ${role} ${formatTableName(table)} does not exist${await similar(session, table)}`,
    MADE_BY[role],
  )
}

function readShape(session: Session, relation: Relation, table: TableName): Promise<TableShape> {
  return readCatalog(session, async () => ({
    table,
    kind: kindOf(relation.relkind),
    lockable: relation.lockable,
    inherited: relation.inherited,
    columns: await readColumns(session, relation.oid),
    uniqueKeys: await readUniqueKeys(session, relation.oid),
    deferrable: await hasDeferrable(session, relation.oid),
    triggers: await hasTriggers(session, relation.oid),
    references: await readReferences(session, relation.oid),
  }))
}

function refusalsOf(relation: Relation, role: string, table: TableName): readonly SyncError[] {
  const who = quoteName(relation.role)
  const name = formatTableName(table)
  const refusals: SyncError[] = []
  if (!relation.usable || !relation.readable) {
    refusals.push(
      new SyncError('PERMISSION_DENIED', `the role ${who} may not read the ${role} ${name}`, {
        remedy: [
          ...(relation.usable ? [] : [`grant usage on schema ${quoteName(table.schema)} to ${who};`]),
          ...(relation.readable ? [] : [`grant select on ${name} to ${who};`]),
        ].join('\n'),
      }),
    )
  }
  // Rows that a policy hides would look like rows that have gone, or stay unseen when they should go.
  if (relation.filtered) {
    refusals.push(
      new SyncError(
        'PERMISSION_DENIED',
        `row level security hides rows of the ${role} ${name} from the role ${who}`,
        { remedy: `alter role ${who} bypassrls;` },
      ),
    )
  }
  return refusals
}

/**
 * The server leaves the schema out of the names of types that the role's search_path finds. Read like this, a type has
 * one name for both servers, and one that means the same in every session.
 */
export function readCatalog<T>(session: Session, read: () => Promise<T>): Promise<T> {
  return transaction(session, READ_COMMITTED, async () => {
    await sql`set local search_path = pg_catalog`.execute(session.db)
    return read()
  })
}

function kindOf(relkind: string): RelationKind {
  if (relkind === 'r') return 'table'
  if (relkind === 'p') return 'partitioned'
  return relkind === 'v' ? 'view' : 'other'
}

async function similar(session: Session, table: TableName): Promise<string> {
  const { rows } = await sql<TableName>`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where lower(c.relname) = lower(${table.name}) and c.relkind in ('r', 'p', 'v', 'm', 'f')
    order by 1, 2 limit 3`.execute(session.db)
  if (rows.length === 0) return ''
  return `; there is ${rows.map(formatTableName).join(', ')}`
}

interface CatalogColumn extends Omit<ColumnShape, 'family'> {
  readonly base: string
}

async function readColumns(session: Session, oid: string): Promise<readonly ColumnShape[]> {
  const { rows } = await sql<CatalogColumn>`
    with recursive bases(attnum, oid, typmod, basetype, basetypmod) as (
      select a.attnum, t.oid, a.atttypmod, t.typbasetype, t.typtypmod
      from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = ${oid}::oid and a.attnum > 0
      union all
      select b.attnum, t.oid, b.basetypmod, t.typbasetype, t.typtypmod from bases b join pg_type t on t.oid = b.basetype
    )
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, b.oid::regtype::text as base,
      b.oid = 'bpchar'::regtype as "blankPadded", b.oid = 'bpchar'::regtype and b.typmod < 0 as unpadded,
      coalesce(l.collisdeterministic, true) as deterministic,
      case when l.oid is not null then format('%I.%I', ln.nspname, l.collname) end as collation,
      a.attnotnull as "notNull", a.atthasdef or a.attidentity <> '' as "hasDefault", a.attgenerated <> '' as generated,
      a.attidentity = 'a' as "identityAlways"
    from pg_attribute a
      join bases b on b.attnum = a.attnum and b.basetype = 0
      left join pg_collation l on l.oid = a.attcollation
      left join pg_namespace ln on ln.oid = l.collnamespace
    where a.attrelid = ${oid}::oid and a.attnum > 0 and not a.attisdropped
    order by a.attnum`.execute(session.db)
  return rows.map(({ base, ...column }) => ({
    ...column,
    collation: column.collation ?? undefined,
    family: familyOf(base),
  }))
}

function familyOf(base: string): KeyFamily | undefined {
  switch (base) {
    case 'text':
    case 'character varying':
    case 'character':
      return 'text'
    case 'smallint':
    case 'integer':
    case 'bigint':
      return 'integer'
    case 'uuid':
      return 'uuid'
    default:
      return undefined
  }
}

async function readUniqueKeys(session: Session, oid: string): Promise<readonly (readonly string[])[]> {
  const { rows } = await sql<{ readonly columns: string[] }>`
    select array_agg(a.attname::text order by k.position) as columns
    from pg_index i
      cross join lateral unnest(i.indkey::smallint[]) with ordinality k(attnum, position)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where i.indrelid = ${oid}::oid and i.indisunique and i.indisvalid and i.indimmediate
      and i.indpred is null and i.indexprs is null and k.position <= i.indnkeyatts
    group by i.indexrelid`.execute(session.db)
  return rows.map((row) => row.columns)
}

async function hasDeferrable({ db }: Session, oid: string): Promise<boolean> {
  const { rows } = await sql`
    select from pg_index i
    where i.indrelid = ${oid}::oid and not i.indimmediate and (i.indisunique or i.indisexclusion) limit 1`.execute(
    db,
  )
  return rows.length > 0
}

/** For each row, before or after; not those that PostgreSQL makes for foreign keys. */
async function hasTriggers({ db }: Session, oid: string): Promise<boolean> {
  const { rows } = await sql`
    select from pg_trigger where tgrelid = ${oid}::oid and not tgisinternal and tgenabled in ('O', 'A') limit 1`.execute(
    db,
  )
  return rows.length > 0
}

async function readReferences(session: Session, oid: string): Promise<readonly Reference[]> {
  const { rows } = await sql<{
    readonly schema: string
    readonly name: string
    readonly columns: string[]
    readonly pointsAt: string[]
    readonly collations: (string | null)[]
  }>`
    select n.nspname as schema, r.relname as name,
      (select array_agg(a.attname::text order by k.position) from unnest(f.conkey) with ordinality k(attnum, position)
        join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum) as columns,
      (select array_agg(a.attname::text order by k.position) from unnest(f.confkey) with ordinality k(attnum, position)
        join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.attnum) as "pointsAt",
      (select array_agg(quote_ident(m.nspname) || '.' || quote_ident(l.collname) order by k.position)
        from unnest(f.confkey) with ordinality k(attnum, position)
        join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.attnum
        left join (pg_collation l join pg_namespace m on m.oid = l.collnamespace) on l.oid = a.attcollation) as collations
    from pg_constraint f join pg_class r on r.oid = f.conrelid join pg_namespace n on n.oid = r.relnamespace
    where f.contype = 'f' and f.confrelid = ${oid}::oid and f.conparentid = 0`.execute(session.db)
  return rows.map((row) => ({
    table: { schema: row.schema, name: row.name },
    columns: row.columns,
    pointsAt: row.pointsAt,
    collations: row.collations,
  }))
}
