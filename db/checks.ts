import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import type { ColumnShape } from '../core/shape.js'
import { formatTableName, quoteName, type TableName } from '../core/table-name.js'
import { listedScope } from './digest.js'
import { keyOfTable, sourceKeyTexts, tableOf, isValueOf, typeOf } from './fragments.js'
import { APPEND_ONLY, BOOKKEEPING, ledgerGrants } from './grants.js'
import { LEDGER_SCHEMA } from './ledger.js'
import { isUnconvertible, readFailure } from './failures.js'
import { withListed } from './listed-ids.js'
import { suggest } from './missing.js'
import { privilegesOf, schemasOf } from './privileges.js'
import type { Session } from './session.js'
import { trackedAmong } from './tracked.js'

const UNKNOWN_SHOWN = 20

/** @throws SyncError PERMISSION_DENIED with the first grant that is missing */
export async function checkPermissions(source: Session, cloud: Session, layout: Layout): Promise<void> {
  for (const session of [source, cloud]) {
    const [first] = await missingGrants(session, layout)
    if (first !== undefined) throw first
  }
}

/** What the role of a session may not do although a run does it: PERMISSION_DENIED with the grant, each. */
export async function missingGrants(session: Session, layout: Layout): Promise<readonly SyncError[]> {
  const missing: (SyncError | undefined)[] = [...(await unusableSchemas(session, layout))]
  for (const { side, table, privilege, columns } of privilegesOf(layout))
    if (side === session.side) missing.push(await refused(session, table, privilege, columns))
  if (session.side === 'cloud') missing.push(await withoutStage(session))
  return missing.filter((error) => error !== undefined)
}

async function unusableSchemas({ db, side }: Session, layout: Layout): Promise<readonly SyncError[]> {
  const schemas = schemasOf(layout).flatMap((used) => (used.side === side ? [used.schema] : []))
  if (schemas.length === 0) return []
  const { rows } = await sql<{ readonly role: string; readonly schema: string }>`
    select current_user as role, n.nspname as schema from pg_namespace n
    where n.nspname = any(${schemas}::text[]) and not has_schema_privilege(n.oid, 'usage') order by 2`.execute(
    db,
  )
  return rows.map(({ role, schema }) => {
    const [who, where] = [quoteName(role), quoteName(schema)]
    const message = `the role ${who} may not use the types and collations of the ${side} schema ${where}`
    return new SyncError('PERMISSION_DENIED', message, {
      remedy: `grant usage on schema ${where} to ${who};`,
    })
  })
}

/** A run writes through a temporary table. */
async function withoutStage({ db }: Session): Promise<SyncError | undefined> {
  const { rows } = await sql<{ readonly role: string; readonly database: string; readonly allowed: boolean }>`
    select current_user as role, current_database() as database,
      has_database_privilege(current_database(), 'temporary') as allowed`.execute(db)
  const [row] = rows
  if (row === undefined || row.allowed) return undefined
  const [who, where] = [quoteName(row.role), quoteName(row.database)]
  const message = `the role ${who} may not create temporary tables in the cloud database ${where}`
  return new SyncError('PERMISSION_DENIED', message, {
    remedy: `grant temporary on database ${where} to ${who};`,
  })
}

/** @throws SyncError PERMISSION_DENIED where the role may not work in the ledger */
export async function checkLedgerAccess({ db }: Session): Promise<void> {
  const { rows } = await sql<{ readonly role: string; readonly allowed: boolean }>`
    select current_user as role, has_schema_privilege(n.oid, 'usage') and not exists (
      select from pg_class c, unnest(array['select', 'insert', 'update', 'delete']) privilege
      where c.relnamespace = n.oid and c.relkind = 'r' and not has_table_privilege(c.oid, privilege)
        and (privilege = 'select' or c.relname <> all(${[...BOOKKEEPING]}::text[]))
        and (privilege in ('select', 'insert') or c.relname <> all(${[...APPEND_ONLY]}::text[]))) as allowed
    from pg_namespace n where n.nspname = ${LEDGER_SCHEMA}`.execute(db)
  const [row] = rows
  if (row?.allowed !== false) return
  const who = quoteName(row.role)
  throw new SyncError('PERMISSION_DENIED', `the role ${who} may not work in the schema ${LEDGER_SCHEMA}`, {
    remedy: ledgerGrants(row.role)
      .map((grant) => `${grant};`)
      .join('\n'),
  })
}

/** @throws SyncError PERMISSION_DENIED with the grant that is missing */
export async function demand(
  session: Session,
  table: TableName,
  privilege: string,
  columns: readonly string[],
): Promise<void> {
  const error = await refused(session, table, privilege, columns)
  if (error !== undefined) throw error
}

async function refused(
  { db, side }: Session,
  table: TableName,
  privilege: string,
  columns: readonly string[],
): Promise<SyncError | undefined> {
  const { rows } = await sql<{
    readonly role: string
    readonly denied: string[] | null
    readonly whole: boolean
  }>`
    select current_user as role, has_table_privilege(c.oid, ${privilege}) as whole,
      (select array_agg(x) from unnest(${[...columns]}::text[]) x
        where ${privilege} <> 'delete' and not has_column_privilege(c.oid, x, ${privilege})) as denied
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${table.schema} and c.relname = ${table.name}`.execute(db)
  const [row] = rows
  if (row === undefined || row.whole || (privilege !== 'delete' && row.denied === null)) return undefined
  const which = row.denied === null ? '' : ` (${row.denied.map(quoteName).join(', ')})`
  return new SyncError(
    'PERMISSION_DENIED',
    `the role ${quoteName(row.role)} may not ${privilege} on the ${side} ${formatTableName(table)}${which}`,
    {
      remedy: `grant ${privilege}${which} on ${formatTableName(table)} to ${quoteName(row.role)};`,
    },
  )
}

/** Where no index says that the key is unique, the data must. */
export async function checkKeys({ db }: Session, layout: Layout): Promise<void> {
  if (!layout.source.uniqueByData) return
  const texts = sql.join(sourceKeyTexts(layout))
  // A row without a key, as an outer join of a view may give, is no list's.
  const present = layout.key.map(({ source }) => sql`s.${sql.id(source.name)} is not null`)
  const { rows } = await sql<{ readonly key: Key }>`
    select array[${texts}] as key from ${tableOf(layout.source.table)} s
    where ${sql.join(present, sql` and `)}
    group by ${texts} having count(*) > 1 limit 3`.execute(db)
  if (rows.length === 0) return
  const ids = rows.map((row) => formatKey(row.key)).join(', ')
  throw new SyncError(
    'KEY_NOT_UNIQUE',
    `the source ${formatTableName(layout.source.table)} holds several rows of the same key: ${ids}`,
    {
      remedy: 'Make the view give one row a key, or choose a key that is unique.',
    },
  )
}

/** The key as columns of these types write it: an integer without leading zeros, a uuid in lower case. */
export function asKeyOf(columns: readonly ColumnShape[], key: Key): Key {
  return keyFromDatabase(
    columns.map((column, index) => {
      const text = key[index] ?? ''
      if (!isValueOf(column, text)) return text
      if (column.family === 'integer') return String(BigInt(text))
      return column.family === 'uuid' ? text.toLowerCase() : text
    }),
  )
}

/**
 * Whether the columns can hold the ids as they are: a cast would cut what is too long without a word.
 * @throws SyncError ID_INVALID naming the first id that they cannot
 */
export async function checkValues(
  { db }: Session,
  columns: readonly ColumnShape[],
  keys: readonly Key[],
): Promise<void> {
  for (const [index, column] of columns.entries()) {
    for (const key of keys) {
      const text = key[index] ?? ''
      if (!isValueOf(column, text) || !(await keeps(db, column, text))) throw notAValue(column, key)
    }
  }
}

async function keeps(db: Session['db'], column: ColumnShape, text: string): Promise<boolean> {
  const value = sql`${text}::text::${typeOf(column.type)}`
  const kept =
    column.family === 'text' ? sql`(${value})::text collate "C" = ${text}` : sql`${value} is not null`
  try {
    const { rows } = await sql<{ readonly kept: boolean }>`select ${kept} as kept`.execute(db)
    return rows[0]?.kept === true
  } catch (error) {
    // A domain has rules of its own.
    if (readFailure(error).verdict === 'row') return false
    throw error
  }
}

function notAValue(column: ColumnShape, key: Key): SyncError {
  return new SyncError(
    'ID_INVALID',
    `${formatKey(key)} cannot be a value of ${quoteName(column.name)} (${column.type})`,
  )
}

/** @throws SyncError ID_UNKNOWN for keys of `--only` that are neither listed nor tracked */
export async function checkOnly(
  source: Session,
  cloud: Session,
  layout: Layout,
  master: string,
  keys: readonly Key[],
): Promise<void> {
  for (const key of keys) {
    const wrong = layout.key.find((column, index) => !isValueOf(column.cloud, key[index] ?? ''))
    if (wrong !== undefined) throw notAValue(wrong.cloud, key)
  }
  const known = await withListed(cloud, master, layout, { kind: 'keys', keys })
  const { rows } = await sql<{ readonly key: Key }>`
    with ${listedScope(known, { kind: 'keys', keys })} select ${keyOfTable(layout, 'l')} as key from listed l`
    .execute(source.db)
    .catch((cause: unknown) => {
      if (!isUnconvertible(cause)) throw cause
      throw new SyncError('ID_UNKNOWN', 'one of the ids has a character that the source has not', { cause })
    })
  const tracked = await trackedAmong(cloud, layout, master, keys)
  const found = new Set([...rows, ...tracked].map((row) => formatKey(row.key)))
  const unknown = keys.filter((key) => !found.has(formatKey(key))).slice(0, UNKNOWN_SHOWN)
  if (unknown.length === 0) return
  const meant = await suggest(
    source,
    { table: layout.source.table, key: layout.key.map((column) => column.source) },
    unknown,
  )
  const told = unknown.map(formatKey).map((id) => {
    const other = meant.get(id)
    return other === undefined || other === id ? id : `${id} (did you mean ${other}?)`
  })
  throw new SyncError('ID_UNKNOWN', `neither on the target list nor in the cloud: ${told.join(', ')}`)
}
