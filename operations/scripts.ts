import { quoteName } from '../core/table-name.js'
import {
  createRole,
  grantColumns,
  grantDatabase,
  grantTable,
  grantUsage,
  ledgerGrants,
} from '../db/grants.js'
import { ledgerSql } from '../db/ledger-sql.js'
import { createMissingType, formatType } from '../db/own-types.js'
import { privilegesOf, type Privilege } from '../db/privileges.js'
import { sqlText } from '../db/recorded-sql.js'
import { script, type Section } from '../db/script.js'
import { addColumns, cloudTable, createSchema, listTable } from '../db/table-ddl.js'
import type { PlannedMaster } from './print-sql.js'

/** Who needs what: the worker reads on-prem and writes in the cloud, people edit the list. */
export interface Roles {
  readonly reader: string
  readonly editor: string
  readonly writer: string
}

export function rolesOf(prefix: string): Roles {
  return { reader: `${prefix}_reader`, editor: `${prefix}_editor`, writer: `${prefix}_writer` }
}

export function sourceScript(
  database: string,
  masters: readonly PlannedMaster[],
  { reader, editor }: Roles,
): string {
  const utf8 = masters.every(({ layout }) => layout.source.utf8)
  return script(head('ON-PREM', database), [
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
    ...masters.flatMap((master) => [...newList(master), ...onPremGrants(master, { reader, editor })]),
  ])
}

function newList({ master, layout, newList: key }: PlannedMaster): readonly Section[] {
  if (key === undefined) return []
  const { table } = layout.list
  return [
    {
      comment: [`${master.master}: the target list`],
      statements: [...schemaOf(table.schema), sqlText(listTable(table, key))],
    },
  ]
}

function onPremGrants(
  planned: PlannedMaster,
  { reader, editor }: Pick<Roles, 'reader' | 'editor'>,
): readonly Section[] {
  const { master, layout, source, keyTypes } = planned
  const [read] = privilegesOf(layout)
  const list = layout.list.table
  const whole = read !== undefined && read.columns.length === source.columns.length
  const select = (role: string): string =>
    read === undefined || whole
      ? grantTable(['select'], source.table, role)
      : grantColumns(inOrder(read, source.columns), role)
  const usage = (role: string): readonly string[] =>
    unique([source.table.schema, list.schema]).map((schema) => grantUsage(schema, role))
  return [
    {
      comment: [
        `${master.master}: the reader may read the master and the list, and nothing else`,
        ...(whole
          ? []
          : [
              'Of the master the columns that are copied: the others cannot leave even by mistake. The price: a role that may',
              'not read a whole table cannot lock it against a truncate while it reads. To prefer that, grant select on all of it.',
            ]),
      ],
      statements: [...usage(reader), select(reader), grantTable(['select'], list, reader)],
    },
    {
      comment: [`${master.master}: the editor changes the list, and looks up in the master what an id is`],
      statements: [
        ...usage(editor),
        ...unique(keyTypes.map((type) => type.schema)).map((schema) => grantUsage(schema, editor)),
        select(editor),
        grantTable(['select', 'insert', 'update', 'delete'], list, editor),
      ],
    },
  ]
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
    { comment: [], statements: ledgerGrants(writer) },
    ...masters.flatMap((master) => cloudSections(master, writer)),
  ])
}

function cloudSections(planned: PlannedMaster, writer: string): readonly Section[] {
  const { master, layout, copied, types } = planned
  const { table } = layout.cloud
  const others = copied.filter((column) => !master.source.key.includes(column.name))
  const missing = types.filter((type) => type.kind === 'other').map(formatType)
  const schemas = unique([table.schema, ...types.map((type) => type.schema)])
  return [
    {
      comment: [
        `${master.master}: the table, in the types of the source; where it is there, with the columns that the source has got since`,
        ...missing.map((type) => `It needs the type ${type}, which must be there: create it first.`),
      ],
      statements: [
        ...unique(types.map((type) => type.schema)).flatMap(schemaOf),
        ...types.flatMap((type) => createMissingType(type) ?? []),
        ...schemaOf(table.schema),
        sqlText(cloudTable(table, copied, master.source.key)),
        ...(others.length === 0 ? [] : [sqlText(addColumns(table, others))]),
      ],
    },
    {
      comment: [
        `${master.master}: the writer`,
        'A row that another table refers to is never removed. Where there are such tables, the writer must be able to read',
        'the columns that refer; a run that may not says so before it writes anything, with the grant that is missing.',
      ],
      statements: [
        ...schemas.map((schema) => grantUsage(schema, writer)),
        grantTable(['select', 'delete'], table, writer),
        ...privilegesOf(layout)
          .filter(({ side, privilege }) => side === 'cloud' && ['insert', 'update'].includes(privilege))
          .map((privilege) => grantColumns(inOrder(privilege, copied), writer)),
      ],
    },
  ]
}

function head(place: string, database: string): readonly string[] {
  return [
    `==== To be run in the ${place} database: that of ${database} ====`,
    'As the owner of its tables: psql -v ON_ERROR_STOP=1 -f this-file.sql',
    'It can be run again at any time: what is there stays as it is.',
  ]
}

/** Everybody's is there already. */
function schemaOf(schema: string): readonly string[] {
  return schema === 'public' ? [] : [sqlText(createSchema(schema))]
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}
