import { Context } from '@temporalio/activity'
import type { Master } from '../core/master.js'
import { SyncError } from '../core/errors.js'
import type { Scope } from '../db/digest.js'
import { renewLease, type Lease } from '../db/lease.js'
import { withListed } from '../db/listed-ids.js'
import { readContext, type RunContext } from '../db/runs.js'
import { inSession, type Session } from '../db/session.js'
import type { ActivityDeps, RunRef, Traffic } from './deps.js'
import { toFailure } from './failures.js'

/** A step's connections and the run it works for. */
export interface StepTools {
  readonly source: Session
  readonly cloud: Session
  readonly context: RunContext
  readonly lease: Lease
  /** To be called as work is done, with the rows done: tells Temporal and the lease that this step lives. */
  readonly heard: (rows?: number) => void
}

/** What a heartbeat carries: rows copied by this attempt. */
type StepProgress = number

/** Temporal throttles heartbeats itself; the lease is told this often, as a share of its life. */
const BEATS_PER_LEASE = 4

/** Wraps a step's work so that its errors reach Temporal with a code and a decision about retrying. */
export function asActivity<I, O>(work: (input: I) => Promise<O>): (input: I) => Promise<O> {
  return async (input) => {
    try {
      return await work(input)
    } catch (error) {
      throw toFailure(error)
    }
  }
}

/** A session on each side; a cancelled step's statements are cancelled with it. */
export function withSessions<T>(
  deps: ActivityDeps,
  names: Pick<RunRef, 'source' | 'cloud'>,
  work: (source: Session, cloud: Session) => Promise<T>,
): Promise<T> {
  const signal = Context.current().cancellationSignal
  return inSession(
    deps.database('cloud', names.cloud),
    (cloud) => inSession(deps.database('source', names.source), (source) => work(source, cloud), signal),
    signal,
  )
}

/** Runs a step of an open run; adds the bytes that passed on its connections to the result. */
export function runStep<I extends { readonly ref: RunRef }, O extends object>(
  deps: ActivityDeps,
  work: (tools: StepTools, input: I) => Promise<O>,
): (input: I) => Promise<O & { readonly bytes: Traffic }> {
  return asActivity((input: I) =>
    withSessions(deps, input.ref, async (source, cloud) => {
      const { ref } = input
      const context = await contextOf(cloud, ref)
      const lease = { master: ref.master, run: ref.run, token: ref.token }
      await renewLease(cloud, lease)
      const heard = announcer(deps, ref, lease)
      const result = await work({ source, cloud, context, lease, heard }, input)
      return { ...result, bytes: { source: source.traffic(), cloud: cloud.traffic() } }
    }),
  )
}

/** Contexts of the executions at hand: what was fixed at the opening need not be read for every step. */
const contexts = new Map<string, RunContext>()
const CONTEXTS_KEPT = 16

async function contextOf(cloud: Session, ref: RunRef): Promise<RunContext> {
  const { executionId } = executionIds()
  const known = contexts.get(executionId)
  if (known !== undefined) return known
  const context = await readContext(cloud, ref.run)
  if (context === undefined) {
    throw new SyncError(
      'RUN_UNKNOWN',
      `run ${ref.run} of ${ref.master} is not in the ledger, or was begun by another release`,
    )
  }
  contexts.set(executionId, context)
  for (const oldest of contexts.keys()) if (contexts.size > CONTEXTS_KEPT) contexts.delete(oldest)
  return context
}

/** The tools with what of a list in the ledger the scope holds, as it is now. */
export async function withListOf(tools: StepTools, scope: Scope): Promise<StepTools> {
  const { cloud, context } = tools
  const layout = await withListed(cloud, context.master.master, context.layout, scope)
  return { ...tools, context: { ...context, layout } }
}

/** The lease is renewed on a connection of its own: the step's may be in the middle of a COPY. */
function announcer(deps: ActivityDeps, ref: RunRef, lease: Lease): StepTools['heard'] {
  const { heartbeat } = Context.current()
  let renewed = performance.now()
  let done = 0
  return (rows = 0) => {
    done += rows
    heartbeat(done satisfies StepProgress)
    if (performance.now() - renewed < deps.leaseMs / BEATS_PER_LEASE) return
    renewed = performance.now()
    // A renewal that fails is not missed: what the step writes next meets the fence.
    inSession(deps.database('cloud', ref.cloud), (session) => renewLease(session, lease)).catch(
      () => undefined,
    )
  }
}

export function databasesOf(master: Master): Pick<RunRef, 'source' | 'cloud'> {
  return { source: master.source.database, cloud: master.cloud.database }
}

/** Which execution in Temporal this step belongs to. */
export function executionIds(): { readonly workflowId: string; readonly executionId: string } {
  const { workflowExecution } = Context.current().info
  if (workflowExecution === undefined) throw new Error('a step runs only within a workflow')
  return { workflowId: workflowExecution.workflowId, executionId: workflowExecution.runId }
}
