import { sql } from 'kysely'
import type { Fragment } from './fragments.js'
import { createSchema } from './table-ddl.js'

/** The schema in the on-prem database that holds what imports write down: values of rows that nobody listed stay there. */
export const IMPORT_SCHEMA = 'master_import'

/** The same table may be the source of several masters: what is known of it is kept by its name, `schema.table`. */
const TABLE = sql`table_name text not null`

const KEY = sql`key text[] collate "C" not null`

/** Statements that make the tables of imports, where they are missing. */
export function createImportTables(): readonly Fragment[] {
  const table = (name: string): Fragment => sql.id(IMPORT_SCHEMA, name)
  return [
    createSchema(IMPORT_SCHEMA),
    sql`create table if not exists ${table('owners')} (
  ${TABLE} primary key, publication text not null, columns text[] not null
)`,
    sql`create table if not exists ${table('imports')} (
  import bigint generated always as identity primary key, ${TABLE}, publication text not null,
  state text not null check (state in ('staged', 'held', 'rejected', 'applied', 'dropped')), columns text[] not null,
  files jsonb not null, findings jsonb not null, digest text not null, forced boolean not null default false,
  other_ids boolean not null default false,
  staged_at timestamptz not null default clock_timestamp(), ledger uuid, run bigint, plan jsonb, written jsonb,
  settled_at timestamptz
)`,
    sql`create index if not exists imports_table on ${table('imports')} (table_name, state)`,
    sql`create table if not exists ${table('scopes')} (
  ${TABLE}, publication text not null, scope text not null, as_of date not null, import bigint not null,
  primary key (table_name, publication, scope)
)`,
    sql`create table if not exists ${table('changes')} (
  change bigint generated always as identity primary key, ${TABLE}, ${KEY}, import bigint not null, run bigint not null,
  at timestamptz not null default clock_timestamp(),
  what text not null check (what in ('added', 'changed', 'closed', 'reopened', 'enriched')), before jsonb, after jsonb
)`,
    sql`create index if not exists changes_key on ${table('changes')} (table_name, key)`,
    sql`create index if not exists changes_at on ${table('changes')} (table_name, at)`,
    sql`create index if not exists changes_import on ${table('changes')} (import)`,
  ]
}

/** The tables that imports keep, but for the staged rows of each. */
export const IMPORT_TABLES = ['owners', 'imports', 'scopes', 'changes'] as const
