import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import { formatTableName, quoteName, type TableName } from '../core/table-name.js'
import { sqlstateOf } from './failures.js'
import { createImportTables, IMPORT_SCHEMA, IMPORT_TABLES } from './import-tables.js'
import { createType, findType, formatType, readOwnTypes } from './own-types.js'
import { sqlText } from './recorded-sql.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'
import {
  addColumns as addColumnsTo,
  cloudTable,
  createSchema,
  findTable,
  listTable,
  medicalOrgsTable,
  type Columns,
  type NewColumns,
} from './table-ddl.js'

/** Whether a table or view of that name exists. */
export async function exists({ db }: Session, table: TableName): Promise<boolean> {
  const { rows } = await findTable(table).execute(db)
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
  if (!row.present) await createSchema(schema).execute(db)
}

export async function schemaExists({ db }: Session, schema: string): Promise<boolean> {
  const { rows } = await sql`select from pg_namespace where nspname = ${schema}`.execute(db)
  return rows.length > 0
}

export async function createCloudTable(
  session: Session,
  table: TableName,
  columns: NewColumns,
  key: readonly string[],
): Promise<void> {
  await provideSchema(session, table.schema)
  await cloudTable(table, columns, key).execute(session.db)
}

/** @throws SyncError PERMISSION_DENIED with the statement, where the table is another's */
export async function addColumns(
  { db, side }: Session,
  table: TableName,
  columns: NewColumns,
): Promise<void> {
  if (columns.length === 0) return
  const statement = addColumnsTo(table, columns)
  await statement.execute(db).catch((cause: unknown) => {
    if (sqlstateOf(cause) !== INSUFFICIENT_PRIVILEGE) throw cause
    const message = `the role may not add columns to the ${side} ${formatTableName(table)}; its owner may`
    throw new SyncError('PERMISSION_DENIED', message, { remedy: `${sqlText(statement)};`, cause })
  })
}

const INSUFFICIENT_PRIVILEGE = '42501'

export async function createTargetTable(session: Session, table: TableName, key: Columns): Promise<void> {
  await provideSchema(session, table.schema)
  await listTable(table, key).execute(session.db)
}

/** The table and the comments of its columns, or neither. */
export async function createMedicalOrgs(session: Session, table: TableName): Promise<void> {
  await provideSchema(session, table.schema)
  await transaction(session, READ_COMMITTED, async () => {
    for (const statement of medicalOrgsTable(table)) await statement.execute(session.db)
  })
}

/** @returns the tables of imports that were missing */
export async function provideImportTables(session: Session): Promise<readonly TableName[]> {
  const missing: TableName[] = []
  for (const table of IMPORT_TABLES.map((name) => ({ schema: IMPORT_SCHEMA, name })))
    if (!(await exists(session, table))) missing.push(table)
  if (missing.length === 0) return []
  await provideSchema(session, IMPORT_SCHEMA)
  // The first makes the schema, for which the role may lack the right.
  const [, ...tables] = createImportTables()
  await transaction(session, READ_COMMITTED, async () => {
    for (const statement of tables) await statement.execute(session.db)
  })
  return missing
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
  for (const type of await readOwnTypes(source, table, columns)) {
    const present = await findType(type).execute(cloud.db)
    if (present.rows.length > 0) continue
    const statement = createType(type)
    if (statement === undefined) {
      const message = `the cloud has no type ${formatType(type)}, which ${formatTableName(table)} uses`
      throw new SyncError('TYPE_MISSING', message)
    }
    await provideSchema(cloud, type.schema)
    await statement.execute(cloud.db)
    created.push(formatType(type))
  }
  return created
}
