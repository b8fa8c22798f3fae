import { ApplicationFailure } from '@temporalio/common'
import type { ImportTask } from '../../activities/open-import.js'
import type { CloseImportInput } from '../../activities/close-import.js'
import type { ReadingOptions } from '../../core/import-reading.js'
import type { RunReport } from '../../core/report.js'
import { readTable } from '../../db/catalog.js'
import { named } from '../../db/read-layout.js'
import { stageFiles } from '../../feeds/stage-files.js'
import { namedFiles } from '../../operations/import.js'
import { directActivities, failureOf, inStep } from './direct-run.js'
import type { World } from './world.js'

interface DirectImportInput {
  readonly files?: readonly string[]
  /** The number of an import that was staged already. */
  readonly staged?: string
  readonly reading?: ReadingOptions
  readonly from?: readonly string[]
  readonly approve?: true
  readonly answers?: number
  readonly by?: string
}

/** Imports in this process, without Temporal: the steps in the order of the workflow, one attempt each. */
export type DirectImport = (input: DirectImportInput) => Promise<RunReport>

export function directImport(world: World): DirectImport {
  const activities = directActivities(world)
  const master = world.master.master
  return async ({ files, staged: before, reading = {}, from, approve, answers, by }) => {
    const staged = files === undefined ? before : await stage(world, files, reading)
    const task: ImportTask = {
      ...(staged === undefined ? {} : { import: staged }),
      ...(approve === undefined ? {} : { approve }),
      ...(answers === undefined ? {} : { answers }),
      ...(by === undefined ? {} : { by }),
    }
    return inStep(async () => {
      let input: CloseImportInput = {
        ...{ master, ...task, held: {}, bytes: { source: 0, cloud: 0 }, seconds: { total: 0 } },
        ...{ startedAt: new Date().toISOString(), ended: { kind: 'finished' } },
      }
      try {
        const opened = await activities.openImport({ master, ...task })
        const { ref } = opened
        input = { ...input, ref }
        const { import: id, loadedBefore } =
          opened.import === undefined && opened.loadedBefore === undefined
            ? await activities.fetchFiles({ ref, ...task, reading, ...(from === undefined ? {} : { from }) })
            : opened
        if (loadedBefore !== undefined) return await activities.closeImport({ ...input, loadedBefore })
        if (id === undefined) throw new Error('nothing was staged')
        input = { ...input, import: id }
        const plan = await activities.planImport({ ref, ...task, import: id })
        const { written } = await activities.applyImport({ ref, import: id, plan })
        return await activities.closeImport({ ...input, held: plan.held, written })
      } catch (error) {
        if (!(error instanceof ApplicationFailure)) throw error
        return activities.closeImport({ ...input, ended: { kind: 'failed', failure: failureOf(error) } })
      }
    })
  }
}

/** What the command does with files before it starts a run. */
export function stage(world: World, files: readonly string[], reading: ReadingOptions): Promise<string> {
  const { app, master } = world
  return app.onSource(master, async (source) => {
    const shape = await readTable(source, 'source', named(master.source.table))
    return (await stageFiles(source, master, shape, namedFiles(files), reading)).id
  })
}
