import type { Layout } from '../core/layout.js'
import { MARKS } from '../core/own-columns.js'
import type { ColumnShape } from '../core/shape.js'
import type { TableName } from '../core/table-name.js'
import type { Side } from './failures.js'

/** What a role must be allowed on a table. */
export interface Privilege {
  readonly side: Side
  readonly table: TableName
  readonly privilege: 'select' | 'insert' | 'update' | 'delete'
  /** None where the privilege is one on whole tables. */
  readonly columns: readonly string[]
}

/** What a run does with the tables of its master. */
export function privilegesOf({ source, list, cloud, key, columns }: Layout): readonly Privilege[] {
  const read = [...key.map((column) => column.source.name), ...columns.map((column) => column.name)]
  const written = [...key.map((column) => column.cloud.name), ...columns.map((column) => column.name)]
  const changed = [
    ...columns.filter((c) => c.policy !== 'insert_only').map((c) => c.name),
    ...(cloud.marks ? Object.values(MARKS).map((mark) => mark.name) : []),
  ]
  // A row is locked before it is removed, and to lock it takes the right to update some column.
  const updated = changed.length > 0 ? changed : key.map((column) => column.cloud.name)
  // A row is remembered whole before it is removed.
  const seen = [...new Set([...written, ...cloud.row.map((column) => column.name)])]
  return [
    { side: 'source', table: source.table, privilege: 'select', columns: read },
    ...(list === undefined
      ? []
      : [
          {
            side: 'source',
            table: list.table,
            privilege: 'select',
            columns: key.map((c) => c.list.name),
          } as const,
        ]),
    { side: 'cloud', table: cloud.table, privilege: 'select', columns: seen },
    { side: 'cloud', table: cloud.table, privilege: 'insert', columns: written },
    { side: 'cloud', table: cloud.table, privilege: 'update', columns: updated },
    { side: 'cloud', table: cloud.table, privilege: 'delete', columns: [] },
    // A row that another table refers to is never removed; with what goes unseen a delete could take more with it.
    ...cloud.references.map(
      (other) =>
        ({ side: 'cloud', table: other.table, privilege: 'select', columns: other.columns }) as const,
    ),
  ]
}

/** What a run can do without: what `insert_only` columns hold is carried over to the row of a successor only with it. */
export function carryPrivileges({ cloud, columns }: Layout): readonly Privilege[] {
  const kept = columns.filter(({ policy }) => policy === 'insert_only').map(({ name }) => name)
  return kept.length === 0 ? [] : [{ side: 'cloud', table: cloud.table, privilege: 'update', columns: kept }]
}

/** A schema of which a run names types or collations. */
export interface UsedSchema {
  readonly side: Side
  readonly schema: string
}

export function schemasOf({ key, columns, cloud }: Layout): readonly UsedSchema[] {
  const onPrem = key.flatMap(({ source, list }) => [source, list])
  const inCloud = key.map((column) => column.cloud)
  const types = [...inCloud, ...columns].map(({ type }) => type)
  const referring = cloud.references.flatMap(({ collations }) => collations.filter((name) => name !== null))
  return [
    ...schemasIn(collationsOf(onPrem)).map((schema) => ({ side: 'source', schema }) as const),
    ...schemasIn([...collationsOf(inCloud), ...referring, ...types]).map(
      (schema) => ({ side: 'cloud', schema }) as const,
    ),
  ]
}

function collationsOf(columns: readonly ColumnShape[]): readonly string[] {
  return columns.flatMap(({ collation, deterministic }) =>
    collation === undefined || !deterministic ? [] : [collation],
  )
}

/** The schemas in names of types and collations as the catalog writes them; not PostgreSQL's own. */
export function schemasIn(names: readonly string[]): readonly string[] {
  const schemas = names.flatMap((name) => {
    const [, quoted, plain] = /^(?:"((?:[^"]|"")+)"|([^".( ]+))\./u.exec(name) ?? []
    return quoted?.replaceAll('""', '"') ?? plain ?? []
  })
  return [...new Set(schemas)].filter((schema) => schema !== 'pg_catalog')
}
