import { quoteName } from '../../core/table-name.js'
import {
  createRole,
  grantCreate,
  grantDatabase,
  grantTable,
  grantUsage,
  revokeTable,
} from '../../db/grants.js'
import { createImportTables, IMPORT_SCHEMA, IMPORT_TABLES } from '../../db/import-tables.js'
import { schemasOf } from '../../db/privileges.js'
import { sqlText } from '../../db/recorded-sql.js'
import type { Section } from '../../db/script.js'
import type { PlannedMaster, Roles } from './planned-master.js'

/** What imports keep on-prem, and who may what of it. */
export function importSections(
  masters: readonly PlannedMaster[],
  { reader, importer }: Pick<Roles, 'reader' | 'importer'>,
): readonly Section[] {
  const tables = IMPORT_TABLES.map((name) => ({ schema: IMPORT_SCHEMA, name }))
  const asOf = { schema: IMPORT_SCHEMA, name: 'scopes' }
  return [
    {
      comment: [
        'What imports keep, here and not in the cloud: values of rows that nobody listed do not leave.',
      ],
      statements: createImportTables().map(sqlText),
    },
    {
      comment: [
        'Who imports: the worker, and commands. One user for both, since staged rows belong to who brought them:',
        `  grant ${quoteName(importer)} to sync_worker`,
        'temporary: a look at files stages their rows in a temporary table.',
      ],
      statements: [
        createRole(importer),
        grantDatabase(importer, 'connect, temporary'),
        ...tables.flatMap((table) => [reader, importer].map((role) => revokeTable(table, role))),
        // It makes a table for the rows of each import.
        grantCreate(IMPORT_SCHEMA, importer),
        ...tables.map((table) => grantTable(['select', 'insert', 'update', 'delete'], table, importer)),
      ],
    },
    {
      comment: ['The reader may read as of when the master is, so that the copy can tell it.'],
      statements: [grantUsage(IMPORT_SCHEMA, reader), grantTable(['select'], asOf, reader)],
    },
    ...masters.map((master) => masterGrants(master, importer)),
  ]
}

function masterGrants({ master, source: { table }, layout }: PlannedMaster, importer: string): Section {
  const used = schemasOf(layout).flatMap(({ side, schema }) => (side === 'source' ? [schema] : []))
  return {
    comment: [`${master.master}: imports add rows and change them, and take none away`],
    statements: [
      ...[...new Set([table.schema, ...used])].map((schema) => grantUsage(schema, importer)),
      revokeTable(table, importer),
      grantTable(['select', 'insert', 'update'], table, importer),
    ],
  }
}
