import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import type { KeyFamily, RelationKind, ServerShape, TableShape } from '../core/shape.js'
import { formatTableName, quoteName, type TableName } from '../core/table-name.js'
import { readRelation, type Relation } from './relation.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

export async function readServer(session: Session): Promise<ServerShape> {
  const { rows } = await sql<{ readonly version: number; readonly encoding: string }>`
    select current_setting('server_version_num')::integer as version, current_setting('server_encoding') as encoding
  `.execute(session.db)
  const [row] = rows
  return { version: row?.version ?? 0, utf8: row?.encoding === 'UTF8' }
}

/** What creates a table that is missing, where it is one of ours, and where its name stands. */
const MADE_BY: Readonly<Record<string, { readonly option: string; readonly name: string }>> = {
  source: { option: ' --with-master', name: 'source: table:' },
  'target list': { option: ' --with-targets', name: 'targets: table:' },
  cloud: { option: '', name: 'cloud: table:' },
}

function madeBy(role: string, master: string | undefined): { readonly remedy?: string } {
  const made = MADE_BY[role]
  if (made === undefined) return {}
  const command = `master-sync setup${master === undefined ? '' : ` ${master}`}${made.option}`
  return {
    remedy:
      role === 'source'
        ? `Correct source: table: in the master's file.\nTo create the table of medical institutions: ${command}`
        : `Run: ${command}\nor correct ${made.name} in the master's file.`,
  }
}

/**
 * Reads what the sync must know of a table.
 * @param role how to call it in an error: "source", "cloud", "target list"
 * @param master whose table it is, where the error is to say what creates it
 * @throws SyncError TABLE_MISSING, PERMISSION_DENIED
 */
export async function readTable(
  session: Session,
  role: string,
  table: TableName,
  master?: string,
): Promise<TableShape> {
  const { shape, refusals } = await lookAtTable(session, role, table, master)
  if (refusals[0] !== undefined) throw refusals[0]
  return shape
}

/** What the catalog says of a table, and what keeps the role from reading it: PERMISSION_DENIED. */
export interface SeenTable {
  readonly shape: TableShape
  readonly refusals: readonly SyncError[]
}

/** @throws SyncError TABLE_MISSING */
export async function lookAtTable(
  session: Session,
  role: string,
  table: TableName,
  master?: string,
): Promise<SeenTable> {
  const relation = await readRelation(session, table)
  if (relation !== undefined)
    return { shape: shapeOf(relation, table), refusals: refusalsOf(relation, role, table) }
  throw new SyncError(
    'TABLE_MISSING',
    `the ${role} ${formatTableName(table)} does not exist${await similar(session, table)}`,
    madeBy(role, master),
  )
}

function shapeOf(relation: Relation, table: TableName): TableShape {
  const { relkind, lockable, inherited, columns, uniqueKeys, deferrable, triggers, references } = relation
  return {
    table,
    kind: kindOf(relkind),
    lockable,
    inherited,
    columns: columns.map(({ base, ...column }) => ({
      ...column,
      collation: column.collation ?? undefined,
      family: familyOf(base),
    })),
    uniqueKeys,
    deferrable,
    triggers,
    references: references.map(({ schema, name, ...rest }) => ({ table: { schema, name }, ...rest })),
  }
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
