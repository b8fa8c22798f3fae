import { basename } from 'node:path'
import { SyncError } from '../core/errors.js'
import type { ImportPlan } from '../core/import-plan.js'
import type { Master } from '../core/master.js'
import { formatTableName } from '../core/table-name.js'
import { readTable } from '../db/catalog.js'
import { readFailure } from '../db/failures.js'
import { ownerIfAny } from '../db/import-owner.js'
import { makePlan, readPlan } from '../db/import-plan.js'
import { TEMPORARY_STAGE } from '../db/import-stage.js'
import { fitStage } from '../db/import-target.js'
import { named } from '../db/read-layout.js'
import { READ_COMMITTED, transaction } from '../db/session.js'
import { FEEDS } from '../feeds/feeds.js'
import { openFiles, stageForALook, type ReadingOptions } from '../feeds/stage-files.js'
import type { App } from './app.js'

/** The names of the forms of published files. */
export const FEED_NAMES: readonly string[] = FEEDS.map(({ name }) => name)

/**
 * What published files would change in the on-prem table of a master. Nothing is written but temporary tables, and
 * neither the cloud nor Temporal is needed.
 * @throws SyncError IMPORT_*, COLUMN_MISSING
 */
export function planImport(
  app: App,
  master: Master,
  files: readonly string[],
  options: ReadingOptions,
): Promise<ImportPlan> {
  return app.onSource(master, async (source) => {
    const reading = await openFiles(master, namedFiles(files), options)
    const shape = await readTable(source, 'source', named(master.source.table))
    return transaction(source, READ_COMMITTED, async () => {
      const staged = await stageForALook(source, master, shape, reading)
      const owner = await ownerIfAny(source, formatTableName(shape.table))
      const { columns, ...found } = staged
      const { table, enriches } = await fitStage(source, TEMPORARY_STAGE, master, shape, staged, owner)
      const plan = await differences(async () => {
        await makePlan(source, TEMPORARY_STAGE, table)
        return readPlan(source, TEMPORARY_STAGE)
      })
      return {
        ...{ master: master.master, ...found, ...plan, enriches },
        uncompared: columns.filter((name) => !table.names.includes(name)),
      }
    })
  })
}

/** Files as people name them, by the last part of their paths. */
export function namedFiles(
  paths: readonly string[],
): readonly { readonly path: string; readonly name: string }[] {
  return paths.map((path) => ({ path, name: basename(path) }))
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
