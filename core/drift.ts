import { SyncError } from './errors.js'
import type { ColumnPolicy } from './master.js'
import type { ColumnShape, TableShape } from './shape.js'
import { formatTableName, quoteName, type TableName } from './table-name.js'

/** The columns that the last full run copied, with their policies. */
export type KnownColumns = Readonly<Record<string, ColumnPolicy>>

/**
 * A column that runs have copied, that the source has no more, and the cloud still has: dropped, or renamed.
 * @param apart columns that are not copied: the key's, excluded ones, and the sync's own
 */
export function goneFromSource(
  master: string,
  source: TableShape,
  cloud: TableShape,
  apart: ReadonlySet<string>,
  known: KnownColumns = {},
): SyncError | undefined {
  const names = new Set(source.columns.map(({ name }) => name))
  const gone = cloud.columns.filter(
    ({ name }) => Object.hasOwn(known, name) && !names.has(name) && !apart.has(name),
  )
  if (gone.length === 0) return undefined
  const fresh = source.columns.filter(
    ({ name }) => !Object.hasOwn(known, name) && !apart.has(name) && !has(cloud, name),
  )
  const message = `the source ${formatTableName(source.table)} has no column ${list(gone)} any more, which was copied until now`
  return new SyncError('COLUMN_MISSING', message, {
    remedy: [
      ...renames(
        "Where it was renamed, in the cloud (and in the master's file, where it is named):",
        cloud.table,
        gone,
        fresh,
        (old, name) => (isProtected(known[old]) ? rememberedAs(master, old, name) : []),
      ),
      'Where it was dropped, and its values are not needed, in the cloud:',
      ...gone.map(
        ({ name }) => `alter table ${formatTableName(cloud.table)} drop column ${quoteName(name)};`,
      ),
      'Where they are to stay in the cloud as they are: master-sync setup',
    ].join('\n'),
  })
}

/**
 * Columns of the source that the cloud lacks although runs have copied them, or before any run. One that is new at the
 * source is no problem: it is left out until `setup` adds it.
 */
export function missingInCloud(
  carried: readonly ColumnShape[],
  source: TableShape,
  cloud: TableShape,
  apart: ReadonlySet<string>,
  known?: KnownColumns,
): SyncError | undefined {
  const missing = carried.filter(
    ({ name }) => !has(cloud, name) && (known === undefined || Object.hasOwn(known, name)),
  )
  if (missing.length === 0) return undefined
  const table = formatTableName(cloud.table)
  const fresh = cloud.columns.filter(
    ({ name }) =>
      known !== undefined && !Object.hasOwn(known, name) && !has(source, name) && !apart.has(name),
  )
  return new SyncError('COLUMN_MISSING', `the cloud ${table} has no column ${list(missing)}`, {
    remedy: [
      ...renames(
        'Where it was renamed in the cloud, name it as the source does:',
        cloud.table,
        fresh,
        missing,
      ),
      'Run master-sync setup, which adds:',
      ...missing.map(({ name, type }) => `alter table ${table} add column ${quoteName(name)} ${type};`),
      'or leave the column out with source: exclude.',
    ].join('\n'),
  })
}

/** Statements that rename, where the types say that it may have been that. */
function renames(
  words: string,
  table: TableName,
  from: readonly ColumnShape[],
  to: readonly ColumnShape[],
  more: (old: string, name: string) => readonly string[] = () => [],
): readonly string[] {
  const statements = from.flatMap((old) =>
    to
      .filter(({ type }) => type === old.type)
      .flatMap(({ name }) => [
        `alter table ${formatTableName(table)} rename column ${quoteName(old.name)} to ${quoteName(name)};`,
        ...more(old.name, name),
      ]),
  )
  return statements.length === 0 ? [] : [words, ...statements]
}

function isProtected(policy: ColumnPolicy | undefined): boolean {
  return policy === 'keep_edits' || policy === 'fill_empty'
}

/** What the ledger remembers of a column, and its open conflicts, under its new name. */
function rememberedAs(master: string, old: string, name: string): readonly string[] {
  const [from, to] = [quoteText(old), quoteText(name)]
  return ['bases', 'conflicts'].map(
    (field) =>
      `update master_sync.tracked_rows set ${field} = ${field} - ${from} || jsonb_build_object(${to}, ${field} -> ${from}) where master = ${quoteText(master)} and ${field} ? ${from};`,
  )
}

function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function has({ columns }: TableShape, name: string): boolean {
  return columns.some((column) => column.name === name)
}

function list(columns: readonly ColumnShape[]): string {
  return columns.map(({ name }) => quoteName(name)).join(', ')
}
