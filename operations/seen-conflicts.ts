import { formatKey, keyFromDatabase } from '../core/ids.js'
import type { Master } from '../core/master.js'
import type { Conflict } from '../core/results.js'
import { readTable } from '../db/catalog.js'
import { checkLedgerAccess } from '../db/checks.js'
import {
  conflictPage,
  decidedKeys,
  decideSeen,
  type CellPlace,
  type SeenCell,
  type SeenConflict,
} from '../db/conflict-page.js'
import { countConflicts } from '../db/conflicts.js'
import { requireLedger } from '../db/migrate.js'
import { named } from '../db/read-layout.js'
import type { App } from './app.js'
import { checkKept, takenValue, toConflict, type Take } from './conflicts.js'
import { ONLY_ROWS, startSync, type StartedRun } from './start.js'

/** A conflict as a page shows it. */
export interface ShownConflict extends Conflict {
  /** Which cell, and what was seen there: what a decision brings back. */
  readonly cell: string
}

export interface ConflictPage {
  readonly total: number
  readonly undecided: number
  readonly conflicts: readonly ShownConflict[]
  /** Where the next page begins; undefined: this was the last. */
  readonly next: string | undefined
}

/** Conflicts of a master, so many from a place on. */
export function pageOfConflicts(
  app: App,
  master: Master,
  after: CellPlace | undefined,
  limit: number,
): Promise<ConflictPage> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    const { all, undecided } = await countConflicts(cloud, master.master)
    const found = await conflictPage(cloud, master.master, after, limit + 1)
    const shown = found.slice(0, limit)
    const last = shown.at(-1)
    return {
      total: all,
      undecided,
      conflicts: shown.map((one) => ({ ...toConflict(one), cell: cellOf(one) })),
      next: found.length > limit && last !== undefined ? JSON.stringify([last.key, last.column]) : undefined,
    }
  })
}

function cellOf({ key, column, version }: SeenConflict): string {
  return JSON.stringify([key, column, version])
}

export interface DecidedCells {
  /** Ids of the rows. */
  readonly ids: readonly string[]
  /** Cells that were decided, and such as are not any more what was seen: nothing was decided there. */
  readonly decided: number
  readonly changed: number
}

/**
 * Decides conflicts as they were seen; what somebody else has decided or a run has found otherwise since stays.
 * @throws SyncError CONFLICT_UNKNOWN, VALUE_INVALID
 */
export function decideCells(
  app: App,
  master: Master,
  cells: readonly SeenCell[],
  take: Take,
): Promise<DecidedCells> {
  return app.onCloud(master, async (cloud) => {
    await checkLedgerAccess(cloud)
    await requireLedger(cloud)
    const byColumn = new Map<string, SeenCell[]>()
    for (const cell of cells) byColumn.set(cell.column, [...(byColumn.get(cell.column) ?? []), cell])
    const shape = await readTable(cloud, 'cloud', named(master.cloud.table))
    const decided: CellPlace[] = []
    for (const [column, seen] of byColumn) {
      const chosen = { column, keys: seen.map(({ key }) => keyFromDatabase(key)) }
      await checkKept(cloud, master, chosen)
      const taken = take.side === 'value' ? await takenValue(cloud, master, shape, chosen, take) : take
      decided.push(...(await decideSeen(cloud, master.master, seen, taken, app.operator)))
    }
    return {
      ids: [...new Set(decided.map(({ key }) => formatKey(key)))],
      decided: decided.length,
      changed: cells.length - decided.length,
    }
  })
}

/** Starts a run for the rows whose conflicts are decided. */
export async function applyDecided(app: App, master: Master): Promise<StartedRun> {
  const keys = await app.onCloud(master, (cloud) => decidedKeys(cloud, master.master, ONLY_ROWS))
  return startSync(app, master, { mode: 'apply', only: keys.map(formatKey) })
}
