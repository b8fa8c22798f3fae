import type { Layout } from '../core/layout.js'
import type { Master } from '../core/master.js'
import { ownColumns } from '../core/own-columns.js'
import type { ColumnShape, TableShape } from '../core/shape.js'
import { formatTableName, quoteName, type TableName } from '../core/table-name.js'
import {
  createRole,
  exactLedgerGrants,
  grantColumns,
  grantDatabase,
  grantTable,
  grantUsage,
  grantUsageFor,
  revokeTable,
} from '../db/grants.js'
import { ledgerSql } from '../db/ledger-sql.js'
import { createMissingType, formatType, type OwnType } from '../db/own-types.js'
import { carryPrivileges, privilegesOf, schemasIn, schemasOf, type Privilege } from '../db/privileges.js'
import { sqlText } from '../db/recorded-sql.js'
import { script, type Section } from '../db/script.js'
import { addMissingColumns, cloudTable, createSchema, listTable, medicalOrgsTable } from '../db/table-ddl.js'
import { demandCloud, demandOnPrem } from '../db/wrong-place.js'
import { importSections } from './import-scripts.js'

/** A master with all that its tables are made from. */
export interface PlannedMaster {
  readonly master: Master
  readonly source: TableShape
  /** Whether the master table is to be created. */
  readonly isNew: boolean
  /** Whether imports write there. */
  readonly imports: boolean
  readonly copied: readonly ColumnShape[]
  /** Of the list, where it is to be created. */
  readonly newList: readonly ColumnShape[] | undefined
  readonly layout: Layout
  readonly types: readonly OwnType[]
}

/** Who needs what: the worker reads on-prem and writes in the cloud, people edit the list; imports write the master. */
export interface Roles {
  readonly reader: string
  readonly editor: string
  readonly writer: string
  readonly importer: string
}

export function rolesOf(prefix: string): Roles {
  return {
    reader: `${prefix}_reader`,
    editor: `${prefix}_editor`,
    writer: `${prefix}_writer`,
    importer: `${prefix}_importer`,
  }
}

export function sourceScript(
  database: string,
  masters: readonly PlannedMaster[],
  { reader, editor, importer }: Roles,
): string {
  const utf8 = masters.every(({ layout }) => layout.source.utf8)
  const tables = masters.flatMap(({ layout: { source, list }, isNew, newList: key }) => [
    ...(isNew ? [] : [source.table]),
    ...(list === undefined || key !== undefined ? [] : [list.table]),
  ])
  const imported = masters.filter(({ imports }) => imports)
  return script(head('ON-PREM', database), [
    guard(demandOnPrem(uniqueTables(tables))),
    {
      comment: [
        'The roles. They cannot log in: grant them to the users that do, for example',
        `  create user sync_worker in role ${quoteName(reader)};  \\password sync_worker`,
        `  create user list_editor in role ${quoteName(editor)};  \\password list_editor`,
        ...(utf8
          ? []
          : ['temporary: characters without a Unicode form are found with a function of the session.']),
      ],
      statements: [
        createRole(reader),
        createRole(editor),
        grantDatabase(reader, utf8 ? 'connect' : 'connect, temporary'),
        grantDatabase(editor, 'connect'),
      ],
    },
    ...masters.flatMap(newMaster),
    ...masters.flatMap(newList),
    taken(
      masters.flatMap(({ layout }) => tablesOf(layout)),
      [reader, editor],
    ),
    ...masters.flatMap((master) => onPremGrants(master, { reader, editor })),
    ...(imported.length === 0 ? [] : importSections(imported, { reader, importer })),
  ])
}

function tablesOf({ source, list }: Layout): readonly TableName[] {
  return list === undefined ? [source.table] : [source.table, list.table]
}

function newMaster({ master, source, isNew }: PlannedMaster): readonly Section[] {
  if (!isNew) return []
  return [
    {
      comment: [`${master.master}: the master table, which imports fill`],
      statements: [...schemaOf(source.table.schema), ...medicalOrgsTable(source.table).map(sqlText)],
    },
  ]
}

function newList({ master, layout, newList: key }: PlannedMaster): readonly Section[] {
  if (key === undefined || layout.list === undefined) return []
  const { table } = layout.list
  return [
    {
      comment: [`${master.master}: the target list`],
      statements: [...schemaOf(table.schema), sqlText(listTable(table, key))],
    },
  ]
}

/** To read the target list, and to change it. */
const EDITS = ['select', 'insert', 'update', 'delete'] as const

function onPremGrants(
  { master, layout, source }: PlannedMaster,
  { reader, editor }: Pick<Roles, 'reader' | 'editor'>,
): readonly Section[] {
  const list = layout.list?.table
  const fed = master.targets.lists.length > 0
  const [read] = privilegesOf(layout)
  const whole = read === undefined || read.columns.length === source.columns.length
  const select = (role: string): string =>
    whole ? grantTable(['select'], source.table, role) : grantColumns(inOrder(read, source.columns), role)
  const onList = (privileges: readonly ('select' | 'insert' | 'update' | 'delete')[], role: string) =>
    list === undefined ? [] : [grantTable(privileges, list, role)]
  const used = schemasOf(layout).flatMap(({ side, schema }) => (side === 'source' ? [schema] : []))
  const schemas = [source.table.schema, ...(list === undefined ? [] : [list.schema]), ...used]
  const usage = (role: string, more: readonly string[]): readonly string[] =>
    unique([...schemas, ...more]).map((schema) => grantUsage(schema, role))
  return [
    {
      comment: [
        `${master.master}: the reader may ${mayRead(list !== undefined, fed)}, and nothing else`,
        ...(list === undefined
          ? []
          : [
              'The list whole, with its notes: a role that may not read a whole table cannot lock it against a truncate while it',
              'reads, and an emptied list would look as if all were to be taken away.',
            ]),
        ...(whole
          ? []
          : [
              'Of the master the columns that are copied: the others cannot leave even by mistake; the price is that lock. To',
              'prefer it, grant select on all of it to the user, not to the role, whose grants are made anew each time.',
            ]),
      ],
      statements: [...usage(reader, []), select(reader), ...onList(fed ? EDITS : ['select'], reader)],
    },
    {
      comment: [
        list === undefined
          ? `${master.master}: the editor looks up in the master what an id is; the list stands in the cloud database`
          : `${master.master}: the editor changes the list, and looks up in the master what an id is`,
      ],
      statements: [
        ...usage(editor, list === undefined ? [] : schemasIn(layout.key.map((column) => column.list.type))),
        select(editor),
        ...onList(EDITS, editor),
      ],
    },
  ]
}

function mayRead(list: boolean, fed: boolean): string {
  if (!list) return 'read the master'
  return fed ? 'read the master, bring its lists into the target list' : 'read the master and the list'
}

/** The columns as the table has them, which is easier to look over. */
function inOrder(privilege: Privilege, columns: readonly { readonly name: string }[]): Privilege {
  const names = columns.map((column) => column.name)
  return { ...privilege, columns: names.filter((name) => privilege.columns.includes(name)) }
}

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

function guard(statement: string): Section {
  return {
    comment: [
      'In the wrong database nothing is done. Where it is the right one all the same, take this out.',
    ],
    statements: [statement],
  }
}

/** Of the roles' grants, those that an earlier script gave: a column may have been excluded since. */
function taken(tables: readonly TableName[], roles: readonly string[]): Section {
  return {
    comment: [
      'Grants are made anew: what is needed no more is taken away. Others see the whole change at once.',
    ],
    statements: uniqueTables(tables).flatMap((table) => roles.map((role) => revokeTable(table, role))),
  }
}

function head(place: string, database: string): readonly string[] {
  return [
    `==== To be run in the ${place} database: that of ${database} ====`,
    'As the owner of its tables: psql -v ON_ERROR_STOP=1 -f this-file.sql',
    'It can be run again at any time: what is there stays as it is, and grants become those that are written here.',
  ]
}

/** Everybody's is there already. */
function schemaOf(schema: string): readonly string[] {
  return schema === 'public' ? [] : [sqlText(createSchema(schema))]
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}

function uniqueTables(tables: readonly TableName[]): readonly TableName[] {
  return [...new Map(tables.map((table) => [formatTableName(table), table])).values()]
}
