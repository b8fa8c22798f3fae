import { SyncError } from './errors.js'
import type { Master } from './master.js'
import type { ColumnShape, TableShape } from './shape.js'
import { formatTableName, quoteName, type TableName } from './table-name.js'

/**
 * Before anything is created: a name that is not there may be a column that was to be left out.
 * @throws SyncError COLUMN_MISSING
 */
export function checkColumns({ source, columns }: Master, shape: TableShape): void {
  const present = new Set(shape.columns.map((column) => column.name))
  const named = [...source.key, ...source.exclude, ...Object.keys(columns)]
  const missing = named.filter((name) => !present.has(name)).map(quoteName)
  if (missing.length === 0) return
  throw new SyncError(
    'COLUMN_MISSING',
    `the source ${formatTableName(shape.table)} has no column ${missing.join(', ')}, which the master names; it has: ${[...present].join(', ')}`,
  )
}

/** The columns of the source that the cloud is to have. */
export function copiedOf({ source }: Master, shape: TableShape): readonly ColumnShape[] {
  return shape.columns.filter((column) => !source.exclude.includes(column.name))
}

/** The key's columns, in the order of the key. */
export function keyOf({ source }: Master, shape: TableShape): readonly ColumnShape[] {
  return source.key.flatMap((name) => shape.columns.filter((column) => column.name === name))
}

/** A table as the sync creates it, before it is there: without the source's collations. */
export function plannedTable(
  table: TableName,
  columns: readonly ColumnShape[],
  key: readonly string[],
): TableShape {
  return {
    table,
    kind: 'table',
    lockable: true,
    inherited: false,
    columns: columns.map((column) => ({
      ...column,
      collation: undefined,
      deterministic: true,
      notNull: key.includes(column.name),
      hasDefault: false,
      generated: false,
      identityAlways: false,
    })),
    uniqueKeys: [key],
    deferrable: false,
    references: [],
  }
}
