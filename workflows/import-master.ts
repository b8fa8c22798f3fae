import { ParentClosePolicy, setCurrentDetails, setHandler, startChild } from '@temporalio/workflow'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import type { CloseImportInput } from '../activities/close-import.js'
import type { Traffic } from '../activities/deps.js'
import type { ImportRef } from '../activities/import-step.js'
import type { PlannedImport } from '../activities/plan-import.js'
import type { ImportWritten } from '../core/import-plan.js'
import type { RunReport } from '../core/report.js'
import { describeReport } from './details.js'
import { endInOrder } from './end-in-order.js'
import { progressQuery, type ImportInput } from './messages.js'
import { round, type Phase, type Progress } from './state.js'
import { applicationFailure, proxySteps } from './steps.js'
import type { syncMaster } from './sync-master.js'
import { tell } from './tell.js'

/** How often what was planned may have changed when it is to be written: then others write the table all the time. */
const LOOKS = 5

/**
 * One import: compares published files with the on-prem table, and writes the differences in one transaction. Ends with
 * the run's report; a failed run fails with the error's code as type and the report as detail.
 */
export async function importMaster(input: ImportInput): Promise<RunReport> {
  const run = new ImportRun(input)
  setHandler(progressQuery, () => run.progress())
  const report = await endInOrder(
    async () => {
      await run.steps()
      return run.finish()
    },
    async (ended) => {
      const report = await run.close(ended)
      // A run that was stopped may have written all the same.
      await run.follow(report)
      return report
    },
  )
  await run.follow(report)
  return report
}

class ImportRun {
  readonly #input: ImportInput
  readonly #startedAt = Date.now()
  readonly #seconds: Record<string, number> = {}
  #proxies: ReturnType<typeof proxySteps>
  #phase: Phase = 'open'
  #phaseStartedAt = Date.now()
  #ref: ImportRef | undefined
  #import: string | undefined
  #loadedBefore: string | undefined
  #chained = false
  #planned = 0
  #held: PlannedImport['held'] = {}
  #written: ImportWritten | undefined
  #bytes: Traffic = { source: 0, cloud: 0 }

  constructor(input: ImportInput) {
    this.#input = input
    this.#import = input.import
    this.#proxies = proxySteps(input.leaseMs)
  }

  progress(): Progress {
    return {
      run: this.#ref?.run,
      phase: this.#phase,
      segments: { done: 0, total: 0 },
      rows: { done: this.#written === undefined ? 0 : this.#planned, total: this.#planned },
      seconds: round(Date.now() - this.#startedAt),
    }
  }

  async steps(): Promise<void> {
    await this.#open()
    if (this.#import === undefined && this.#loadedBefore === undefined) await this.#fetch()
    if (this.#import !== undefined) await this.#planAndApply(this.#import)
  }

  async #open(): Promise<void> {
    const { master, ledger } = this.#input
    this.#show()
    const opened = await this.#proxies.short.openImport.executeWithOptions({ summary: `open ${master}` }, [
      { master, ...this.#task(), ...(ledger === undefined ? {} : { ledger }) },
    ])
    this.#ref = opened.ref
    this.#import = opened.import
    this.#loadedBefore ??= opened.loadedBefore
    this.#chained = opened.chained
    this.#proxies = proxySteps(opened.leaseMs)
  }

  async #fetch(): Promise<void> {
    this.#enter('fetch')
    const { from, reading, approve } = this.#input
    const fetched = await this.#step((ref) =>
      this.#proxies.long.fetchFiles.executeWithOptions({ summary: 'fetch the files' }, [
        {
          ref,
          ...(from === undefined ? {} : { from }),
          ...(reading === undefined ? {} : { reading }),
          ...(approve === undefined ? {} : { approve }),
        },
      ]),
    )
    this.#import = fetched.import
    this.#loadedBefore = fetched.loadedBefore
  }

  async #planAndApply(id: string): Promise<void> {
    for (let look = 1; this.#written === undefined; look++) {
      this.#enter('plan')
      const { approve, answers } = this.#task()
      const plan = await this.#step((ref) =>
        this.#proxies.long.planImport.executeWithOptions({ summary: 'compare with the table' }, [
          {
            ...{ ref, import: id },
            ...(approve === undefined ? {} : { approve }),
            ...(answers === undefined ? {} : { answers }),
          },
        ]),
      )
      this.#planned = plan.planned
      this.#held = plan.held
      this.#enter('apply')
      try {
        const { written } = await this.#step((ref) =>
          this.#proxies.long.applyImport.executeWithOptions({ summary: `write ${plan.planned} rows` }, [
            { ref, import: id, plan: { allowed: plan.allowed, held: plan.held } },
          ]),
        )
        this.#written = written
      } catch (error) {
        if (applicationFailure(error)?.type !== 'IMPORT_MOVED' || look >= LOOKS) throw error
      }
    }
  }

  /** What was held is asked under the lease: whoever takes it over may put another question in its place. */
  finish(): Promise<RunReport> {
    return this.#leased(() => this.close({ kind: 'finished' }))
  }

  async close(ended: CloseImportInput['ended']): Promise<RunReport> {
    this.#enter('close')
    const report = await this.#proxies.short.closeImport.executeWithOptions(
      { summary: `close: ${ended.kind}` },
      [
        {
          ...{ master: this.#input.master, ...this.#task(), ended, held: this.#held, bytes: this.#bytes },
          ...(this.#ref === undefined ? {} : { ref: this.#ref }),
          ...(this.#import === undefined ? {} : { import: this.#import }),
          ...(this.#loadedBefore === undefined ? {} : { loadedBefore: this.#loadedBefore }),
          ...(this.#written === undefined ? {} : { written: this.#written }),
          seconds: { total: round(Date.now() - this.#startedAt), ...this.#seconds },
          startedAt: new Date(this.#startedAt).toISOString(),
        },
      ],
    )
    setCurrentDetails(describeReport(report))
    await tell(report)
    return report
  }

  /** What has been written is carried to the cloud at once, where the master's file asks for it. */
  async follow({ run, rows, master }: RunReport): Promise<void> {
    if (!this.#chained || rows.inserted + rows.updated + rows.marked === 0) return
    const { leaseMs, ledger, summaryOfSync } = this.#input
    try {
      await startChild<typeof syncMaster>('syncMaster', {
        workflowId: `sync-${master}`,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        ...(summaryOfSync === undefined ? {} : { staticSummary: summaryOfSync }),
        args: [
          {
            ...{ master, mode: 'apply', leaseMs, by: `import ${run}` },
            ...(ledger === undefined ? {} : { ledger }),
          },
        ],
      })
    } catch (error) {
      // One that is under way waits for the lease that this run has just given back: it will see what was written.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    }
  }

  async #step<T extends { readonly bytes: Traffic }>(call: (ref: ImportRef) => Promise<T>): Promise<T> {
    const result = await this.#leased(call)
    this.#bytes = {
      source: this.#bytes.source + result.bytes.source,
      cloud: this.#bytes.cloud + result.bytes.cloud,
    }
    return result
  }

  /** Runs a step of the open run. A run that was taken over queues for the lease and does the step again. */
  async #leased<T>(call: (ref: ImportRef) => Promise<T>): Promise<T> {
    for (;;) {
      if (this.#ref === undefined) throw new Error('the run is not open')
      try {
        return await call(this.#ref)
      } catch (error) {
        if (applicationFailure(error)?.type !== 'LEASE_LOST') throw error
        await this.#open()
      }
    }
  }

  #task(): Pick<ImportInput, 'approve' | 'answers' | 'by' | 'import'> {
    const { approve, answers, by } = this.#input
    return {
      ...(this.#import === undefined ? {} : { import: this.#import }),
      ...(approve === undefined ? {} : { approve }),
      ...(answers === undefined ? {} : { answers }),
      ...(by === undefined ? {} : { by }),
    }
  }

  #enter(phase: Phase): void {
    const now = Date.now()
    this.#seconds[this.#phase] = round((this.#seconds[this.#phase] ?? 0) * 1000 + now - this.#phaseStartedAt)
    this.#phase = phase
    this.#phaseStartedAt = now
    this.#show()
  }

  #show(): void {
    setCurrentDetails(`${this.#ref === undefined ? '' : `run ${this.#ref.run} · `}**${this.#phase}**`)
  }
}
