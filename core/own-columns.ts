import { SyncError } from './errors.js'
import type { Master } from './master.js'
import type { ColumnShape, TableShape } from './shape.js'
import { formatTableName, quoteName } from './table-name.js'

/** A column that the sync has in the cloud table for itself. */
export interface OwnColumn {
  readonly name: string
  readonly type: string
  /** As SQL. */
  readonly default?: string
}

/** When, and why, a row was marked as removed; null in a row that is not. */
export const MARKS = {
  at: { name: 'sync_removed_at', type: 'timestamp with time zone' },
  reason: { name: 'sync_removed_reason', type: 'text' },
} as const satisfies Readonly<Record<string, OwnColumn>>

/** How the reason of a row begins whose place another has taken; its id follows. */
export const REPLACED = 'replaced by '

function marksRows({ removals }: Master): boolean {
  return Object.values(removals).includes('mark')
}

/**
 * Whether rows may bear marks: such as are made today, or were made under another policy and go when a row returns.
 * @param carried what is copied from the source
 */
export function bearsMarks(master: Master, carried: readonly ColumnShape[], cloud: TableShape): boolean {
  if (marksRows(master)) return true
  return Object.values(MARKS).every(
    ({ name, type }) =>
      cloud.columns.some((column) => column.name === name && column.type === type) &&
      !carried.some((column) => column.name === name),
  )
}

/** What `setup` adds to the cloud table beside the source's columns. */
export function ownColumns(master: Master): readonly OwnColumn[] {
  return [
    ...(marksRows(master) ? [MARKS.at, MARKS.reason] : []),
    ...(master.lock === undefined ? [] : [{ name: master.lock, type: 'boolean', default: 'false' }]),
  ]
}

/** @param carried what is copied from the source */
export function ownColumnProblem(
  master: Master,
  carried: readonly ColumnShape[],
  cloud: TableShape,
): SyncError | undefined {
  const table = formatTableName(cloud.table)
  const own = ownColumns(master)
  const taken = own.find(({ name }) => carried.some((column) => column.name === name))
  if (taken !== undefined) {
    return new SyncError('COLUMN_TAKEN', `the source has a column ${quoteName(taken.name)} as well`, {
      remedy: `Leave it out with source: exclude: [${taken.name}].`,
    })
  }
  const found = own.map((column) => ({
    column,
    there: cloud.columns.find(({ name }) => name === column.name),
  }))
  const missing = found.filter(({ there }) => there === undefined).map(({ column }) => column)
  if (missing.length > 0) {
    const names = missing.map(({ name }) => quoteName(name)).join(', ')
    return new SyncError(
      'COLUMN_MISSING',
      `the cloud ${table} has no column ${names}, for the sync's own use`,
      {
        remedy: [
          'Run master-sync setup, which adds:',
          ...missing.map((column) => `alter table ${table} add column ${ownColumnSql(column)};`),
        ].join('\n'),
      },
    )
  }
  const wrong = found.find(({ column, there }) => there !== undefined && there.type !== column.type)
  if (wrong?.there === undefined) return undefined
  const { column, there } = wrong
  const name = quoteName(column.name)
  return new SyncError(
    'COLUMN_TYPE_DIFFERS',
    `${table}.${name} is ${there.type}; the sync needs ${column.type}`,
    {
      remedy: `In the cloud: alter table ${table} alter column ${name} type ${column.type} using ${name}::${column.type};`,
    },
  )
}

function ownColumnSql(column: OwnColumn): string {
  const fallback = column.default === undefined ? '' : ` not null default ${column.default}`
  return `${quoteName(column.name)} ${column.type}${fallback}`
}
