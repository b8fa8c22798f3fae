import { ownColumns } from '../../core/own-columns.js'
import { quoteName } from '../../core/table-name.js'
import {
  createRole,
  exactLedgerGrants,
  grantColumns,
  grantDatabase,
  grantTable,
  grantUsage,
  grantUsageFor,
} from '../../db/grants.js'
import { ledgerSql } from '../../db/ledger-sql.js'
import { createMissingType, formatType } from '../../db/own-types.js'
import { carryPrivileges, privilegesOf } from '../../db/privileges.js'
import { sqlText } from '../../db/recorded-sql.js'
import { script, type Section } from '../../db/script.js'
import { addMissingColumns, cloudTable } from '../../db/table-ddl.js'
import { demandCloud } from '../../db/wrong-place.js'
import type { PlannedMaster, Roles } from './planned-master.js'
import { guard, head, inOrder, schemaOf, taken, unique } from './sections.js'

export async function cloudScript(
  database: string,
  masters: readonly PlannedMaster[],
  { writer }: Roles,
): Promise<string> {
  return script(head('CLOUD', database), [
    ...notOnPrem(masters),
    {
      comment: [
        'The role. It cannot log in: grant it to the user that does, for example',
        `  create user sync_worker in role ${quoteName(writer)};  \\password sync_worker`,
        'temporary: rows are staged in a temporary table.',
      ],
      statements: [createRole(writer), grantDatabase(writer, 'connect, temporary')],
    },
    {
      comment: [
        'The ledger: what the sync writes down. Each migration runs once, as with master-sync setup; run this again after',
        'an upgrade.',
      ],
      statements: await ledgerSql(),
    },
    {
      comment: [
        'The writer in the ledger; which migrations have run it may read, and only their owner may change.',
      ],
      statements: exactLedgerGrants(writer),
    },
    ...masters.map(cloudTableSection),
    taken(
      masters.map(({ layout }) => layout.cloud.table),
      [writer],
    ),
    ...masters.map((master) => cloudGrants(master, writer)),
  ])
}

function cloudTableSection({ master, layout, copied, types }: PlannedMaster): Section {
  const { table } = layout.cloud
  const own = ownColumns(master)
  const others = [...copied.filter((column) => !master.source.key.includes(column.name)), ...own]
  const missing = types.filter((type) => type.kind === 'other').map(formatType)
  return {
    comment: [
      `${master.master}: the table, in the types of the source; where it is there, with the columns that the source has got since`,
      ...(own.length === 0 ? [] : [`Of the sync itself: ${own.map(({ name }) => name).join(', ')}.`]),
      ...missing.map((type) => `It needs the type ${type}, which must be there: create it first.`),
    ],
    statements: [
      ...unique(types.map((type) => type.schema)).flatMap(schemaOf),
      ...types.flatMap((type) => createMissingType(type) ?? []),
      ...schemaOf(table.schema),
      sqlText(cloudTable(table, [...copied, ...own], master.source.key)),
      ...(others.length === 0 ? [] : [addMissingColumns(table, others)]),
    ],
  }
}

function cloudGrants({ master, layout, copied }: PlannedMaster, writer: string): Section {
  const { table } = layout.cloud
  const own = ownColumns(master)
  const carried = carryPrivileges(layout)
  return {
    comment: [
      `${master.master}: the writer`,
      'A row that another table refers to is never removed. Where there are such tables, the writer must be able to read',
      'the columns that refer; a run that may not says so before it writes anything, with the grant that is missing.',
      'The table is read whole: a row that is removed is remembered as it was. To bring such a row back, undo needs the right',
      'to insert into the columns that only the cloud has as well; grant that to the user, where undo is to do so.',
      ...(carried.length === 0
        ? []
        : [
            'What insert_only columns hold is updated only where a row takes the place of another (targets replace); without',
            'that right it is not carried over, and the command says so.',
          ]),
    ],
    statements: [
      grantUsage(table.schema, writer),
      grantUsageFor(table, writer),
      grantTable(['select'], table, writer),
      ...privilegesOf(layout)
        .filter(({ side, privilege }) => side === 'cloud' && privilege !== 'select')
        .map((privilege) => grantColumns(inOrder(privilege, [...copied, ...own]), writer)),
      ...carried.map((privilege) => grantColumns(inOrder(privilege, copied), writer)),
      // A run leaves them to their defaults; a row that undo brings back has them as they were.
      ...(own.length === 0
        ? []
        : [
            grantColumns(
              { side: 'cloud', table, privilege: 'insert', columns: own.map(({ name }) => name) },
              writer,
            ),
          ]),
    ],
  }
}

/** By its list an on-prem database is known; where that is in the ledger, both look alike. */
function notOnPrem(masters: readonly PlannedMaster[]): readonly Section[] {
  const known = masters.flatMap(({ layout: { source, list } }) =>
    list === undefined ? [] : [{ source: source.table, list: list.table }],
  )
  return known.length === 0 ? [] : [guard(demandCloud(known))]
}
