import { SyncError } from '../core/errors.js'
import type { Mode } from '../core/report.js'
import type { RunTask } from '../core/task.js'
import { checkCanary } from '../db/canary.js'
import { checkKeys, checkOnly, checkPermissions } from '../db/checks.js'
import { readHeld } from '../db/held.js'
import { holdAfterUndo, liftHold, putOnHold, readHold } from '../db/holds.js'
import { checkInstallation } from '../db/installation.js'
import { acquireLease, checkLease, type Lease } from '../db/lease.js'
import { requireLedger } from '../db/migrate.js'
import { acceptQuestion } from '../db/questions.js'
import { hasReplacements } from '../db/replacements.js'
import { readLayout } from '../db/read-layout.js'
import { newRun, readContext, recordRun, storeLayout, walPosition } from '../db/runs.js'
import { READ_COMMITTED, transaction, type Session } from '../db/session.js'
import { countTracked } from '../db/tracked.js'
import type { ActivityDeps, RunRef } from './deps.js'
import { asActivity, databasesOf, executionIds, withSessions } from './step.js'

export interface OpenRunInput extends RunTask {
  readonly master: string
  readonly mode: Mode
  /** The ledger that the run belongs to. */
  readonly ledger?: string
}

export interface OpenedRun {
  readonly ref: RunRef
  /** The cloud server's WAL position, bytes. */
  readonly wal: number
  readonly leaseMs: number
  /** Whether the list is to be written somewhere after the run; missing in runs of earlier releases. */
  readonly publishes?: boolean
  /** Whether rows are to take the place of others; missing in runs of earlier releases. */
  readonly replaces?: boolean
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
      const run = await recordRun(cloud, newRun(master, input.mode, input, executionIds()))
      const lease = await acquireLease(cloud, master.master, run, deps.leaseMs)
      const layout = await readLayout(source, cloud, master)
      await checkPermissions(source, cloud, layout)
      await checkKeys(source, layout)
      await checkCanary(source, cloud, layout)
      if (input.only !== undefined) await checkOnly(source, cloud, layout, master.master, input.only)
      await storeLayout(cloud, run, master, layout, await countTracked(cloud, master.master))
      await begin(cloud, lease, input)
      return {
        ref: { master: master.master, run, token: lease.token, ...names },
        wal: await walPosition(cloud),
        leaseMs: deps.leaseMs,
        publishes: input.mode === 'apply' && master.targets.publish.length > 0,
        replaces:
          input.mode === 'apply' &&
          input.undoes === undefined &&
          (await hasReplacements(cloud, master.master)),
      }
    })
  })
}

/** What a person's word changes before the first row is written. */
async function begin(
  cloud: Session,
  lease: Lease,
  { only, approve, answers, undoes, by }: RunTask,
): Promise<void> {
  if (approve === undefined && answers === undefined && undoes === undefined) return
  const { master } = lease
  await transaction(cloud, READ_COMMITTED, async () => {
    // Who waives it for some ids does not mean all the others.
    if (approve === true && only === undefined) await liftHold(cloud, master)
    if (answers !== undefined) await acceptQuestion(cloud, lease, answers, by)
    if (undoes !== undefined) await putOnHold(cloud, master, holdAfterUndo(undoes, lease.run, by))
    await checkLease(cloud, lease)
  })
}

/**
 * A run that was taken over has looked at limits before whoever took over may have put the master on hold.
 * @throws SyncError ON_HOLD
 */
async function checkHold(cloud: Session, { master, run }: RunRef): Promise<void> {
  const hold = await readHold(cloud, master)
  const context = await readContext(cloud, run)
  if (hold === undefined || context === undefined) return
  const { mode, approved, answers, undoes } = context
  if (mode !== 'apply' || approved || answers !== undefined || undoes !== undefined) return
  const held = await readHeld(cloud, run)
  if (held.some(({ kind }) => kind === 'hold')) return
  throw new SyncError('ON_HOLD', `while the run waited, the master was put on hold: ${hold.reason}`)
}

/** For a run that was taken over: queues for the lease again. */
export function regainLease(deps: ActivityDeps): (ref: RunRef) => Promise<RunRef> {
  return asActivity((ref: RunRef) =>
    withSessions(deps, ref, async (_, cloud) => {
      const lease = await acquireLease(cloud, ref.master, ref.run, deps.leaseMs)
      await checkHold(cloud, ref)
      return { ...ref, token: lease.token }
    }),
  )
}
