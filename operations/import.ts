import { basename } from 'node:path'
import { SyncError } from '../core/errors.js'
import type { ImportPlan } from '../core/import-plan.js'
import type { Master } from '../core/master.js'
import type { TableShape } from '../core/shape.js'
import { formatTableName } from '../core/table-name.js'
import { readTable } from '../db/catalog.js'
import { readFailure } from '../db/failures.js'
import { importDifferences, repeatedRows, type ImportTable } from '../db/import-plan.js'
import { stageImport } from '../db/import-stage.js'
import { named } from '../db/read-layout.js'
import { FEEDS } from '../feeds/feeds.js'
import { readFeed, type FeedOptions, type FeedReading } from '../feeds/read-feed.js'
import type { App } from './app.js'

/** The names of the forms of published files. */
export const FEED_NAMES: readonly string[] = FEEDS.map(({ name }) => name)

/**
 * What published files would change in the on-prem table of a master. Nothing is written but a temporary table.
 * @throws SyncError IMPORT_*, COLUMN_MISSING
 */
export function planImport(
  app: App,
  master: Master,
  files: readonly string[],
  options: Pick<FeedOptions, 'feed' | 'repair' | 'asOf'>,
): Promise<ImportPlan> {
  return app.onSource(master, async (source) => {
    const { csv: mapping, personal = false } = master.import ?? {}
    const reading = await readFeed(
      files.map((path) => ({ path, name: basename(path) })),
      { ...options, personal, ...(mapping === undefined || options.feed !== undefined ? {} : { mapping }) },
    )
    const shape = await readTable(source, 'source', named(master.source.table))
    const table = tableFor(master, shape, reading)
    await stageImport(source, reading.columns.length, reading.rows)
    const { files: read, findings } = reading.summary()
    const found = await differences(() => importDifferences(source, table))
    return {
      master: master.master,
      publication: reading.publication,
      files: read.map(({ asOf, encoding, ...file }) => ({
        ...file,
        as_of: asOf ?? null,
        encoding: encoding ?? null,
      })),
      findings,
      ...(await repeatedRows(source, table)),
      ...found,
      uncompared: reading.columns.filter((name) => !shape.columns.some((column) => column.name === name)),
    }
  })
}

/** What says which part of the register a row is of, by publication. */
const SCOPES: Readonly<Record<string, NonNullable<ImportTable['scope']>>> = {
  iryojohonet: ['prefecture_code', 'institution_type'],
  kouseikyoku: 'code',
}

function tableFor(master: Master, shape: TableShape, { columns, publication }: FeedReading): ImportTable {
  const key = master.source.key.map((name) => {
    const found = shape.columns.find((column) => column.name === name)
    const index = columns.indexOf(name)
    if (found !== undefined && index >= 0) return { shape: found, index }
    const which = found === undefined ? formatTableName(shape.table) : 'what is read of the files'
    throw new SyncError('COLUMN_MISSING', `${which} has no column ${name}, the key of ${master.master}`)
  })
  const has = (name: string): boolean => shape.columns.some((column) => column.name === name)
  const scope = SCOPES[publication] ?? master.import?.csv?.scope ?? []
  return {
    table: shape.table,
    key,
    columns: shape.columns.flatMap((column) => {
      const index = columns.indexOf(column.name)
      return index < 0 || column.generated || master.source.key.includes(column.name)
        ? []
        : [{ shape: column, index }]
    }),
    scope: scope === 'code' || scope.every(has) ? scope : undefined,
    closed: has('closed_on') ? 'closed_on' : undefined,
  }
}

/** A value of a CSV of one's own may be none of its column's type. */
async function differences<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { verdict, message } = readFailure(error)
    if (verdict !== 'row') throw error
    throw new SyncError('IMPORT_INVALID', `a value of the files is none of its column: ${message}`, {
      cause: error,
    })
  }
}
