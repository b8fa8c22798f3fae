import { sql } from 'kysely'
import type { ImportGuardInput } from '../core/import-guard.js'
import type { Master } from '../core/master.js'
import { formatTableName } from '../core/table-name.js'
import { readTable } from './catalog.js'
import { compareStage } from './import-compare.js'
import { readOwner } from './import-owner.js'
import { planFingerprint, type Prints } from './import-plan.js'
import { countStage, stageOf } from './import-stage.js'
import { checkWhole, dropOthers, keepImport, readImport, storePlan } from './imports.js'
import { named } from './read-layout.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

/** What an import would do at present. */
export interface LookedAt extends ImportGuardInput {
  readonly prints: Prints
  /** By what is to become of them. */
  readonly rows: Readonly<Record<string, number>>
}

/**
 * Holds the staged rows of an import against the table, and notes with the import what was found.
 * @throws SyncError IMPORT_OLDER, IMPORT_OTHER_IDS, IMPORT_GONE, COLUMN_MISSING
 */
export async function lookAtImport(
  session: Session,
  master: Master,
  id: string,
  patienceMs: number,
): Promise<LookedAt> {
  const staged = await readImport(session, id)
  const shape = await readTable(session, 'source', named(master.source.table))
  const name = formatTableName(shape.table)
  const stage = stageOf(id)
  return transaction(session, READ_COMMITTED, async () => {
    await sql`set local statement_timeout = 0`.execute(session.db)
    await sql`set local lock_timeout = ${sql.lit(`${Math.floor(patienceMs)}ms`)}`.execute(session.db)
    await keepImport(session, id)
    const matched = staged.detail?.enriches ?? undefined
    checkWhole(staged, (await countStage(session, stage)) + (matched?.unmatched ?? 0))
    const past = { owner: await readOwner(session, name), dated: true, matched }
    const { table, found, guarded } = await compareStage(
      ...([session, stage, { master, shape }, staged, past] as const),
      (error) => {
        throw error
      },
    )
    await dropOthers(session, name, id)
    const {
      state: _,
      detail: __,
      digest: ___,
      forced: ____,
      columns: _____,
      id: ______,
      otherIds: _______,
      ...read
    } = staged
    await storePlan(session, id, { import: id, ...read, ...found })
    const closes = table.closed !== undefined
    const { added, changed, reopened, absent } = found
    return {
      ...guarded,
      prints: await planFingerprint(session, closes),
      rows: {
        added: added.rows,
        changed: changed.rows,
        reopened: reopened.rows,
        ...(closes ? { absent: absent.rows } : {}),
      },
    }
  })
}
