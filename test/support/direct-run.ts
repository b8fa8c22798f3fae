import { randomUUID } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/common'
import { asyncLocalStorage, Context, type Info } from '@temporalio/activity'
import { createActivities, type Activities } from '../../activities/index.js'
import type { RunRef } from '../../activities/deps.js'
import { readMaster } from '../../config/masters.js'
import type { RunFailure, RunReport } from '../../core/report.js'
import type { SyncInput } from '../../workflows/messages.js'
import { newState, type SyncState } from '../../workflows/state.js'
import type { World } from './world.js'

/** What a run may be asked for beside the master: as `SyncInput`, without what only Temporal needs. */
export type DirectInput = Partial<Omit<SyncInput, 'master' | 'leaseMs' | 'historyLimit' | 'resumed'>>

/** Does the steps of one run, in the order of the workflow. */
export type DirectRun = (input?: DirectInput) => Promise<RunReport>

/**
 * Runs in this process, without Temporal: for tests that need thousands. All else is as in the world: its two
 * databases, its master's file. Steps follow each other, one attempt each; a failed one fails the run as the workflow
 * would have it.
 */
export function directRun(world: World): DirectRun {
  const activities = directActivities(world)
  return (input = {}) =>
    inStep(() => steps(activities, { mode: 'apply', ...input, master: world.master.master }))
}

/** The steps as a worker of the world would have them. */
export function directActivities(world: World): Activities {
  const { environment, databases, mastersFolder, leaseMs } = world.app
  return createActivities({
    loadMaster: (name) => readMaster(mastersFolder, name),
    database: databases.get,
    leaseMs,
    listsFolder: mastersFolder,
    segmentRows: environment.number('SEGMENT_ROWS'),
    batchRows: environment.number('BATCH_ROWS'),
    webhook: undefined,
  })
}

/** Works as within a step of an execution of its own. */
export function inStep<T>(work: () => Promise<T>): Promise<T> {
  return asyncLocalStorage.run(stepContext(), work)
}

type RunInput = DirectInput & Pick<SyncInput, 'master' | 'mode'>
type Close = Parameters<Activities['closeRun']>[0]

async function steps(activities: Activities, input: RunInput): Promise<RunReport> {
  const state = newState(Date.now())
  const closing = (ended: Close['ended']): Close => ({
    ...input,
    ...(state.undone === undefined ? {} : { undone: state.undone }),
    ...(state.ref === undefined ? {} : { ref: state.ref }),
    bytes: state.bytes,
    seconds: { total: 0 },
    startedAt: new Date(state.startedAt).toISOString(),
    work: state.work.reduce((sum, [, rows]) => sum + rows, 0),
    proof: state.proof,
    ended,
  })
  try {
    const { ref, publishes, replaces } = await activities.openRun(input)
    state.ref = ref
    if (input.undoes !== undefined) state.undone = (await activities.undoRows({ ref })).rows
    else await write(activities, input, state, ref)
    if (replaces === true) await activities.replaceRows({ ref })
    if (publishes === true) await activities.publishLists({ ref })
  } catch (error) {
    // Anything else is a fault of the code, which Temporal would retry for ever.
    if (!(error instanceof ApplicationFailure)) throw error
    return activities.closeRun(closing({ kind: 'failed', failure: failureOf(error) }))
  }
  return activities.closeRun(closing({ kind: 'finished' }))
}

/** All between the opening and the close of a run that compares, or that does what was held. */
async function write(
  activities: Activities,
  { mode }: RunInput,
  state: SyncState,
  ref: RunRef,
): Promise<void> {
  const cut = await activities.cutSegments({ ref })
  const add = (work: NonNullable<typeof cut.work>): void =>
    void state.work.push(...work.map(([segment, rows]): [number, number] => [segment, rows]))
  let writes = mode === 'apply'
  if (cut.work === undefined) {
    for (let first = 0; first < cut.segments; first += cut.together) {
      const last = Math.min(first + cut.together, cut.segments) - 1
      add((await activities.compareSegments({ ref, first, last })).work)
    }
    const { planned, held } = await activities.guard({ ref })
    writes &&= planned > held
  } else {
    add(cut.work)
  }
  if (!writes) return
  const { listed } = cut
  for (const [segment] of state.work) await activities.applySegment({ ref, segment, listed })
  for (const [segment] of state.work) {
    const { unequal, moved, sample } = await activities.proveSegment({ ref, segment })
    const { proof } = state
    state.proof = {
      unequal: proof.unequal + unequal,
      moved: proof.moved + moved,
      sample: [...proof.sample, ...sample],
    }
  }
}

export function failureOf({ type, message, details }: ApplicationFailure): RunFailure {
  const remedy: unknown = (details?.[0] as { readonly remedy?: unknown } | undefined)?.remedy
  return { code: type ?? 'UNKNOWN', message, remedy: typeof remedy === 'string' ? remedy : '' }
}

/** As a worker makes it: an execution of its own, never cancelled. */
function stepContext(): Context {
  const info = {
    attempt: 1,
    workflowExecution: { workflowId: 'direct', runId: randomUUID() },
  } as unknown as Info
  const silent = (): void => undefined
  const log = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent }
  const metrics = undefined as unknown as ConstructorParameters<typeof Context>[6]
  return new Context(
    info,
    new Promise<never>(silent),
    new AbortController().signal,
    silent,
    undefined,
    log,
    metrics,
    {},
  )
}
