import { missingInCloud, goneFromSource, type KnownColumns } from './drift.js'
import { SyncError } from './errors.js'
import type { Key } from './ids.js'
import type { ColumnPolicy, Master } from './master.js'
import { bearsMarks, ownColumnProblem, ownColumns } from './own-columns.js'
import {
  hasUniqueKey,
  textColumn,
  type ColumnShape,
  type Reference,
  type ServerShape,
  type TableShape,
} from './shape.js'
import { formatTableName, quoteName, type TableName } from './table-name.js'
import { keepsText } from './types.js'

/** A key column with its counterparts: what the SQL of both sides needs to join by it. */
export interface KeyColumn {
  readonly source: ColumnShape
  readonly cloud: ColumnShape
  readonly list: ColumnShape
}

/** A column of the cloud table, as far as values are read from and written to it as texts. */
export interface TextColumn {
  readonly name: string
  /** For casts. */
  readonly type: string
  /** See `ColumnShape`. */
  readonly unpadded: boolean
}

/** A column that is carried from the source to the cloud, with the cloud's type. */
export interface DataColumn extends TextColumn {
  readonly policy: ColumnPolicy
}

/** All that the SQL of one run is built from: fixed when the run opens, so that every step hashes alike. */
export interface Layout {
  readonly source: {
    readonly table: TableName
    readonly utf8: boolean
    /** See `TableShape`. */
    readonly lockable: boolean
    /** Nothing but the data itself says that the key is unique: a view, a partitioned or an inherited table. */
    readonly uniqueByData: boolean
  }
  readonly cloud: {
    readonly table: TableName
    readonly references: readonly Reference[]
    /** See `TableShape`. */
    readonly deferrable: boolean
    /** See `TableShape`. */
    readonly triggers: boolean
    /** The boolean column that locks a row. */
    readonly lock?: string
    /** Whether rows are marked as removed. */
    readonly marks: boolean
    /** All columns that an insert may give, the cloud's own too: what brings a deleted row back. */
    readonly row: readonly TextColumn[]
  }
  /** The table that holds the list; missing where the ledger alone does. */
  readonly list?: {
    readonly table: TableName
    readonly unique: boolean
    readonly lockable: boolean
  }
  /** The ids of a list that the ledger alone holds, in byte order: known to steps, not stored. */
  readonly listed?: readonly Key[]
  readonly key: readonly KeyColumn[]
  /** Without the key columns. */
  readonly columns: readonly DataColumn[]
  /** Columns of the source that the cloud lacks: not copied until `setup` adds them. */
  readonly uncopied: readonly string[]
  /** Columns that the source decides from now on, of which no row remembers what it had: `insert_only`, or the cloud's own. */
  readonly loosened: readonly string[]
}

export interface Shapes {
  readonly source: { readonly server: ServerShape; readonly table: TableShape }
  /** undefined: the ledger holds the list. */
  readonly list: TableShape | undefined
  readonly cloud: { readonly server: ServerShape; readonly table: TableShape }
}

/**
 * Fits the master to what the two servers have.
 * @param known the columns of earlier runs; missing where there was none
 * @throws SyncError with every problem of the kind found first
 */
export function deriveLayout(master: Master, shapes: Shapes, known?: KnownColumns): Layout {
  checkServers(shapes)
  const key = master.source.key.map((name) => keyColumn(name, master.source.key.length, shapes))
  checkSourceKey(master, shapes)
  checkCloudKey(master, shapes)
  const { source, cloud } = shapes
  const excluded = new Set([...master.source.exclude, ...master.source.key])
  const carried = source.table.columns.filter((column) => !excluded.has(column.name))
  checkColumns(master, shapes, known)
  checkNames(master, shapes)
  const columns = pairColumns(master, carried, cloud.table)
  checkRequired(master, cloud.table, new Set([...carried.map((c) => c.name), ...master.source.key]))
  return {
    source: {
      table: source.table.table,
      utf8: source.server.utf8,
      lockable: source.table.lockable,
      uniqueByData: !hasUniqueKey(source.table, master.source.key),
    },
    cloud: {
      table: cloud.table.table,
      references: cloud.table.references,
      deferrable: cloud.table.deferrable,
      triggers: cloud.table.triggers,
      ...(master.lock === undefined ? {} : { lock: master.lock }),
      marks: bearsMarks(master, carried, cloud.table),
      row: cloud.table.columns
        .filter((column) => !column.generated)
        .map(({ name, type, unpadded }) => ({ name, type, unpadded })),
    },
    ...(shapes.list === undefined ? {} : { list: listOf(shapes.list, key) }),
    key,
    columns,
    uncopied: carried.flatMap(({ name }) => (find(cloud.table, name) === undefined ? [name] : [])),
    loosened: columns.flatMap(({ name, policy }) =>
      policy === 'overwrite' && known !== undefined && wasTheirs(known[name]) ? [name] : [],
    ),
  }
}

function listOf(shape: TableShape, key: readonly KeyColumn[]): NonNullable<Layout['list']> {
  const exact = !key.some(({ source, list }) => dropsBlanks(source, list))
  const names = key.map((column) => column.list.name)
  return { table: shape.table, lockable: shape.lockable, unique: exact && hasUniqueKey(shape, names) }
}

function wasTheirs(policy: ColumnPolicy | undefined): boolean {
  return policy === undefined || policy === 'insert_only'
}

function checkServers({ source, cloud }: Shapes): void {
  const [first] = [...serverProblems('source', source.server), ...serverProblems('cloud', cloud.server)]
  if (first !== undefined) throw first
}

/** Why a server cannot be one side of a sync. */
export function serverProblems(side: 'source' | 'cloud', server: ServerShape): readonly SyncError[] {
  const problems: SyncError[] = []
  if (server.version < 120_000) {
    const major = Math.floor(server.version / 10_000)
    problems.push(new SyncError('SERVER_TOO_OLD', `the ${side} database is PostgreSQL ${major}`))
  }
  if (side === 'cloud' && !server.utf8)
    problems.push(new SyncError('CLOUD_ENCODING', 'the cloud database is not in UTF-8'))
  return problems
}

/** All that keeps the master from fitting to its tables, each as `deriveLayout` would throw it. */
export function tableProblems(master: Master, shapes: Shapes, known?: KnownColumns): readonly SyncError[] {
  const { source, cloud } = shapes
  const names = master.source.key
  const excluded = new Set([...master.source.exclude, ...names])
  const carried = source.table.columns.filter((column) => !excluded.has(column.name))
  const given = new Set([...carried.map((c) => c.name), ...names])
  const key = thrownBy(names.map((name) => () => keyColumn(name, names.length, shapes)))
  return [
    ...key,
    // Without a column of the key there can be no index on it.
    ...(key.length > 0
      ? []
      : thrownBy([() => checkSourceKey(master, shapes), () => checkCloudKey(master, shapes)])),
    ...thrownBy([
      () => checkColumns(master, shapes, known),
      () => checkNames(master, shapes),
      () => pairColumns(master, carried, cloud.table),
      () => checkRequired(master, cloud.table, given),
    ]),
  ]
}

function thrownBy(checks: readonly (() => unknown)[]): readonly SyncError[] {
  return checks.flatMap((check) => {
    try {
      check()
      return []
    } catch (error) {
      if (error instanceof SyncError) return [error]
      throw error
    }
  })
}

function find(shape: TableShape, name: string): ColumnShape | undefined {
  return shape.columns.find((column) => column.name === name)
}

/** Whether ids of a list lose trailing blanks when they become keys of a `character(n)`, which ignores them. */
export function dropsBlanks(source: ColumnShape, list: ColumnShape): boolean {
  return source.blankPadded && list.family === 'text' && !list.blankPadded
}

function keyColumn(name: string, columns: number, shapes: Shapes): KeyColumn {
  const source = keyShape('source', shapes.source.table, name)
  const cloud = keyShape('cloud', shapes.cloud.table, name)
  const list = shapes.list === undefined ? textColumn(name) : listShape(name, columns, shapes.list)
  if (!keepsText(source.type, cloud.type))
    throw typesDiffer(shapes.cloud.table.table, [{ source, target: cloud }])
  return { source, cloud, list }
}

function listShape(name: string, columns: number, shape: TableShape): ColumnShape {
  // The list of a key of one column may call it `id`: the form in which such lists are usually kept.
  const called = columns === 1 && find(shape, name) === undefined && find(shape, 'id') ? 'id' : name
  return keyShape('target list', shape, called)
}

function keyShape(side: string, shape: TableShape, name: string): ColumnShape {
  const column = find(shape, name)
  const table = formatTableName(shape.table)
  if (column === undefined) {
    const present = shape.columns.map((c) => c.name).join(', ')
    throw new SyncError(
      'COLUMN_MISSING',
      `the ${side} ${table} has no key column ${quoteName(name)}; it has: ${present}`,
    )
  }
  if (column.family === undefined) {
    throw new SyncError(
      'KEY_TYPE',
      `the key column ${quoteName(name)} of the ${side} ${table} is ${column.type}`,
    )
  }
  return column
}

/** Columns of which the source's values matter after a row was inserted. */
export function comparedColumns({ columns }: Layout): Layout['columns'] {
  return columns.filter(({ policy }) => policy !== 'insert_only')
}

/** Columns in which what people write in the cloud stays, and of which the source's last value is remembered. */
export function protectedColumns({ columns }: Layout): Layout['columns'] {
  return columns.filter(({ policy }) => policy === 'keep_edits' || policy === 'fill_empty')
}

/** What the hash of a row speaks of, key and compared columns, and how: as one text. */
export function hashedColumns(layout: Layout): string {
  return JSON.stringify([
    layout.key.map(({ source }) => source.name),
    comparedColumns(layout).map(({ name, type, unpadded, policy }) => [name, type, unpadded, policy]),
  ])
}

/** The policies of a layout's columns, to be known by the next run. */
export function knownColumns({ columns }: Layout): KnownColumns {
  return Object.fromEntries(columns.map(({ name, policy }) => [name, policy]))
}

function noUniqueKey(side: string, { table }: TableShape, key: readonly string[]): SyncError {
  const list = key.map(quoteName).join(', ')
  return new SyncError(
    'KEY_NOT_UNIQUE',
    `the ${side} ${formatTableName(table)} has no unique index on (${list})`,
    {
      remedy: `create unique index on ${formatTableName(table)} (${list});`,
    },
  )
}

function checkSourceKey({ source: { key } }: Master, { source: { table } }: Shapes): void {
  const demanded = table.kind === 'table' && !table.inherited
  if (demanded && !hasUniqueKey(table, key)) throw noUniqueKey('source', table, key)
}

function checkCloudKey({ source: { key } }: Master, { cloud: { table } }: Shapes): void {
  const exact = table.uniqueKeys.some(
    (unique) => unique.length === key.length && unique.every((c) => key.includes(c)),
  )
  if (!exact) throw noUniqueKey('cloud', table, key)
  if (!table.inherited) return
  throw new SyncError(
    'KEY_NOT_UNIQUE',
    `tables inherit from the cloud ${formatTableName(table.table)}: it shows their rows too, which its unique index does not cover`,
    { remedy: 'Let no table inherit from it, or name another table under cloud: table.' },
  )
}

function checkNames(master: Master, { source }: Shapes): void {
  for (const name of [...master.source.exclude, ...Object.keys(master.columns)]) {
    if (find(source.table, name) === undefined) {
      throw new SyncError(
        'COLUMN_MISSING',
        `the source ${formatTableName(source.table.table)} has no column ${quoteName(name)}, which the master names`,
      )
    }
  }
}

/** That what earlier runs copied is still there, and what the sync has of its own. */
function checkColumns(master: Master, { source, cloud }: Shapes, known: KnownColumns | undefined): void {
  const excluded = new Set([...master.source.exclude, ...master.source.key])
  const carried = source.table.columns.filter((column) => !excluded.has(column.name))
  const own = new Set(ownColumns(master).map(({ name }) => name))
  const apart = new Set([...excluded, ...own])
  const problem =
    goneFromSource(master.master, source.table, cloud.table, apart, known) ??
    missingInCloud(carried, source.table, cloud.table, apart, known) ??
    ownColumnProblem(master, carried, cloud.table)
  if (problem !== undefined) throw problem
}

function pairColumns(
  master: Master,
  carried: readonly ColumnShape[],
  cloud: TableShape,
): readonly DataColumn[] {
  const pairs = carried.flatMap((source) => {
    const target = find(cloud, source.name)
    // A generated column makes its own value from the others.
    return target === undefined || target.generated ? [] : [{ source, target }]
  })
  const differing = pairs.filter(({ source, target }) => !keepsText(source.type, target.type))
  if (differing.length > 0) throw typesDiffer(cloud.table, differing)
  return pairs.map(({ source, target }) => {
    const own = Object.hasOwn(master.columns, source.name) ? master.columns[source.name] : undefined
    const policy = own ?? 'overwrite'
    if (target.identityAlways && policy !== 'insert_only') throw numbersItself(cloud.table, target)
    return { name: source.name, type: target.type, unpadded: source.unpadded || target.unpadded, policy }
  })
}

interface Pair {
  readonly source: ColumnShape
  readonly target: ColumnShape
}

function typesDiffer(table: TableName, pairs: readonly Pair[]): SyncError {
  const what = pairs.map(
    ({ source, target }) =>
      `${quoteName(target.name)} is ${target.type} in the cloud and ${source.type} in the source`,
  )
  const statements = pairs.map(({ source: { type }, target }) => {
    const name = quoteName(target.name)
    return `alter table ${formatTableName(table)} alter column ${name} type ${type} using ${name}::${type};`
  })
  return new SyncError('COLUMN_TYPE_DIFFERS', `of ${formatTableName(table)} ${what.join('; ')}`, {
    remedy: ['In the cloud:', ...statements].join('\n'),
  })
}

function numbersItself(table: TableName, { name }: ColumnShape): SyncError {
  const column = quoteName(name)
  return new SyncError(
    'COLUMN_GENERATED',
    `${formatTableName(table)}.${column} is generated always as identity in the cloud, and a column of the source`,
    {
      remedy: `In the cloud: alter table ${formatTableName(table)} alter column ${column} set generated by default;`,
    },
  )
}

function checkRequired(master: Master, cloud: TableShape, given: ReadonlySet<string>): void {
  const required = cloud.columns.filter(
    (c) => c.notNull && !c.hasDefault && !c.generated && !given.has(c.name),
  )
  if (required.length === 0) return
  const table = formatTableName(cloud.table)
  const names = required.map(
    (c) =>
      `${quoteName(c.name)} (${master.source.exclude.includes(c.name) ? 'excluded' : 'not there'} at the source)`,
  )
  throw new SyncError('COLUMN_REQUIRED', `${table} requires a value for ${names.join(', ')}`, {
    remedy: [
      'In the cloud, or set a default instead:',
      ...required.map((c) => `alter table ${table} alter column ${quoteName(c.name)} drop not null;`),
    ].join('\n'),
  })
}
