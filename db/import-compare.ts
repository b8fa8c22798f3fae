import type { SyncError } from '../core/errors.js'
import type { ImportGuardInput } from '../core/import-guard.js'
import type { ImportDetail, ImportDifferences } from '../core/import-plan.js'
import type { ImportTable } from '../core/import-table.js'
import type { Master } from '../core/master.js'
import type { TableShape } from '../core/shape.js'
import { formatTableName } from '../core/table-name.js'
import type { Fragment } from './fragments.js'
import type { Past } from './import-past.js'
import { makePlan, readPlan, readScopeRows } from './import-plan.js'
import { mixedDates, newerData, otherIds } from './import-refusals.js'
import { findOutside } from './import-scopes.js'
import { fitStage } from './import-target.js'
import { withValues } from './import-values.js'
import type { StoredImport } from './imports.js'
import type { Session } from './session.js'

export interface Compared {
  readonly table: ImportTable
  readonly found: ImportDifferences & Pick<ImportDetail, 'enriches' | 'uncompared' | 'outside'>
  readonly guarded: ImportGuardInput
}

/**
 * Holds staged files against the table of a master, within a transaction, which has the plan from then on.
 * @param refuse hears why they are not to be written, in the order in which an import looks for it
 * @throws SyncError COLUMN_MISSING, IMPORT_VALUE
 */
export async function compareStage(
  session: Session,
  stage: Fragment,
  { master, shape }: { readonly master: Master; readonly shape: TableShape },
  staged: Omit<StoredImport, 'id' | 'state' | 'detail' | 'digest'>,
  { owner, dated, matched }: Past,
  refuse: (error: SyncError) => void,
): Promise<Compared> {
  const check = (error: SyncError | undefined): void => {
    if (error !== undefined) refuse(error)
  }
  const name = formatTableName(shape.table)
  const { table, enriches } = await fitStage(session, stage, master, shape, staged, owner, matched)
  check(await mixedDates(session, stage, staged))
  if (dated && !staged.forced) check(await newerData(session, stage, name, staged))
  await withValues(() => makePlan(session, stage, table, staged.files))
  const plan = await readPlan(session, stage)
  const scopes = await readScopeRows(session, stage, table)
  if (!staged.otherIds && enriches === null) check(otherIds(name, plan, scopes))
  const outside = dated ? await findOutside(session, stage, name, staged) : undefined
  return {
    table,
    found: {
      ...plan,
      enriches,
      uncompared: staged.columns.filter((column) => !table.names.includes(column)),
      ...(outside === undefined ? {} : { outside }),
    },
    guarded: {
      plan: table.closed === undefined ? { ...plan, absent: { rows: 0, sample: [] } } : plan,
      scopes,
      // A row whose record was left out is not missed where its id is known.
      leftOut: staged.files.reduce((sum, { reported, unidentified = reported }) => sum + unidentified, 0),
      unended: staged.findings.counts['LAST_LINE_OPEN'] ?? 0,
    },
  }
}
