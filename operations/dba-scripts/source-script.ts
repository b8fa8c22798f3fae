import type { Layout } from '../../core/layout.js'
import { quoteName, type TableName } from '../../core/table-name.js'
import { createRole, grantColumns, grantDatabase, grantTable, grantUsage } from '../../db/grants.js'
import { privilegesOf, schemasIn, schemasOf } from '../../db/privileges.js'
import { sqlText } from '../../db/recorded-sql.js'
import { script, type Section } from '../../db/script.js'
import { listTable, medicalOrgsTable } from '../../db/table-ddl.js'
import { demandOnPrem } from '../../db/wrong-place.js'
import { importSections } from './import-sections.js'
import type { PlannedMaster, Roles } from './planned-master.js'
import { guard, head, inOrder, schemaOf, taken, unique, uniqueTables } from './sections.js'

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
