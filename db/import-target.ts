import { importTable, type ImportColumns, type ImportTable } from '../core/import-table.js'
import type { ImportDetail } from '../core/import-plan.js'
import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { textColumn, type TableShape } from '../core/shape.js'
import { formatTableName } from '../core/table-name.js'
import type { Fragment } from './fragments.js'
import { MATCHED, matchStage } from './import-match.js'
import type { Owner } from './import-owner.js'
import type { Session } from './session.js'

/** What staged rows are held against, and whether they only add to rows whose ids are another publication's. */
export interface ImportTarget {
  readonly table: ImportTable
  readonly enriches: ImportDetail['enriches']
}

/**
 * Fits staged files to the table: where the ids of the table are those of another publication, the rows that fit one of
 * its rows are kept in the stage, and only columns that the other does not give are looked at.
 * @param known what was matched before, where the stage was
 * @throws SyncError COLUMN_MISSING
 */
export async function fitStage(
  session: Session,
  stage: Fragment,
  master: Master,
  shape: TableShape,
  staged: ImportColumns,
  owner: Owner | undefined,
  known?: ImportDetail['enriches'],
): Promise<ImportTarget> {
  const table = importTable(master, shape, staged)
  if (owner === undefined || owner.publication === staged.publication) return { table, enriches: null }
  const theirs = importTable(master, shape, { publication: owner.publication, columns: staged.columns })
  const found = known ?? {
    owner: owner.publication,
    ...(await matchStage(session, stage, { ...staged, key: table.key }, checked(master, theirs))),
  }
  return { table: enriching(table, owner), enriches: found }
}

/** The table with only what the owner of its ids does not give, and nothing that would add, close or open a row. */
function enriching(table: ImportTable, owner: Owner): ImportTable {
  const [key] = table.key
  const id = table.names.includes('matched_id')
    ? [{ shape: textColumn('matched_id'), staged: key?.staged ?? '' }]
    : []
  return {
    ...table,
    key: key === undefined ? [] : [{ shape: key.shape, staged: MATCHED }],
    columns: [...table.columns.filter(({ shape }) => !owner.columns.includes(shape.name)), ...id],
    adds: false,
    scope: undefined,
    closed: undefined,
    successor: undefined,
  }
}

/** @throws SyncError COLUMN_MISSING where the table lacks what two publications are matched by */
function checked(master: Master, table: ImportTable): ImportTable {
  const lacks = ['name_search', 'address_search'].filter((name) => !table.names.includes(name))
  if (lacks.length === 0 && table.key.length === 1) return table
  throw new SyncError(
    'COLUMN_MISSING',
    `${formatTableName(table.table)} of ${master.master} lacks ${lacks.join(', ')}, by which rows of two publications are matched`,
  )
}
