import { SyncError } from './errors.js'
import type { Master } from './master.js'
import { ownColumnProblem, ownColumns, type OwnColumn } from './own-columns.js'
import { textColumn, type ColumnShape, type TableShape } from './shape.js'
import { formatTableName, quoteName, type TableName } from './table-name.js'

/**
 * Before anything is created: a name that is not there may be a column that was to be left out, and one that the sync
 * uses for itself may be taken.
 * @throws SyncError COLUMN_MISSING, COLUMN_TAKEN
 */
export function checkColumns(master: Master, shape: TableShape): void {
  const { source, columns } = master
  const present = new Set(shape.columns.map((column) => column.name))
  const named = [...source.key, ...source.exclude, ...Object.keys(columns)]
  const missing = named.filter((name) => !present.has(name)).map(quoteName)
  if (missing.length > 0)
    throw new SyncError(
      'COLUMN_MISSING',
      `the source ${formatTableName(shape.table)} has no column ${missing.join(', ')}, which the master names; it has: ${[...present].join(', ')}`,
    )
  const copied = copiedOf(master, shape)
  const planned = plannedTable(shape.table, copied, source.key, ownColumns(master))
  const taken = ownColumnProblem(master, copied, planned)
  if (taken !== undefined) throw taken
}

/** The columns of the source that the cloud is to have. */
export function copiedOf({ source }: Master, shape: TableShape): readonly ColumnShape[] {
  return shape.columns.filter((column) => !source.exclude.includes(column.name))
}

/** The key's columns, in the order of the key. */
export function keyOf({ source }: Master, shape: TableShape): readonly ColumnShape[] {
  return source.key.flatMap((name) => shape.columns.filter((column) => column.name === name))
}

/** A table as the sync creates it, before it is there: without the source's collations, with columns of the sync's own. */
export function plannedTable(
  table: TableName,
  columns: readonly ColumnShape[],
  key: readonly string[],
  own: readonly OwnColumn[] = [],
): TableShape {
  return {
    table,
    kind: 'table',
    lockable: true,
    inherited: false,
    columns: [
      ...columns.map((column) => ({
        ...column,
        collation: undefined,
        deterministic: true,
        notNull: key.includes(column.name),
        hasDefault: false,
        generated: false,
        identityAlways: false,
      })),
      ...own.map(shapeOfOwn),
    ],
    uniqueKeys: [key],
    deferrable: false,
    triggers: false,
    references: [],
  }
}

function shapeOfOwn({ name, type, default: fallback }: OwnColumn): ColumnShape {
  const given = fallback !== undefined
  return { ...textColumn(name), type, family: undefined, notNull: given, hasDefault: given }
}
