import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import { MEDICAL_ORGS_COLUMNS, MEDICAL_ORGS_KEY, medicalOrgsShape } from '../core/medical-orgs-table.js'
import { checkColumns } from '../core/planned.js'
import type { TableShape } from '../core/shape.js'
import { formatTableName } from '../core/table-name.js'
import { lookAtTable } from '../db/catalog.js'
import { createMedicalOrgs, exists, provideImportTables } from '../db/create-tables.js'
import { named } from '../db/read-layout.js'
import type { Session } from '../db/session.js'

/**
 * The on-prem table that imports fill, and what they keep beside it. A table that is there is somebody's, and stays as
 * it is.
 * @returns what was done, and what an import will find lacking
 * @throws SyncError TABLE_MISSING
 */
export async function provideMaster(source: Session, master: Master): Promise<readonly string[]> {
  const planned = await newMaster(source, master)
  if (planned !== undefined) {
    checkColumns(master, planned)
    await createMedicalOrgs(source, planned.table)
  }
  const { shape } = await lookAtTable(source, 'source', named(master.source.table))
  const name = formatTableName(shape.table)
  if (!takesImports(shape)) return [`source: ${name} is no table, which imports cannot write: left alone`]
  const lacking = lackingColumns(master, shape)
  return [
    ...(planned === undefined ? [] : [`source: created ${name}`]),
    ...(lacking.length === 0
      ? []
      : [`source: ${name} lacks ${lacking.join(', ')}: an import leaves them out`]),
    ...(await provideImportTables(source)).map((table) => `source: created ${formatTableName(table)}`),
  ]
}

/**
 * The table as it is to be created; undefined where it is there.
 * @throws SyncError TABLE_MISSING where it is not the one of the Ministry's publications
 */
export async function newMaster(source: Session, master: Master): Promise<TableShape | undefined> {
  const table = named(master.source.table)
  if (await exists(source, table)) return undefined
  if (isOfPublications(master)) return medicalOrgsShape(table)
  throw new SyncError(
    'TABLE_MISSING',
    `the source ${formatTableName(table)} does not exist; only a table of the Ministry's publications is created, with the key ${MEDICAL_ORGS_KEY.join(', ')}`,
    { remedy: `Create it first, with the columns that it is to have: ${formatTableName(table)}` },
  )
}

/** A view, or a table elsewhere, is filled by something else. */
export function takesImports({ kind }: TableShape): boolean {
  return kind === 'table' || kind === 'partitioned'
}

function isOfPublications(master: Master): boolean {
  const { key } = master.source
  return (
    master.import?.csv === undefined && key.length === 1 && key.every((name) => name === MEDICAL_ORGS_KEY[0])
  )
}

function lackingColumns(master: Master, { columns }: TableShape): readonly string[] {
  if (!isOfPublications(master)) return []
  const present = new Set(columns.map(({ name }) => name))
  return MEDICAL_ORGS_COLUMNS.filter(({ name }) => !present.has(name)).map(({ name }) => name)
}
