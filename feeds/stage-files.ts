import type { ReadingOptions } from '../core/import-reading.js'
import { importTable, type ImportTable } from '../core/import-table.js'
import type { Master } from '../core/master.js'
import { NORMALISE_VERSION } from '../core/normalise.js'
import type { TableShape } from '../core/shape.js'
import { formatTableName } from '../core/table-name.js'
import { leaveMisfits } from '../db/import-fit.js'
import { foldStage } from '../db/import-fold.js'
import { respellKeys } from '../db/import-keys.js'
import { createStage, createTemporaryStage, stageOf, stageRows, TEMPORARY_STAGE } from '../db/import-stage.js'
import { withValues } from '../db/import-values.js'
import { reserveImport, storeImport, type NewImport } from '../db/imports.js'
import { READ_COMMITTED, transaction, type Session } from '../db/session.js'
import type { Fragment } from '../db/fragments.js'
import { digestOf } from './file-digest.js'
import { withMisfits } from './misfits.js'
import type { FeedFile } from './parts.js'
import { readFeed, type FeedReading } from './read-feed.js'
import { refusalOf } from './refusal.js'

/** What was read, without the number of an import and what decides whether it is the same as another. */
type Staged = Omit<NewImport, 'digest' | 'forced' | 'otherIds'>

/** Opens files of one publication as the master's file says. @throws SyncError IMPORT_* */
export function openFiles(
  master: Master,
  files: readonly FeedFile[],
  options: ReadingOptions,
): Promise<FeedReading> {
  const { csv: mapping, personal = false, feed } = master.import ?? {}
  const { forced: _, otherIds: __, ...reading } = options
  const form = options.feed ?? feed
  const mapped = mapping === undefined || form !== undefined ? {} : { mapping }
  return readFeed(files, { ...reading, personal, ...mapped, ...(form === undefined ? {} : { feed: form }) })
}

/** For a look: within a transaction, which leaves nothing of it. @throws SyncError IMPORT_*, COLUMN_MISSING */
export async function stageForALook(
  session: Session,
  master: Master,
  shape: TableShape,
  reading: FeedReading,
): Promise<Staged> {
  const table = importTable(master, shape, reading)
  await createTemporaryStage(session, reading.columns.length)
  return fill(session, TEMPORARY_STAGE, table, reading)
}

/**
 * Stages files on-prem, all of them or nothing.
 * @param taken what else is done of the import, in the same transaction
 * @returns the number of the import
 * @throws SyncError IMPORT_*, COLUMN_MISSING
 */
export async function stageFiles(
  session: Session,
  master: Master,
  shape: TableShape,
  files: readonly FeedFile[],
  options: ReadingOptions,
  taken: (id: string) => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly id: string; readonly staged: Staged }> {
  const reading = await openFiles(master, files, options)
  const table = importTable(master, shape, reading)
  const digest = await digestOfReading(master, files, options)
  return transaction(session, READ_COMMITTED, async () => {
    const id = await reserveImport(session, formatTableName(shape.table))
    await createStage(session, id, reading.columns.length)
    const staged = await fill(session, stageOf(id), table, reading)
    const refusal = refusalOf(master, staged)
    if (refusal !== undefined) throw refusal
    await storeImport(session, id, {
      ...staged,
      digest,
      forced: options.forced === true,
      otherIds: options.otherIds === true,
    })
    await taken(id)
    return { id, staged }
  })
}

/** What decides, beside the bytes of the files, what becomes of them. */
export function digestOfReading(
  master: Master,
  files: readonly FeedFile[],
  { feed, repair, asOf, otherIds }: ReadingOptions,
): Promise<string> {
  const { csv, personal, feed: form } = master.import ?? {}
  return digestOf(files, [feed ?? form, repair, asOf, otherIds, csv, personal, NORMALISE_VERSION])
}

async function fill(
  session: Session,
  stage: Fragment,
  table: ImportTable,
  reading: FeedReading,
): Promise<Staged> {
  const { publication, columns } = reading
  await withValues(() => stageRows(session, stage, columns.length, reading.rows))
  const misfits = await leaveMisfits(session, stage, table, publication)
  const { files, findings } = withMisfits(reading.summary(), misfits, reading.headerOf)
  await respellKeys(session, stage, table, publication)
  const { folded, contradicting } = await foldStage(session, stage, table)
  return {
    ...{ publication, columns, findings, folded },
    files: files.map(({ asOf, encoding, ...file }) => ({
      ...file,
      as_of: asOf ?? null,
      encoding: encoding ?? null,
    })),
    contradicting: {
      rows: contradicting.rows,
      sample: contradicting.sample.map(({ id, file, line }) => ({ id, line, file: files[file]?.file ?? '' })),
    },
  }
}
