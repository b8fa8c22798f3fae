import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { SyncError } from '../core/errors.js'
import { checkImport, heldOf } from '../core/import-guard.js'
import type { ImportPlan } from '../core/import-preview.js'
import type { ReadingOptions } from '../core/import-reading.js'
import { IMPORT_GUARDS } from '../core/import-section.js'
import type { Master } from '../core/master.js'
import { formatTableName } from '../core/table-name.js'
import { readTable } from '../db/catalog.js'
import { compareStage } from '../db/import-compare.js'
import { notSetUp, pastIfAny } from '../db/import-past.js'
import { TEMPORARY_STAGE } from '../db/import-stage.js'
import { named } from '../db/read-layout.js'
import { READ_COMMITTED, transaction } from '../db/session.js'
import { FEEDS } from '../feeds/feeds.js'
import type { FeedFile } from '../feeds/parts.js'
import { refusalOf } from '../feeds/refusal.js'
import { resolveFiles } from '../feeds/resolve-files.js'
import { openFiles, stageForALook } from '../feeds/stage-files.js'
import type { App } from './app.js'
import { showingValues } from './shown-values.js'

/** The names of the forms of published files. */
export const FEED_NAMES: readonly string[] = FEEDS.map(({ name }) => name)

/**
 * What an import of published files would change in the on-prem table of a master, what of it would wait, and why it
 * would be refused. Nothing is written but temporary tables, and neither the cloud nor Temporal is needed.
 * @throws SyncError IMPORT_* where there is nothing to show, COLUMN_MISSING
 */
export function planImport(
  app: App,
  master: Master,
  from: readonly string[],
  options: ReadingOptions,
): Promise<ImportPlan> {
  return withFiles(master, from, (files) => showingValues(() => planOf(app, master, files, options)))
}

function planOf(
  app: App,
  master: Master,
  files: readonly FeedFile[],
  options: ReadingOptions,
): Promise<ImportPlan> {
  return app.onSource(master, async (source) => {
    const reading = await openFiles(master, files, options)
    const shape = await readTable(source, 'source', named(master.source.table))
    return transaction(source, READ_COMMITTED, async () => {
      const refusals: SyncError[] = []
      const refuse = (error: SyncError | undefined): void => {
        if (error !== undefined) refusals.push(error)
      }
      refuse(await notSetUp(source))
      const staged = await stageForALook(source, master, shape, reading)
      refuse(refusalOf(master, staged))
      const { found, guarded } = await compareStage(
        ...([source, TEMPORARY_STAGE, { master, shape }] as const),
        { ...staged, forced: options.forced === true, otherIds: options.otherIds === true },
        await pastIfAny(source, formatTableName(shape.table)),
        refuse,
      )
      const { columns: _, ...read } = staged
      const [refusal] = refusals
      const breaches =
        refusal === undefined ? checkImport(master.import?.guards ?? IMPORT_GUARDS, guarded) : []
      return {
        ...{ master: master.master, ...read, ...found },
        refused: refusal === undefined ? null : told(refusal),
        held: breaches.map(heldOf),
      }
    })
  })
}

function told({ code, message, remedy }: SyncError): ImportPlan['refused'] {
  return { code, message, remedy }
}

/** Works with files of this machine, or with such as are fetched for as long as that takes. */
async function withFiles<T>(
  master: Master,
  from: readonly string[],
  work: (files: readonly FeedFile[]) => Promise<T>,
): Promise<T> {
  if (from.length > 0 && !from.some(isUrl)) return work(namedFiles(from))
  const folder = await mkdtemp(join(tmpdir(), 'master-sync-import-'))
  try {
    const urls = placesOf(master, from).map((url) => new URL(url))
    return await work(await resolveFiles(urls, { folder }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What was named, or what the master's file names. @throws SyncError IMPORT_REFUSED */
export function placesOf(master: Master, from: readonly string[]): readonly string[] {
  const local = from.find((text) => !isUrl(text))
  if (local !== undefined)
    throw new SyncError('IMPORT_REFUSED', `${local} is a file of this machine, and others are URLs`, {
      remedy: 'Import files and URLs one after the other.',
    })
  if (from.length > 0) return from
  const { from: places = [] } = master.import ?? {}
  if (places.length > 0) return places
  throw new SyncError('IMPORT_REFUSED', `no file is named, and none stands in the file of ${master.master}`, {
    remedy: 'Name files or URLs, or write URLs under import: from: in the file of the master.',
  })
}

export function isUrl(text: string): boolean {
  return /^https?:\/\//iu.test(text)
}

/** Files as people name them, by the last part of their paths. */
export function namedFiles(paths: readonly string[]): readonly FeedFile[] {
  return paths.map((path) => ({ path, name: basename(path) }))
}
