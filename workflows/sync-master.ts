import { continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow'
import type { CloseRunInput } from '../activities/ended-run.js'
import type { RunRef, Traffic } from '../activities/deps.js'
import type { GuardedPlan } from '../activities/guard.js'
import type { RunReport } from '../core/report.js'
import type { RunTask } from '../core/task.js'
import { describeReport, describeState } from './details.js'
import { endInOrder } from './end-in-order.js'
import { progressQuery, type SyncInput } from './messages.js'
import { addBytes, enter, newState, progressOf, round, workRows, type Span, type SyncState } from './state.js'
import { applicationFailure, proxySteps } from './steps.js'
import { tell } from './tell.js'

/** Segments in flight at once: one copies while the other is written. */
const IN_FLIGHT = 2
const SAMPLE = 20

/**
 * One run: compares a master's two sides, writes the differences and proves the result. Ends with the run's report;
 * a failed run fails with the error's code as type and the report as detail.
 */
export async function syncMaster(input: SyncInput): Promise<RunReport> {
  const run = new SyncRun(input)
  setHandler(progressQuery, () => progressOf(run.state))
  return endInOrder(
    async () => {
      await run.steps()
      return run.close({ kind: 'finished' })
    },
    (ended) => run.close(ended),
  )
}

class SyncRun {
  readonly state: SyncState
  readonly #input: SyncInput
  #proxies: ReturnType<typeof proxySteps>

  constructor(input: SyncInput) {
    this.#input = input
    this.state = input.resumed ?? newState(Date.now())
    this.#proxies = proxySteps(this.state.leaseMs ?? input.leaseMs)
  }

  async steps(): Promise<void> {
    const { state } = this
    if (state.phase === 'open') await this.#open()
    if (state.phase === 'undo') await this.#undo()
    if (state.phase === 'cut') await this.#cut()
    if (state.phase === 'compare') await this.#compare()
    if (state.phase === 'guard') await this.#guard()
    if (state.phase === 'apply') await this.#apply()
    if (state.phase === 'prove') await this.#prove()
    if (state.replaces === true) await this.#replace()
    if (state.publishes === true) await this.#publish()
  }

  async #open(): Promise<void> {
    const { ledger, undoes } = this.#input
    const { master, mode } = this.#input
    this.#show()
    const opened = await this.#proxies.short.openRun.executeWithOptions({ summary: `open ${master}` }, [
      { master, mode, ...taskOf(this.#input), ...(ledger === undefined ? {} : { ledger }) },
    ])
    this.state.ref = opened.ref
    this.state.wal = opened.wal
    if (opened.publishes === true) this.state.publishes = true
    if (opened.replaces === true) this.state.replaces = true
    // What the steps may take is what the workers allow their statements, not what the starter's settings say.
    this.state.leaseMs = opened.leaseMs
    this.#proxies = proxySteps(opened.leaseMs)
    enter(this.state, undoes === undefined ? 'cut' : 'undo')
  }

  async #undo(): Promise<void> {
    const undone = await this.#step((ref) =>
      this.#proxies.long.undoRows.executeWithOptions({ summary: 'take back' }, [{ ref }]),
    )
    this.state.undone = undone.rows
    enter(this.state, 'close')
  }

  async #cut(): Promise<void> {
    const cut = await this.#step((ref) =>
      this.#proxies.long.cutSegments.executeWithOptions({ summary: 'cut segments' }, [{ ref }]),
    )
    this.state.segments = cut.segments
    this.state.listed = cut.listed
    if (cut.work === undefined) {
      enter(this.state, 'compare', spans(cut.segments, cut.together))
      return
    }
    this.state.work = cut.work.map(([segment, rows]) => [segment, rows])
    enter(this.state, this.state.work.length > 0 ? 'apply' : 'close', this.#workSpans())
  }

  async #compare(): Promise<void> {
    await this.#eachSpan(async ([first, last]) => {
      const summary = `compare segments ${first + 1} to ${last + 1} of ${this.state.segments}`
      const compared = await this.#step((ref) =>
        this.#proxies.long.compareSegments.executeWithOptions({ summary }, [{ ref, first, last }]),
      )
      this.state.work.push(...compared.work.map(([segment, rows]): [number, number] => [segment, rows]))
      return compared.listed
    })
    this.state.work.sort(([a], [b]) => a - b)
    enter(this.state, 'guard')
  }

  async #guard(): Promise<void> {
    const { state } = this
    const guarded = await this.#step((ref) =>
      this.#proxies.long.guard.executeWithOptions({ summary: 'check limits' }, [{ ref }]),
    )
    const writes = this.#input.mode === 'apply' && mayWrite(guarded, workRows(state))
    enter(state, writes ? 'apply' : 'close', writes ? this.#workSpans() : [])
  }

  async #apply(): Promise<void> {
    await this.#eachSpan(async ([segment]) => {
      const rows = this.#rowsOf(segment)
      const summary = `write segment ${segment + 1}: ${rows} rows`
      const { listed } = this.state
      await this.#step((ref) =>
        this.#proxies.long.applySegment.executeWithOptions({ summary }, [{ ref, segment, listed }]),
      )
      return rows
    })
    enter(this.state, 'prove', this.#workSpans())
  }

  async #prove(): Promise<void> {
    await this.#eachSpan(async ([segment]) => {
      const summary = `prove segment ${segment + 1}`
      const proven = await this.#step((ref) =>
        this.#proxies.long.proveSegment.executeWithOptions({ summary }, [{ ref, segment }]),
      )
      const { proof } = this.state
      this.state.proof = {
        unequal: proof.unequal + proven.unequal,
        moved: proof.moved + proven.moved,
        sample: [...proof.sample, ...proven.sample].slice(0, SAMPLE),
      }
      return this.#rowsOf(segment)
    })
    enter(this.state, 'close')
  }

  async #replace(): Promise<void> {
    enter(this.state, 'replace')
    await this.#step((ref) =>
      this.#proxies.long.replaceRows.executeWithOptions({ summary: 'replace rows' }, [{ ref }]),
    )
    enter(this.state, 'close')
  }

  async #publish(): Promise<void> {
    enter(this.state, 'publish')
    await this.#step((ref) =>
      this.#proxies.long.publishLists.executeWithOptions({ summary: 'publish the list' }, [{ ref }]),
    )
    enter(this.state, 'close')
  }

  async close(ended: CloseRunInput['ended']): Promise<RunReport> {
    const { state } = this
    const { master, mode } = this.#input
    if (state.phase !== 'close') enter(state, 'close')
    this.#show()
    const report = await this.#proxies.short.closeRun.executeWithOptions(
      { summary: `close: ${ended.kind}` },
      [
        {
          master,
          mode,
          ...taskOf(this.#input),
          ...(state.undone === undefined ? {} : { undone: state.undone }),
          ...(state.ref === undefined ? {} : { ref: state.ref }),
          ...(state.wal === undefined ? {} : { wal: state.wal }),
          bytes: state.bytes,
          seconds: { total: round(Date.now() - state.startedAt), ...state.seconds },
          startedAt: new Date(state.startedAt).toISOString(),
          work: workRows(state),
          proof: state.proof,
          ended,
        },
      ],
    )
    setCurrentDetails(describeReport(report))
    await tell(report)
    return report
  }

  /** Runs a step of the open run. A run that was taken over queues for the lease and does the step again. */
  async #step<T extends { readonly bytes: Traffic }>(call: (ref: RunRef) => Promise<T>): Promise<T> {
    for (;;) {
      const { ref } = this.state
      if (ref === undefined) throw new Error('the run is not open')
      try {
        const result = await call(ref)
        addBytes(this.state, result.bytes)
        return result
      } catch (error) {
        if (applicationFailure(error)?.type !== 'LEASE_LOST') throw error
        this.state.ref = await this.#proxies.short.regainLease.executeWithOptions(
          { summary: 'queue for the lease' },
          [ref],
        )
      }
    }
  }

  /** A few segments at once; between segments a long history is left behind by continuing as new. */
  async #eachSpan(work: (span: Span) => Promise<number>): Promise<void> {
    const { state } = this
    let failed = false
    const lane = async (): Promise<void> => {
      while (!failed && !this.#historyIsLong()) {
        const span = state.left.shift()
        if (span === undefined) return
        const [first, last] = span
        try {
          state.rowsDone += await work(span)
          state.done += last - first + 1
          this.#show()
        } catch (error) {
          failed = true
          throw error
        }
      }
    }
    const lanes = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, lane))
    for (const result of lanes) if (result.status === 'rejected') throw result.reason
    if (state.left.length > 0) await continueAsNew<typeof syncMaster>({ ...this.#input, resumed: state })
  }

  #historyIsLong(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo()
    const limit = this.#input.historyLimit
    return limit === undefined ? continueAsNewSuggested : historyLength >= limit
  }

  #workSpans(): readonly Span[] {
    return this.state.work.map(([segment]) => [segment, segment])
  }

  #rowsOf(segment: number): number {
    return this.state.work.find(([number]) => number === segment)?.[1] ?? 0
  }

  #show(): void {
    setCurrentDetails(describeState(this.state))
  }
}

/**
 * Whether something is left to write beside what is held. A run that was begun before anything was held gave no counts:
 * it writes all that it planned.
 */
function mayWrite({ planned, held = 0 }: Partial<GuardedPlan>, all: number): boolean {
  return (planned ?? all) > held
}

/** What was asked for beside the mode. */
function taskOf({ only, approve, answers, undoes, by }: RunTask): RunTask {
  return {
    ...(only === undefined ? {} : { only }),
    ...(approve === undefined ? {} : { approve }),
    ...(answers === undefined ? {} : { answers }),
    ...(undoes === undefined ? {} : { undoes }),
    ...(by === undefined ? {} : { by }),
  }
}

/** All segments, so many at a time. */
function spans(segments: number, together: number): readonly Span[] {
  return Array.from({ length: Math.ceil(segments / together) }, (_, index): Span => {
    const first = index * together
    return [first, Math.min(first + together, segments) - 1]
  })
}
