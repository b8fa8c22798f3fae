import { formatTableName, type TableName } from '../../core/table-name.js'
import { revokeTable } from '../../db/grants.js'
import type { Privilege } from '../../db/privileges.js'
import { sqlText } from '../../db/recorded-sql.js'
import type { Section } from '../../db/script.js'
import { createSchema } from '../../db/table-ddl.js'

export function guard(statement: string): Section {
  return {
    comment: [
      'In the wrong database nothing is done. Where it is the right one all the same, take this out.',
    ],
    statements: [statement],
  }
}

/** Of the roles' grants, those that an earlier script gave: a column may have been excluded since. */
export function taken(tables: readonly TableName[], roles: readonly string[]): Section {
  return {
    comment: [
      'Grants are made anew: what is needed no more is taken away. Others see the whole change at once.',
    ],
    statements: uniqueTables(tables).flatMap((table) => roles.map((role) => revokeTable(table, role))),
  }
}

export function head(place: string, database: string): readonly string[] {
  return [
    `==== To be run in the ${place} database: that of ${database} ====`,
    'As the owner of its tables: psql -v ON_ERROR_STOP=1 -f this-file.sql',
    'It can be run again at any time: what is there stays as it is, and grants become those that are written here.',
  ]
}

/** Everybody's is there already. */
export function schemaOf(schema: string): readonly string[] {
  return schema === 'public' ? [] : [sqlText(createSchema(schema))]
}

export function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}

export function uniqueTables(tables: readonly TableName[]): readonly TableName[] {
  return [...new Map(tables.map((table) => [formatTableName(table), table])).values()]
}

/** The columns as the table has them, which is easier to look over. */
export function inOrder(privilege: Privilege, columns: readonly { readonly name: string }[]): Privilege {
  const names = columns.map((column) => column.name)
  return { ...privilege, columns: names.filter((name) => privilege.columns.includes(name)) }
}
