import { sql } from 'kysely'
import type { Layout, TextColumn } from '../core/layout.js'
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

type Write = (numbers: readonly number[]) => Promise<void>

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

/** @returns undefined where there is nothing to write */
async function writer(context: UndoContext, part: Part): Promise<Write | undefined> {
  if (part === 'came') return (numbers) => note(context, part, deletion(context.layout, numbers))
  const columns = await columnsIn(context, part === 'changed' ? sql`u.write` : sql`u.before`)
  if (columns.length === 0) return undefined
  const change = part === 'changed' ? update : insertion
  return (numbers) => note(context, part, change(context.layout, columns, numbers))
}

/** Notes what was done to the rows, from the keys and the texts that the change gives back. */
async function note({ cloud: { db } }: UndoContext, part: Part, change: Fragment): Promise<void> {
  const [, done] = ACTS[part]
  await sql`
    with changed as (${change})
    update ${UNDO} u set what = ${done}, written = d.row from changed d where d.key = u.key`.execute(db)
}

function chosen(numbers: readonly number[]): Fragment {
  return sql`u.n = any(${[...numbers]}::bigint[])`
}

function deletion(layout: Layout, numbers: readonly number[]): Fragment {
  return sql`delete from ${tableOf(layout.cloud.table)} c using ${UNDO} u
    where ${cloudEquals(layout, sql`u.key`)} and ${chosen(numbers)} returning u.key, null::jsonb as row`
}

function update(layout: Layout, columns: readonly TextColumn[], numbers: readonly number[]): Fragment {
  const assignments = columns.map((column) => {
    const [name, given] = [sql.id(column.name), sql.lit(column.name)]
    return sql`${name} = case when u.write ? ${given} then (u.write ->> ${given})::${typeOf(column.type)} else c.${name} end`
  })
  return sql`update ${tableOf(layout.cloud.table)} c set ${sql.join(assignments)} from ${UNDO} u
    where ${cloudEquals(layout, sql`u.key`)} and ${chosen(numbers)} returning u.key, ${rowTexts(layout)} as row`
}

function insertion(layout: Layout, columns: readonly TextColumn[], numbers: readonly number[]): Fragment {
  const names = columns.map(({ name }) => sql.id(name))
  const values = columns.map(({ name, type }) => sql`(u.before ->> ${sql.lit(name)})::${typeOf(type)}`)
  return sql`insert into ${tableOf(layout.cloud.table)} as c (${sql.join(names)}) overriding system value
    select ${sql.join(values)} from ${UNDO} u where ${chosen(numbers)} order by u.n
    returning ${keyArray(cloudKeyTexts(layout))} as key, ${rowTexts(layout)} as row`
}

/** The columns of the cloud table that stand in a staged value; others were dropped since. */
async function columnsIn(
  { cloud: { db }, layout }: UndoContext,
  value: Fragment,
): Promise<readonly TextColumn[]> {
  const { rows } = await sql<{ readonly name: string }>`
    select distinct k.name from ${UNDO} u cross join lateral jsonb_object_keys(${value}) k(name)
    where u.what in ('write', 'insert')`.execute(db)
  const names = new Set(rows.map(({ name }) => name))
  return layout.cloud.row.filter(({ name }) => names.has(name))
}
