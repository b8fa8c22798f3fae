import { sql } from 'kysely'
import { formatKey } from '../core/ids.js'
import type { ImportTable } from '../core/import-table.js'
import { all, keyArray, type Fragment } from './fragments.js'
import type { Session } from './session.js'

/** Rows of the files whose id stood in them before. */
export interface RepeatedRows {
  /** The very same once more. */
  readonly folded: number
  readonly contradicting: {
    readonly rows: number
    readonly sample: readonly ContradictingRow[]
  }
}

interface ContradictingRow {
  readonly id: string
  readonly file: number
  readonly line: number
}

/** How many are told. */
const SAMPLE = 20

/**
 * Of rows with the same id the first stays in the stage, one that counts before one that was left out; tells how often
 * the very same stood there again, and which contradict it.
 */
export async function foldStage(
  { db }: Session,
  stage: Fragment,
  { key, columns }: ImportTable,
): Promise<RepeatedRows> {
  const names = key.map(({ staged }) => sql.id(staged))
  const first = sql`select ${sql.join(names)}, coalesce(min(n) filter (where not left_out), min(n)) as n
    from ${stage} group by ${sql.join(names)} having count(*) > 1`
  const same = (a: string, b: string): Fragment =>
    all(key.map(({ staged }) => sql`${sql.id(a, staged)} = ${sql.id(b, staged)}`))
  const values = (alias: string): Fragment =>
    sql`row(${sql.join([...key, ...columns].map(({ staged }) => sql.id(alias, staged)))})`
  const { rows } = await sql<{
    readonly folded: number
    readonly other: number
    readonly sample: readonly Sampled[] | null
  }>`
    with firsts as materialized (${first}), again as (
      delete from ${stage} s using firsts f where ${same('s', 'f')} and s.n <> f.n returning s.*
    ), compared as materialized (
      select a.n, a.file, a.line, ${keyArray(key.map(({ staged }) => sql.id('a', staged)))} as key,
        ${values('a')} is not distinct from ${values('s')} as same
      from again a join firsts f on ${same('a', 'f')} join ${stage} s on s.n = f.n and ${same('s', 'f')}
      where not a.left_out
    )
    select count(*) filter (where same)::integer as folded, count(*) filter (where not same)::integer as other,
      (select jsonb_agg(jsonb_build_object('key', key, 'file', file, 'line', line) order by n) from (
        select * from compared where not same order by n limit ${SAMPLE}) c) as sample
    from compared`.execute(db)
  // The planner knows nothing of a new table, and only these columns join it to others.
  await sql`analyze ${stage} (n, scope, left_out, kept, ${sql.join(names)})`.execute(db)
  const [row] = rows
  return {
    folded: row?.folded ?? 0,
    contradicting: {
      rows: row?.other ?? 0,
      sample: (row?.sample ?? []).map((one) => ({ id: formatKey(one.key), file: one.file, line: one.line })),
    },
  }
}

interface Sampled {
  readonly key: string[]
  readonly file: number
  readonly line: number
}
