import type { CsvMapping } from './csv-mapping.js'
import { SyncError } from './errors.js'
import type { Master } from './master.js'
import type { ColumnShape, TableShape } from './shape.js'
import { formatTableName, type TableName } from './table-name.js'

/** A column of the table, and the column of the staged rows that holds its values as texts. */
export interface PlacedColumn {
  readonly shape: ColumnShape
  readonly staged: string
}

/** The on-prem table that published files are held against. */
export interface ImportTable {
  readonly table: TableName
  readonly key: readonly PlacedColumn[]
  /** Without the key. */
  readonly columns: readonly PlacedColumn[]
  /** Whether rows that it lacks are added. */
  readonly adds: boolean
  /** What says which part of the register a row is of: columns, or the code that is its id; undefined: nothing does. */
  readonly scope: readonly string[] | 'code' | undefined
  /** When a row was closed; undefined: rows are never closed. */
  readonly closed: ColumnShape | undefined
  /** The id that a closed row may have been issued anew as, and why it is thought so. */
  readonly successor: { readonly id: string; readonly reason: string } | undefined
  /** Whether the table's own triggers may make rows otherwise than they are written. */
  readonly triggers: boolean
  /** All that it has. */
  readonly names: readonly string[]
}

/** The name of a column of staged rows, by its place in the rows of the files. */
export function stagedName(index: number): string {
  return `c${index + 1}`
}

/** What says which part of the register a row is of, by publication. */
const SCOPES: Readonly<Record<string, NonNullable<ImportTable['scope']>>> = {
  iryojohonet: ['prefecture_code', 'institution_type'],
  kouseikyoku: 'code',
}

export interface ImportColumns {
  readonly publication: string
  /** Of the rows of the files, in their order. */
  readonly columns: readonly string[]
}

/** @throws SyncError COLUMN_MISSING where the table, or the files, lack the key */
export function importTable(
  master: Master,
  shape: TableShape,
  { publication, columns }: ImportColumns,
): ImportTable {
  const find = (name: string): ColumnShape | undefined => shape.columns.find((one) => one.name === name)
  // What the files give is theirs to say.
  const closing = (name: string): ColumnShape | undefined => (columns.includes(name) ? undefined : find(name))
  const { key } = master.source
  const placedKey = key.map((name) => {
    const found = find(name)
    const index = columns.indexOf(name)
    if (found !== undefined && index >= 0) return { shape: found, staged: stagedName(index) }
    const which = found === undefined ? formatTableName(shape.table) : 'what is read of the files'
    throw new SyncError('COLUMN_MISSING', `${which} has no column ${name}, the key of ${master.master}`)
  })
  return {
    table: shape.table,
    key: placedKey,
    columns: shape.columns.flatMap((column) => {
      const index = columns.indexOf(column.name)
      return index < 0 || column.generated || column.identityAlways || key.includes(column.name)
        ? []
        : [{ shape: column, staged: stagedName(index) }]
    }),
    adds: true,
    scope: scopeIn(publication, master.import?.csv, find),
    closed: closing('closed_on'),
    successor: successorIn(key, closing),
    triggers: shape.triggers,
    names: shape.columns.map(({ name }) => name),
  }
}

type Find = (name: string) => ColumnShape | undefined

function scopeIn(publication: string, mapping: CsvMapping | undefined, find: Find): ImportTable['scope'] {
  const scope = SCOPES[publication] ?? mapping?.scope ?? []
  return scope === 'code' || scope.every((name) => find(name) !== undefined) ? scope : undefined
}

function successorIn([key, ...others]: readonly string[], find: Find): ImportTable['successor'] {
  if (key === undefined || others.length > 0) return undefined
  const [id, reason] = [`successor_${key}`, 'successor_reason']
  return find(id) === undefined || find(reason) === undefined ? undefined : { id, reason }
}
