import type { Key } from '../core/ids.js'
import type { Mode } from '../core/report.js'
import { checkCanary } from '../db/canary.js'
import { checkKeys, checkOnly, checkPermissions } from '../db/checks.js'
import { checkInstallation } from '../db/installation.js'
import { acquireLease } from '../db/lease.js'
import { requireLedger } from '../db/migrate.js'
import { readLayout } from '../db/read-layout.js'
import { recordRun, storeLayout, walPosition } from '../db/runs.js'
import { countTracked } from '../db/tracked.js'
import type { ActivityDeps, RunRef } from './deps.js'
import { asActivity, databasesOf, executionIds, withSessions } from './step.js'

export interface OpenRunInput {
  readonly master: string
  readonly mode: Mode
  /** Keys of `--only`. */
  readonly only?: readonly Key[]
  /** The ledger that the run belongs to. */
  readonly ledger?: string
}

export interface OpenedRun {
  readonly ref: RunRef
  /** The cloud server's WAL position, bytes. */
  readonly wal: number
  readonly leaseMs: number
}

/**
 * Records the run, waits for the lease, and fixes what every later step builds its SQL from. Nothing is written to
 * the synced tables before all that can be wrong with them has been looked at.
 */
export function openRun(deps: ActivityDeps): (input: OpenRunInput) => Promise<OpenedRun> {
  return asActivity(async (input: OpenRunInput) => {
    const master = deps.loadMaster(input.master)
    const names = databasesOf(master)
    return withSessions(deps, names, async (source, cloud) => {
      await requireLedger(cloud)
      await checkInstallation(cloud, input.ledger)
      const run = await recordRun(cloud, {
        master,
        mode: input.mode,
        ...executionIds(),
        only: input.only,
      })
      const lease = await acquireLease(cloud, master.master, run, deps.leaseMs)
      const layout = await readLayout(source, cloud, master)
      await checkPermissions(source, cloud, layout)
      await checkKeys(source, layout)
      await checkCanary(source, cloud, layout)
      if (input.only !== undefined) await checkOnly(source, cloud, layout, master.master, input.only)
      await storeLayout(cloud, run, master, layout, await countTracked(cloud, master.master))
      return {
        ref: { master: master.master, run, token: lease.token, ...names },
        wal: await walPosition(cloud),
        leaseMs: deps.leaseMs,
      }
    })
  })
}

/** For a run that was taken over: queues for the lease again. */
export function regainLease(deps: ActivityDeps): (ref: RunRef) => Promise<RunRef> {
  return asActivity((ref: RunRef) =>
    withSessions(deps, ref, async (_, cloud) => {
      const lease = await acquireLease(cloud, ref.master, ref.run, deps.leaseMs)
      return { ...ref, token: lease.token }
    }),
  )
}
