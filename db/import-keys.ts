import { sql } from 'kysely'
import type { ImportTable, PlacedColumn } from '../core/import-table.js'
import type { ColumnShape } from '../core/shape.js'
import { typeOf, type Fragment } from './fragments.js'
import type { Session } from './session.js'

/**
 * Brings staged keys, and what says which part rows are of, to the form in which their columns write them: `007` and `7`
 * are one id of a column of numbers. What is no value of its column stays as it is.
 */
export async function respellKeys(
  { db }: Session,
  stage: Fragment,
  table: ImportTable,
  publication: string,
): Promise<void> {
  // Parts of the register as others publish it are named by codes, whose form is known.
  const scope = publication === 'csv' && Array.isArray(table.scope) ? table.scope : []
  const parts = table.columns.filter(({ shape }) => scope.includes(shape.name))
  const placed = [...table.key, ...parts]
  const others = placed.flatMap((column) => {
    const own = ownForm(column)
    return own === undefined ? [] : [{ column, own }]
  })
  if (others.length === 0) return
  const sets = others.map(({ column, own }) => sql`${sql.id(column.staged)} = ${own}`)
  const differ = others.map(
    ({ column, own }) => sql`${sql.id('s', column.staged)} collate "C" is distinct from ${own} collate "C"`,
  )
  await sql`update ${stage} s set ${sql.join(sets)} where ${sql.join(differ, sql` or `)}`.execute(db)
  if (scope.length === 0) return
  const texts = scope.flatMap((name) =>
    placed
      .filter(({ shape }) => shape.name === name)
      .map(({ staged }) => sql`coalesce(${sql.id('s', staged)}, '')`),
  )
  if (texts.length < scope.length) return
  const own = sql.join(texts, sql` || '-' || `)
  await sql`update ${stage} s set scope = ${own} where s.scope <> (${own}) collate "C"`.execute(db)
}

/** Whether a text is no value of a key's column; undefined: every one is. */
export function isNoKey(shape: ColumnShape): ((text: Fragment) => Fragment) | undefined {
  const valid = isValue(shape)
  return valid === undefined ? undefined : (text) => sql`not (${valid(text)})`
}

function ownForm({ shape, staged }: PlacedColumn): Fragment | undefined {
  const text = sql.id('s', staged)
  if (hasLength(shape)) return sql`${text}::${typeOf(shape.type)}::text`
  const valid = isValue(shape)
  return valid === undefined
    ? undefined
    : sql`case when ${valid(text)} then ${text}::${typeOf(shape.type)}::text else ${text} end`
}

/** Whether values may be cut; also of a domain, which does not tell. */
export function hasLength({ family, type }: ColumnShape): boolean {
  return family === 'text' && type !== 'text' && type !== 'character varying'
}

const BITS: Readonly<Record<string, number>> = { smallint: 16, integer: 32 }
const GROUPS = '([0-9a-f]{4}-?){7}[0-9a-f]{4}'

/** Whether the server reads the text as a value of the column: a cast of another would end the statement. */
function isValue({ family, type }: ColumnShape): ((text: Fragment) => Fragment) | undefined {
  switch (family) {
    case 'integer': {
      const beyond = 2n ** BigInt((BITS[type] ?? 64) - 1)
      return (text) => sql`case when ${text} ~ '^ *[-+]?[0-9]{1,100} *$'
        then ${text}::numeric >= ${sql.lit(String(-beyond))}::numeric and ${text}::numeric < ${sql.lit(String(beyond))}::numeric
        else false end`
    }
    case 'uuid':
      return (text) => sql`${text} ~* ${sql.lit(`^(${GROUPS}|\\{${GROUPS}\\})$`)}`
    default:
      return undefined
  }
}
