import { SyncError } from '../../core/errors.js'
import { formatSpan } from '../../core/span.js'
import { readHeldLease, type HeldLease } from '../../db/copy-state.js'
import { listOpenRuns, type StoredRun } from '../../db/runs.js'
import type { Master } from '../../core/master.js'
import type { App } from '../app.js'
import { look } from '../follow.js'
import { fateOf } from '../cancel.js'
import { examine, skipped, type Examined } from './examine.js'
import { optional } from './optional.js'

/** Runs that the ledger has as under way, and the lease; without Temporal nobody knows whether they are. */
export function examineOpenRuns(app: App, master: Master, temporal: boolean): Promise<Examined> | Examined {
  const about = { check: 'open_runs', master: master.master } as const
  if (!temporal) return skipped(about, 'Temporal is out of reach')
  return examine(about, async () => {
    const fates = new Map<number, Fate>()
    for (const run of await listed(app, master)) fates.set(run.run, await fateOf(await app.temporal(), run))
    // A run that ends closes in the ledger first: one that Temporal had as ended, and is open even now, stays so.
    const runs = await listed(app, master)
    const lease = await app.onCloud(master, (cloud) => readHeldLease(cloud, master.master))
    const seen: string[] = []
    const findings: SyncError[] = []
    for (const run of runs) {
      const fate = fates.get(run.run) ?? 'running'
      if (fate === 'running') seen.push(await underWay(app, run))
      else findings.push(abandoned(run, fate, lease))
    }
    if (seen.length === 0) seen.push('none')
    if (lease !== undefined && isLeft(app, lease)) seen.push(left(lease))
    return { seen: seen.join('; '), findings }
  })
}

type Fate = Awaited<ReturnType<typeof fateOf>>

function listed(app: App, master: Master): Promise<readonly StoredRun[]> {
  return app.onCloud(master, (cloud) => listOpenRuns(cloud, master.master))
}

async function underWay(app: App, { run, startedAt, workflowId }: StoredRun): Promise<string> {
  const { retrying } = await look(await app.temporal(), { workflowId })
  const span = formatSpan((Date.now() - startedAt.getTime()) / 1000)
  return `run ${run} for ${span}${retrying === undefined ? '' : `, waiting: ${retrying}`}`
}

function abandoned(
  { run, master }: StoredRun,
  fate: Exclude<Fate, 'running'>,
  lease: HeldLease | undefined,
): SyncError {
  const held = lease?.run === run ? ', and it holds the lease' : ''
  const message =
    fate === 'ended'
      ? `run ${run} of ${master} is open in the ledger, but has ended in Temporal${held}`
      : `run ${run} of ${master} is open in the ledger, but Temporal does not know it${held}: it was started in another server or namespace, or Temporal has lost its data`
  return new SyncError('RUN_ABANDONED', message, {
    remedy: `master-sync cancel ${run}${fate === 'unknown' ? ' --lost' : ''} --master ${master}`,
  })
}

/** A closing run lets go of the lease at once, and any other by itself after as long. */
function isLeft(app: App, { open, silent }: HeldLease): boolean {
  const leaseMs = optional(() => app.leaseMs)
  return !open && leaseMs !== undefined && silent > leaseMs / 1000
}

function left({ run }: HeldLease): string {
  return `the lease is still that of run ${run}, which ended without letting go: the next run takes it over`
}
