import { Context } from '@temporalio/activity'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SyncError } from '../core/errors.js'
import type { ReadingOptions } from '../core/import-reading.js'
import { formatTableName } from '../core/table-name.js'
import { openQuestion } from '../db/answers.js'
import { readTable } from '../db/catalog.js'
import { findLoaded, findRejected } from '../db/import-found.js'
import { takeImport } from '../db/imports.js'
import { named } from '../db/read-layout.js'
import { resolveFiles } from '../feeds/resolve-files.js'
import { digestOfReading, stageFiles } from '../feeds/stage-files.js'
import type { ActivityDeps } from './deps.js'
import { runImportStep, type ImportRef } from './import-step.js'
import type { ImportTask } from './open-import.js'

export interface FetchFilesInput extends Pick<ImportTask, 'approve'> {
  readonly ref: ImportRef
  /** URLs of files, or of pages that link to them; missing: as the master's file says. */
  readonly from?: readonly string[]
  readonly reading?: ReadingOptions
}

/** The import that was staged, or the one that had the very same files. */
export interface FetchedImport {
  readonly import?: string
  readonly loadedBefore?: string
}

/** Fetches published files and stages them; what the table has of the very same files already is not staged again. */
export function fetchFiles(deps: ActivityDeps) {
  return runImportStep(
    deps,
    async (
      { source, cloud },
      { ref, from, reading = {}, approve }: FetchFilesInput,
    ): Promise<FetchedImport> => {
      const master = deps.loadMaster(ref.master)
      const urls = from ?? master.import?.from ?? []
      if (urls.length === 0)
        throw new SyncError('IMPORT_REFUSED', `the file of ${ref.master} names no place to fetch from`, {
          remedy: 'Name URLs under import: from: in the file of the master.',
        })
      const folder = await mkdtemp(join(tmpdir(), 'master-sync-import-'))
      try {
        const files = await resolveFiles(
          urls.map((url) => new URL(url)),
          { folder, signal: Context.current().cancellationSignal },
        )
        const shape = await readTable(source, 'source', named(master.source.table))
        const table = formatTableName(shape.table)
        const asks = (await openQuestion(cloud, ref.master, 'import'))?.run
        const digest = await digestOfReading(master, files, reading)
        const looked = { table, digest, ledger: ref.ledger, asks }
        const rejected = approve === true ? undefined : await findRejected(source, looked)
        const before = (await findLoaded(source, looked)) ?? rejected
        if (before !== undefined && reading.forced !== true) return { loadedBefore: before }
        const { id } = await stageFiles(source, master, shape, files, reading, (staged) =>
          takeImport(source, table, staged, ref.ledger, ref.run),
        )
        return { import: id }
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  )
}
