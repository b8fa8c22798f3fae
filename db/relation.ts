import { sql } from 'kysely'
import type { ColumnShape, Reference, TableShape } from '../core/shape.js'
import type { TableName } from '../core/table-name.js'
import type { Session } from './session.js'

/** What the catalog has of a table, view or the like, and what the session's role may do with it. */
export interface Relation extends Pick<
  TableShape,
  'lockable' | 'inherited' | 'uniqueKeys' | 'deferrable' | 'triggers'
> {
  readonly relkind: string
  readonly role: string
  readonly usable: boolean
  readonly readable: boolean
  readonly filtered: boolean
  readonly columns: readonly CatalogColumn[]
  readonly references: readonly CatalogReference[]
}

interface CatalogColumn extends Omit<ColumnShape, 'family' | 'collation'> {
  readonly base: string
  readonly collation: string | null
}

interface CatalogReference extends TableName, Omit<Reference, 'table'> {}

/**
 * One statement, for every run begins with several of these. The server leaves the schema out of the names of types
 * that the role's search_path finds; pinned for the statement, a type has one name for both servers, and one that means
 * the same in every session. What is selected is computed after the pinning, for its row is joined first.
 */
export async function readRelation(session: Session, table: TableName): Promise<Relation | undefined> {
  const { rows } = await sql<Relation>`
    with pinned as materialized (select set_config('search_path', 'pg_catalog', true))
    select c.relkind::text as relkind, has_any_column_privilege(c.oid, 'select') as readable,
      current_user as role, has_schema_privilege(n.oid, 'usage') as usable, row_security_active(c.oid) as filtered,
      c.relkind in ('r', 'p', 'v') and has_table_privilege(c.oid, 'select') as lockable,
      c.relkind = 'r' and exists (select from pg_inherits i where i.inhparent = c.oid) as inherited,
      (
        with recursive bases(attnum, oid, typmod, basetype, basetypmod) as (
          select a.attnum, t.oid, a.atttypmod, t.typbasetype, t.typtypmod
          from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = c.oid and a.attnum > 0
          union all
          select b.attnum, t.oid, b.basetypmod, t.typbasetype, t.typtypmod
          from bases b join pg_type t on t.oid = b.basetype
        )
        select coalesce(json_agg(json_build_object(
          'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'base', b.oid::regtype::text,
          'blankPadded', b.oid = 'bpchar'::regtype, 'unpadded', b.oid = 'bpchar'::regtype and b.typmod < 0,
          'deterministic', coalesce(l.collisdeterministic, true),
          'collation', case when l.oid is not null then format('%I.%I', ln.nspname, l.collname) end,
          'notNull', a.attnotnull, 'hasDefault', a.atthasdef or a.attidentity <> '',
          'generated', a.attgenerated <> '', 'identityAlways', a.attidentity = 'a'
        ) order by a.attnum), '[]')
        from pg_attribute a
          join bases b on b.attnum = a.attnum and b.basetype = 0
          left join pg_collation l on l.oid = a.attcollation
          left join pg_namespace ln on ln.oid = l.collnamespace
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      ) as columns,
      (
        select coalesce(json_agg((
          select json_agg(a.attname order by k.position)
          from unnest(i.indkey::smallint[]) with ordinality k(attnum, position)
            join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
          where k.position <= i.indnkeyatts
        ) order by i.indexrelid), '[]')
        from pg_index i
        where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate
          and i.indpred is null and i.indexprs is null
      ) as "uniqueKeys",
      exists (
        select from pg_index i
        where i.indrelid = c.oid and not i.indimmediate and (i.indisunique or i.indisexclusion)
      ) as deferrable,
      -- For each row, before or after; not those that PostgreSQL makes for foreign keys.
      exists (
        select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled in ('O', 'A')
      ) as triggers,
      (
        select coalesce(json_agg(json_build_object(
          'schema', rn.nspname, 'name', r.relname,
          'columns', (
            select json_agg(a.attname order by k.position) from unnest(f.conkey) with ordinality k(attnum, position)
              join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.attnum
          ),
          'pointsAt', (
            select json_agg(a.attname order by k.position) from unnest(f.confkey) with ordinality k(attnum, position)
              join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.attnum
          ),
          'collations', (
            select json_agg(quote_ident(m.nspname) || '.' || quote_ident(l.collname) order by k.position)
            from unnest(f.confkey) with ordinality k(attnum, position)
              join pg_attribute a on a.attrelid = f.confrelid and a.attnum = k.attnum
              left join (pg_collation l join pg_namespace m on m.oid = l.collnamespace) on l.oid = a.attcollation
          )
        )), '[]')
        from pg_constraint f join pg_class r on r.oid = f.conrelid join pg_namespace rn on rn.oid = r.relnamespace
        where f.contype = 'f' and f.confrelid = c.oid and f.conparentid = 0
      ) as "references"
    from pinned cross join pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${table.schema} and c.relname = ${table.name} and c.relkind in ('r', 'p', 'v', 'm', 'f')
  `.execute(session.db)
  return rows[0]
}
