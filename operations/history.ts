import { SyncError } from '../core/errors.js'
import type { Chapter, Left, RowStory } from '../core/history.js'
import { formatKey, parseKey, type Key } from '../core/ids.js'
import type { Master } from '../core/master.js'
import { MARKS, REPLACED } from '../core/own-columns.js'
import type { LeftRow } from '../core/results.js'
import { readTable } from '../db/catalog.js'
import { asKeyOf } from '../db/checks.js'
import { listLeft } from '../db/history.js'
import { readInstallation } from '../db/installation.js'
import type { LeftAlone } from '../db/ledger.js'
import { requireLedger } from '../db/migrate.js'
import { presentKeys } from '../db/missing.js'
import { named } from '../db/read-layout.js'
import {
  readChapters,
  readInsertions,
  readTracked,
  type StoredChapter,
  type TrackedState,
} from '../db/row-story.js'
import type { Session } from '../db/session.js'
import type { App } from './app.js'
import { importChapters } from './import-chapters.js'
import { ledgerChanges } from './ledger-changes.js'

/**
 * What the sync did to one row, and imports to that of the source, oldest first, and how it stands.
 * @param id as typed
 * @throws SyncError ID_INVALID, ID_UNKNOWN
 */
export function rowStory(app: App, master: Master, id: string): Promise<RowStory> {
  const typed = parseKey(id, master.source.key)
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    const shape = await readTable(cloud, 'cloud', named(master.cloud.table))
    const columns = master.source.key.flatMap((name) => shape.columns.filter((one) => one.name === name))
    const key = asKeyOf(columns, typed)
    const [present] = await presentKeys(cloud, { table: shape.table, key: columns }, [key])
    const imports = await importChapters(app, master, typed, await readInstallation(cloud))
    return tellStory(cloud, master.master, key, present !== undefined, imports)
  })
}

async function tellStory(
  cloud: Session,
  master: string,
  key: Key,
  inCloud: boolean,
  imports: RowStory['imports'],
): Promise<RowStory> {
  const stored = await readChapters(cloud, master, key)
  const now = await readTracked(cloud, master, key)
  if (stored.length === 0 && now === undefined && (imports ?? []).length === 0) {
    const where = inCloud ? "it is a row of the cloud's own" : 'it is not in the cloud either'
    throw new SyncError('ID_UNKNOWN', `no run has done anything to ${formatKey(key)}: ${where}`)
  }
  const states = [...stored.map(({ tracked }) => tracked), now ?? null]
  const inserted = await readInsertions(cloud, [
    ...new Set(
      states.flatMap((state) => (state?.origin === 'synced' && state.since !== null ? [state.since] : [])),
    ),
  ])
  const chapters = [
    ...inserted.map((chapter) => toChapter({ ...chapter, undone_by: undoneBy(chapter.run, stored) }, null)),
    ...stored.map((chapter, index) => toChapter(chapter, states[index + 1] ?? null)),
  ]
  return {
    id: formatKey(key),
    in_cloud: inCloud,
    tracked: now === undefined ? null : { origin: now.origin, since: now.since, outside: now.outside },
    conflicts: Object.entries(now?.conflicts ?? {}).map(([column, { base, source, cloud: found, run }]) => ({
      column,
      base: base ?? null,
      source,
      cloud: found,
      run,
    })),
    // A row that is inserted has nothing of the same run before that.
    chapters: chapters.sort((a, b) => a.run - b.run),
    imports,
  }
}

/** Which run took an insertion back: one that deleted the row while it was tracked since then. */
function undoneBy(run: number, stored: readonly StoredChapter[]): number | null {
  const undo = stored.find(
    ({ kind, undoes, undone_by, tracked }) =>
      (kind === 'removed' || kind === 'noted') &&
      undoes === run &&
      undone_by === null &&
      tracked?.since === run,
  )
  return undo?.run ?? null
}

/** @param next the tracked row as the next run found it, or as it is now */
function toChapter(stored: StoredChapter, next: TrackedState | null): Chapter {
  const { run, at, by, answers, undoes, undone_by, left } = stored
  // What a run has written to a row that it had inserted: the insertion is told by itself.
  const kind = stored.kind === 'inserted' && stored.before !== null ? 'updated' : stored.kind
  return {
    run,
    at: at.toISOString(),
    kind,
    by,
    answers,
    undoes,
    undone_by,
    cause: causeOf(stored),
    columns: columnsOf(stored),
    ledger: ledgerOf(stored, next),
    left: left === null ? null : toLeft(left),
  }
}

function columnsOf({ kind, before, after }: StoredChapter): Chapter['columns'] {
  const all = kind !== 'inserted' || before === null
  const names = new Set([...Object.keys(before ?? {}), ...(all ? Object.keys(after ?? {}) : [])])
  return [...names]
    .sort()
    .map((column) => ({ column, from: before?.[column] ?? null, to: after?.[column] ?? null }))
}

function ledgerOf({ kind, tracked }: StoredChapter, next: TrackedState | null): Chapter['ledger'] {
  if (kind === 'inserted' || kind === 'removed') return []
  const found = ledgerChanges(tracked, next)
  if (kind !== 'noted' || found.length > 0) return found
  return [{ change: 'remembered', columns: [], decisions: [] }]
}

/** Of a row that was deleted the plan of the run tells, where all that it deleted left for the same cause. */
function causeOf({ kind, after, undoes, planned }: StoredChapter): Chapter['cause'] {
  const reason = kind === 'marked' ? after?.[MARKS.reason.name] : undefined
  if (reason === 'untargeted' || reason === 'gone') return reason
  if (reason?.startsWith(REPLACED) === true) return 'replaced'
  if (kind !== 'removed' || undoes !== null) return null
  const [cause, ...others] = (['untargeted', 'gone'] as const).filter(
    (one) => (planned?.[`delete_${one}`] ?? 0) > 0,
  )
  return others.length > 0 ? null : (cause ?? null)
}

function toLeft({ why, cells }: LeftAlone): Left {
  return {
    why,
    columns: Object.entries(cells).map(([column, [wanted, found]]) => ({ column, wanted, found })),
  }
}

/** What an undo did not take back: the first rows of it. */
export async function leftBy(
  cloud: Session,
  master: string,
  run: number,
  limit: number,
): Promise<readonly LeftRow[]> {
  const rows = await listLeft(cloud, master, run, limit)
  return rows.map(({ key, ...left }) => ({ id: formatKey(key), ...toLeft(left) }))
}
