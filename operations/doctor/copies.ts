import type { ScheduleDescription } from '@temporalio/client'
import { SyncError } from '../../core/errors.js'
import { intervalOf } from '../../core/interval.js'
import type { Master } from '../../core/master.js'
import { OLD_AFTER } from '../../core/schedule-watch.js'
import { formatSpan } from '../../core/span.js'
import {
  lastCompleted,
  lastProven,
  standingRejects,
  type ClosedRun,
  type StandingRejects,
} from '../../db/copy-state.js'
import type { Session } from '../../db/session.js'
import type { App } from '../app.js'
import { examine, type Examined, type Seen } from './examine.js'

/** What the ledger says of the copy itself. */
export async function examineCopy(
  app: App,
  master: Master,
  schedule: ScheduleDescription | undefined,
): Promise<readonly Examined[]> {
  const { master: name } = master
  const read = <T>(ask: (cloud: Session, master: string) => Promise<T>): Promise<T> =>
    app.onCloud(master, (cloud) => ask(cloud, name))
  // One after the other: the connections may be as short as the doctor is to find out.
  return [
    await examine({ check: 'copy', master: name }, async () =>
      age(name, await read(lastCompleted), schedule),
    ),
    await examine({ check: 'proof', master: name }, async () => proof(name, await read(lastProven))),
    await examine({ check: 'rejects', master: name }, async () => rejects(name, await read(standingRejects))),
  ]
}

function age(
  master: string,
  completed: ClosedRun | undefined,
  schedule: ScheduleDescription | undefined,
): Seen {
  const remedy = `master-sync start-sync ${master}`
  if (completed === undefined) {
    const message = `${master} was never synced: the cloud has no copy of it`
    return { seen: 'none yet', findings: [new SyncError('NEVER_SYNCED', message, { remedy })] }
  }
  const seen = `brought up to date ${formatSpan(completed.age)} ago by run ${completed.run}`
  const interval = intervalOf(schedule?.info.nextActionTimes ?? [])
  if (interval === undefined || completed.age * 1000 <= OLD_AFTER * interval) return { seen }
  const message = `the copy of ${master} is ${formatSpan(completed.age)} old; its schedule brings it up to date every ${formatSpan(interval / 1000)}`
  return { seen, findings: [new SyncError('COPY_OLD', message, { remedy })] }
}

function proof(master: string, last: ClosedRun | undefined): Seen {
  if (last === undefined) return { seen: 'none yet' }
  const seen = `run ${last.run}, ${formatSpan(last.age)} ago: ${last.equal === true ? 'equal' : 'not equal'}`
  if (last.equal !== false) return { seen }
  const message = `run ${last.run} found that rows of ${master} differ between source and cloud`
  return {
    seen,
    findings: [
      new SyncError('NOT_EQUAL', message, {
        remedy: `See which: master-sync runs ${last.run} --master ${master}\nthen: master-sync start-sync ${master}`,
      }),
    ],
  }
}

function rejects(master: string, rejected: StandingRejects | undefined): Seen {
  if (rejected === undefined) return { seen: 'none' }
  const { rows, run } = rejected
  const seen = `${rows} ${rows === 1 ? 'row' : 'rows'}`
  const message = `the cloud refuses ${seen} of ${master}; every run tries them again`
  return {
    seen,
    findings: [
      new SyncError('ROWS_REJECTED', message, {
        remedy: `See which, and why: master-sync runs ${run} --master ${master}\nMend them in the source, or what the cloud demands; then: master-sync start-sync ${master}`,
      }),
    ],
  }
}
