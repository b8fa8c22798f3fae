import type { TableName } from './table-name.js'

/** The families of types that a key may have; within a family values compare by their text. */
export type KeyFamily = 'text' | 'integer' | 'uuid'

/** A column as the catalog of a server describes it. */
export interface ColumnShape {
  readonly name: string
  /** As `format_type` writes it, e.g. `character varying(20)`; safe to stand in SQL. */
  readonly type: string
  /** The family of the base type where the column could be a key. */
  readonly family: KeyFamily | undefined
  /** `character(n)`, whose comparison ignores trailing blanks. */
  readonly blankPadded: boolean
  /** Whether equality means equal bytes: false under a nondeterministic collation. */
  readonly deterministic: boolean
  /** `schema.name` of the collation, quoted; undefined for types without one. */
  readonly collation: string | undefined
  /** `bpchar` without a length: keeps trailing blanks, which its cast to text drops. */
  readonly unpadded: boolean
  readonly notNull: boolean
  readonly hasDefault: boolean
  readonly generated: boolean
  /** `generated always as identity`: may be given when a row is inserted, but never changed. */
  readonly identityAlways: boolean
}

/** A column of texts as they are, such as the ledger keeps its keys in. */
export function textColumn(name: string): ColumnShape {
  return {
    name,
    type: 'text',
    family: 'text',
    blankPadded: false,
    deterministic: true,
    collation: undefined,
    unpadded: false,
    notNull: true,
    hasDefault: false,
    generated: false,
    identityAlways: false,
  }
}

export type RelationKind = 'table' | 'partitioned' | 'view' | 'other'

/** A foreign key of another table that points at this one. */
export interface Reference {
  readonly table: TableName
  /** Columns of the other table, and what they point at, in the same order. */
  readonly columns: readonly string[]
  readonly pointsAt: readonly string[]
  /** Of the columns it points at, by which the server compares, quoted; null for types without one. */
  readonly collations: readonly (string | null)[]
}

export interface TableShape {
  readonly table: TableName
  readonly kind: RelationKind
  /** `lock table` takes tables and views only, of which the role may read every column. */
  readonly lockable: boolean
  /** Tables inherit from it: it shows their rows, which its indexes do not cover. */
  readonly inherited: boolean
  readonly columns: readonly ColumnShape[]
  /** The column sets of usable unique indexes: valid, not partial, not on expressions, not deferrable. */
  readonly uniqueKeys: readonly (readonly string[])[]
  /** Has a unique or exclusion constraint that may wait for the commit; `on conflict` cannot work with those. */
  readonly deferrable: boolean
  /** Has triggers that may change a row while it is written. */
  readonly triggers: boolean
  readonly references: readonly Reference[]
}

/** What a server says of itself. */
export interface ServerShape {
  /** `server_version_num`, e.g. 150018. */
  readonly version: number
  readonly utf8: boolean
}

export function hasUniqueKey(shape: TableShape, columns: readonly string[]): boolean {
  if (shape.inherited) return false
  return shape.uniqueKeys.some((unique) => unique.every((column) => columns.includes(column)))
}
