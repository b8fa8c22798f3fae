import { sql } from 'kysely'
import { IMPORT_SCHEMA, type IMPORT_TABLES } from './import-tables.js'
import type { Session } from './session.js'

const OWNERS = sql.id(IMPORT_SCHEMA, 'owners')

/** The publication whose ids are those of a table, and the columns that it has given so far. */
export interface Owner {
  readonly publication: string
  readonly columns: readonly string[]
}

export async function readOwner({ db }: Session, table: string): Promise<Owner | undefined> {
  const { rows } = await sql<Owner>`
    select publication, columns from ${OWNERS} where table_name = ${table}`.execute(db)
  return rows[0]
}

/** Whether the on-prem database has a table of imports that the role may read. */
export async function mayRead({ db }: Session, table: (typeof IMPORT_TABLES)[number]): Promise<boolean> {
  const { rows } = await sql<{ readonly there: boolean }>`
    select coalesce((
      select has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${IMPORT_SCHEMA} and c.relname = ${table}), false) as there`.execute(db)
  return rows[0]?.there === true
}

/** The first publication that is imported owns the ids of the table; what it gives, no other may change. */
export async function storeOwner({ db }: Session, table: string, owner: Owner): Promise<void> {
  await sql`
    insert into ${OWNERS} as o (table_name, publication, columns)
    values (${table}, ${owner.publication}, ${[...owner.columns]})
    on conflict (table_name) do update
      set columns = (select array_agg(distinct c order by c) from unnest(o.columns || excluded.columns) c)
      where o.publication = excluded.publication`.execute(db)
}
