import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import type { ImportGuardInput } from '../core/import-guard.js'
import type { ImportDifferences, ScopeRows } from '../core/import-plan.js'
import type { ImportTable } from '../core/import-table.js'
import type { Master } from '../core/master.js'
import { formatTableName } from '../core/table-name.js'
import { readTable } from './catalog.js'
import type { Fragment } from './fragments.js'
import { readOwner } from './import-owner.js'
import { makePlan, planFingerprint, readPlan, readScopeRows, type Prints } from './import-plan.js'
import { findMixed, findNewer } from './import-scopes.js'
import { stageOf } from './import-stage.js'
import { fitStage } from './import-target.js'
import { checkWhole, dropOthers, keepImport, readImport, storePlan, type StoredImport } from './imports.js'
import { named } from './read-layout.js'
import { withValues } from './import-values.js'
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
    const owner = await readOwner(session, name)
    const { table, enriches } = await fitStage(
      session,
      stage,
      master,
      shape,
      staged,
      owner,
      staged.detail?.enriches ?? undefined,
    )
    await checkDates(session, staged, stage)
    if (!staged.forced) await checkNewer(session, name, staged, stage)
    await withValues(() => makePlan(session, stage, table, staged.files))
    const plan = await readPlan(session, stage)
    const found = plan.added.rows + plan.changed.rows + plan.reopened.rows + plan.unchanged
    checkWhole(staged, found + (enriches?.unmatched ?? 0))
    const scopes = await readScopeRows(session, stage, table)
    if (!staged.forced && enriches === null) checkIds(name, plan, scopes)
    await dropOthers(session, name, id)
    const { state: _, detail: __, digest: ___, forced: ____, columns, id: _____, ...read } = staged
    await storePlan(session, id, {
      import: id,
      ...read,
      ...plan,
      enriches,
      uncompared: uncompared(columns, table),
    })
    const closable = table.closed !== undefined
    return {
      plan: closable ? plan : { ...plan, absent: { rows: 0, sample: [] } },
      scopes,
      leftOut: staged.files.reduce((sum, { reported }) => sum + reported, 0),
      unended: staged.findings.counts['LAST_LINE_OPEN'] ?? 0,
      prints: await planFingerprint(session, closable),
      rows: {
        added: plan.added.rows,
        changed: plan.changed.rows,
        reopened: plan.reopened.rows,
        ...(closable ? { absent: plan.absent.rows } : {}),
      },
    }
  })
}

function uncompared(columns: readonly string[], table: ImportTable): readonly string[] {
  return columns.filter((name) => !table.names.includes(name))
}

/** Of an id that two of them have, which is to count? @throws SyncError IMPORT_INVALID */
async function checkDates(session: Session, staged: StoredImport, stage: Fragment): Promise<void> {
  const mixed = await findMixed(
    session,
    stage,
    staged.files.map((file) => file.as_of ?? '-infinity'),
  )
  if (mixed === undefined) return
  throw new SyncError(
    'IMPORT_INVALID',
    `files of ${mixed.dates.join(' and ')} cover the same ${mixed.scope}`,
    {
      remedy: 'Import them one after the other, the oldest first; or only the newest.',
    },
  )
}

/** @throws SyncError IMPORT_OLDER */
async function checkNewer(
  session: Session,
  name: string,
  staged: StoredImport,
  stage: Fragment,
): Promise<void> {
  const asOf = staged.files.map((file) => file.as_of ?? '-infinity')
  const [first, ...others] = await findNewer(session, name, staged.publication, stage, asOf)
  if (first === undefined) return
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  throw new SyncError(
    'IMPORT_OLDER',
    `${name} has ${staged.publication} ${first.scope}${more} as of ${first.as_of}; the files are of ${first.staged}`,
  )
}

/** Below this a share says little. */
const COUNTS_FROM = 10

/** @throws SyncError IMPORT_OTHER_IDS */
function checkIds(name: string, plan: ImportDifferences, scopes: readonly ScopeRows[]): void {
  const open = scopes.reduce((sum, { rows }) => sum + rows, 0)
  const known = open - plan.absent.rows
  if (open < COUNTS_FROM || known * 10 >= open) return
  throw new SyncError(
    'IMPORT_OTHER_IDS',
    `of the ${open} open rows of ${name} that the files cover, ${known} are in them by their id; in the files there is ${plan.added.sample[0]?.id ?? '-'}, in the table ${plan.absent.sample[0]?.id ?? '-'}`,
  )
}
