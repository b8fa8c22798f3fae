import { formatKey, parseKey, type Key } from '../../core/ids.js'
import type { Master } from '../../core/master.js'
import type { ChangedTarget } from '../../core/results.js'
import type { ColumnShape } from '../../core/shape.js'
import { asKeyOf } from '../../db/checks.js'
import { readHeldLease } from '../../db/copy-state.js'
import { readInstallation } from '../../db/installation.js'
import { presentKeys } from '../../db/missing.js'
import { readLayout } from '../../db/read-layout.js'
import type { Session } from '../../db/session.js'
import { trackedAmong } from '../../db/tracked.js'
import type { App } from '../app.js'
import { inputOf, ONLY_ROWS, startOwn, startSync, type StartedRun } from '../start.js'
import { workerMissing, workersFor } from '../workers.js'

/** Rows that a change of the list brings to the cloud or takes away from it. */
export interface AwaitedRows {
  readonly ids: readonly string[]
  /** They are too many to be named, or some may be gone by the time a run comes to them. */
  readonly whole: boolean
}

export const NOTHING: AwaitedRows = { ids: [], whole: false }
export const WHOLE: AwaitedRows = { ids: [], whole: true }

export function isIdle({ ids, whole }: AwaitedRows): boolean {
  return ids.length === 0 && !whole
}

/** A run for a change of the list. */
export interface StartedAtOnce extends StartedRun {
  /** The run that is under way: the other comes right after it. */
  readonly behind: number | undefined
}

/** Keys by what has become of them on the list. */
interface Change {
  readonly added?: readonly Key[]
  /** They may have been there before: of interest where the cloud lacks the row. */
  readonly listed?: readonly Key[]
  /** The same, as the list has them. */
  readonly moved?: readonly Key[]
  readonly left?: readonly Key[]
  /** They were not there before either: of interest where the cloud still has the row. */
  readonly absent?: readonly Key[]
}

/** Of ids that were put on the list or taken off, those whose rows a run has to look at. */
export function awaitedOf(app: App, master: Master, changed: readonly ChangedTarget[]): Promise<AwaitedRows> {
  const keysOf = (...results: readonly ChangedTarget['result'][]): readonly Key[] =>
    changed
      .filter(({ result, in_source }) => results.includes(result) && in_source !== false)
      .map(({ id }) => parseKey(id, master.source.key))
  const change: Change = {
    added: keysOf('added'),
    listed: keysOf('changed', 'listed'),
    left: keysOf('removed'),
    absent: keysOf('not_listed'),
  }
  return app.onSource(master, (source) =>
    app.onCloud(master, (cloud) => awaitedIn(source, cloud, master, change)),
  )
}

export async function awaitedIn(
  source: Session,
  cloud: Session,
  master: Master,
  { added = [], moved = [], left = [], absent = [], ...change }: Change,
): Promise<AwaitedRows> {
  const perhaps = [...(change.listed ?? []), ...moved]
  if ([added, perhaps, left, absent].every((keys) => keys.length === 0)) return NOTHING
  const layout = await readLayout(source, cloud, master)
  const columns = layout.key.map((column) => column.source)
  const id = (key: Key): string => formatKey(asKeyOf(columns, key))
  const foreign = new Set(moved.filter((key) => !isAsIn(columns, key)))
  const listed = perhaps.filter((key) => !foreign.has(key))
  const keys = [...listed, ...left, ...absent].map((key) => asKeyOf(columns, key))
  const tracked = await trackedAmong(cloud, layout, master.master, keys)
  const kept = idsOf(tracked.map(({ key }) => key))
  const compared = idsOf(tracked.filter(({ outside }) => outside === null).map(({ key }) => key))
  const named = { table: layout.source.table, key: columns }
  const present = idsOf(await presentKeys(source, named, [...added, ...listed]))
  const busy = (await runUnderWay(cloud, master)) !== undefined
  const ids = [
    ...added.filter((key) => present.has(formatKey(key))),
    // What is there now, a run that is under way may be taking away.
    ...listed.filter((key) => present.has(formatKey(key)) && (busy || !compared.has(id(key)))),
    ...[...left, ...absent].filter((key) => kept.has(id(key))),
  ].map(formatKey)
  // A run that is under way may bring a row that has left the list, or take it away before ours comes to it.
  return { ids, whole: ids.length > ONLY_ROWS || (busy && left.length > 0) }
}

/** Whether the source writes a key that stands on the list just so; no run takes 0070 of a list of texts for its 70. */
export function isAsIn(columns: readonly ColumnShape[], key: Key): boolean {
  return formatKey(asKeyOf(columns, key)) === formatKey(key)
}

function idsOf(keys: readonly Key[]): ReadonlySet<string> {
  return new Set(keys.map(formatKey))
}

async function runUnderWay(cloud: Session, { master }: Master): Promise<number | undefined> {
  const lease = await readHeldLease(cloud, master)
  return lease?.open === true ? lease.run : undefined
}

/**
 * Starts a run for rows that a change of the list awaits; behind one that is under way it waits for the lease.
 * @throws SyncError WORKER_MISSING, TEMPORAL_UNREACHABLE, and what keeps runs from beginning; undefined: none is needed
 */
export async function startAtOnce(
  app: App,
  master: Master,
  awaited: AwaitedRows,
): Promise<StartedAtOnce | undefined> {
  if (isIdle(awaited)) return undefined
  if ((await workersFor(app, 'workflows')).length === 0) throw workerMissing(app)
  const behind = await app.onCloud(master, (cloud) => runUnderWay(cloud, master))
  const started = awaited.whole
    ? await startWhole(app, master)
    : await startSync(app, master, { mode: 'apply', only: awaited.ids })
  return { ...started, behind }
}

/** A full run of its own: one that is under way and would be followed instead may have read the list before. */
async function startWhole(app: App, master: Master): Promise<StartedRun> {
  const ledger = await app.onCloud(master, readInstallation)
  const input = inputOf(app, master, 'apply', ledger, app.operator)
  return startOwn(app, await app.temporal(), master, input, { name: 'apply', summary: 'the list' })
}
