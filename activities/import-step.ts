import { Context } from '@temporalio/activity'
import { checkLease, renewLease } from '../db/lease.js'
import { inSession, type Session } from '../db/session.js'
import type { ActivityDeps, RunRef, Traffic } from './deps.js'
import { asActivity, withSessions } from './step.js'

/** Which run a step of an import belongs to. */
export interface ImportRef extends RunRef {
  readonly ledger: string
}

export interface ImportTools {
  readonly source: Session
  readonly cloud: Session
}

/** A share of a lease: what a step does on-prem is one statement after another, of which any may take long. */
const BEATS_PER_LEASE = 8

/** Runs a step of an import; while it works, Temporal and the lease are told that it lives. */
export function runImportStep<I extends { readonly ref: ImportRef }, O extends object>(
  deps: ActivityDeps,
  work: (tools: ImportTools, input: I) => Promise<O>,
): (input: I) => Promise<O & { readonly bytes: Traffic }> {
  return asActivity((input: I) =>
    withSessions(deps, input.ref, async (source, cloud) => {
      const { ref } = input
      const { heartbeat } = Context.current()
      const beat = (): void => {
        heartbeat()
        inSession(deps.database('cloud', ref.cloud), (session) => renewLease(session, ref)).catch(
          () => undefined,
        )
      }
      await renewLease(cloud, ref)
      await checkLease(cloud, ref)
      const beating = setInterval(beat, deps.leaseMs / BEATS_PER_LEASE)
      try {
        const result = await work({ source, cloud }, input)
        return { ...result, bytes: { source: source.traffic(), cloud: cloud.traffic() } }
      } finally {
        clearInterval(beating)
      }
    }),
  )
}
