import { RESERVED } from './keywords.js'

/** A table or view, by schema and name exactly as PostgreSQL stores them. */
export interface TableName {
  readonly schema: string
  readonly name: string
}

const PART = /^(?:"((?:[^"]|"")+)"|([^".]+))$/u

/**
 * Reads `table`, `schema.table`; a part that holds a dot or a quote stands in double quotes, as in SQL.
 * Unlike SQL nothing is folded to lower case: names are taken as they are written.
 * @returns undefined when the text is not a table name.
 */
export function parseTableName(text: string): TableName | undefined {
  const parts = (text.match(/"(?:[^"]|"")*"|[^".]+|\./gu) ?? []).filter((part) => part !== '.')
  if (parts.join('.') !== text) return undefined
  const names = parts.map((part) => {
    const match = PART.exec(part)
    return match?.[1]?.replaceAll('""', '"') ?? match?.[2]
  })
  const [first, second] = names
  if (names.length === 1 && first !== undefined) return { schema: 'public', name: first }
  if (names.length === 2 && first !== undefined && second !== undefined)
    return { schema: first, name: second }
  return undefined
}

/** As a person would write it in SQL. */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/u.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}

export function formatTableName(table: TableName): string {
  return `${quoteName(table.schema)}.${quoteName(table.name)}`
}
