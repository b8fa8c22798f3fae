import { sql } from 'kysely'
import { LOCK_NOT_AVAILABLE } from '../core/sqlstate.js'
import { cloudEquals, cloudKeyTexts, keyArray, tableOf, typeOf, type Fragment } from './fragments.js'
import { suppressed, type Refusal } from './rejects.js'
import { rowTexts } from './remove-rows.js'
import { inSavepoint } from './savepoint.js'
import type { UndoContext } from './undo-context.js'
import { UNDO, type Part } from './undo-stage.js'

/** A row that the cloud would not have as it was. */
export type Refused = Refusal & { readonly n: number }

const SUPPRESSED = suppressed('a trigger of the cloud table did not let the row be as it was')

/** What a row of a part is to become, and what it is called when that is done. */
const ACTS = {
  came: ['delete', 'deleted'],
  changed: ['write', 'updated'],
  went: ['insert', 'inserted'],
} as const satisfies Readonly<Record<Part, readonly [string, string]>>

/** Does what was decided. Rows that the cloud refuses are found by halving. */
export async function writeStaged(context: UndoContext, part: Part): Promise<readonly Refused[]> {
  const [act] = ACTS[part]
  const write = await writer(context, part)
  const { rows } = await sql<{ readonly n: string }>`
    select n from ${UNDO} where what = ${act} order by n`.execute(context.cloud.db)
  const refused =
    write === undefined
      ? []
      : await together(
          context,
          write,
          rows.map(({ n }) => Number(n)),
        )
  const { rows: kept } = await sql<{ readonly n: string }>`
    select n from ${UNDO} where what = ${act} and n <> all(${refused.map(({ n }) => n)}::bigint[])`.execute(
    context.cloud.db,
  )
  return [...refused, ...kept.map(({ n }) => ({ n: Number(n), ...SUPPRESSED }))]
}

type Write = (numbers: readonly number[]) => Promise<unknown>

async function together(
  context: UndoContext,
  write: Write,
  numbers: readonly number[],
): Promise<readonly Refused[]> {
  const [only] = numbers
  if (only === undefined) return []
  context.heard()
  const attempt = await inSavepoint(context.cloud, () => write(numbers))
  if (attempt.ok) return []
  if (numbers.length === 1) return [{ n: only, ...attempt.refusal }]
  const middle = numbers.length >> 1
  return [
    ...(await together(context, write, numbers.slice(0, middle))),
    ...(await together(context, write, numbers.slice(middle))),
  ]
}

/** Whether to wait for a lock would have helped. */
export function isBusy({ sqlstate }: Refusal): boolean {
  return sqlstate === LOCK_NOT_AVAILABLE
}

/** @returns undefined where there is nothing to write */
async function writer({ cloud, layout }: UndoContext, part: Part): Promise<Write | undefined> {
  const { db } = cloud
  const table = tableOf(layout.cloud.table)
  const chosen = (numbers: readonly number[]): Fragment => sql`u.n = any(${[...numbers]}::bigint[])`
  const [, done] = ACTS[part]
  const note = (changed: Fragment, key: Fragment): Fragment => sql`
    with changed as (${changed})
    update ${UNDO} u set what = ${done}, written = d.row from changed d where ${key}`
  const byNumber = sql`d.n = u.n`
  if (part === 'came')
    return (numbers) =>
      sql`${note(
        sql`delete from ${table} c using ${UNDO} u where ${cloudEquals(layout, sql`u.key`)} and ${chosen(numbers)}
          returning u.n, null::jsonb as row`,
        byNumber,
      )}`.execute(db)
  const names = await namesIn(cloud, part === 'changed' ? sql`write` : sql`before`)
  const columns = layout.cloud.row.filter(({ name }) => names.has(name))
  if (columns.length === 0) return undefined
  if (part === 'changed') {
    const assignments = columns.map(({ name, type }) => {
      const given = sql.lit(name)
      return sql`${sql.id(name)} = case when u.write ? ${given} then (u.write ->> ${given})::${typeOf(type)} else c.${sql.id(name)} end`
    })
    return (numbers) =>
      sql`${note(
        sql`update ${table} c set ${sql.join(assignments)} from ${UNDO} u
          where ${cloudEquals(layout, sql`u.key`)} and ${chosen(numbers)} returning u.n, ${rowTexts(layout)} as row`,
        byNumber,
      )}`.execute(db)
  }
  const values = columns.map(({ name, type }) => sql`(u.before ->> ${sql.lit(name)})::${typeOf(type)}`)
  return (numbers) =>
    sql`${note(
      sql`insert into ${table} as c (${sql.join(columns.map(({ name }) => sql.id(name)))}) overriding system value
        select ${sql.join(values)} from ${UNDO} u where ${chosen(numbers)} order by u.n
        returning ${keyArray(cloudKeyTexts(layout))} as key, ${rowTexts(layout)} as row`,
      sql`d.key = u.key`,
    )}`.execute(db)
}

/** The columns that stand in a staged value. */
async function namesIn({ db }: UndoContext['cloud'], value: Fragment): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ readonly name: string }>`
    select distinct k.name from ${UNDO} u cross join lateral jsonb_object_keys(u.${value}) k(name)
    where u.what in ('write', 'insert')`.execute(db)
  return new Set(rows.map(({ name }) => name))
}
