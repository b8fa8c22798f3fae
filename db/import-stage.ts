import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { from as copyFrom } from 'pg-copy-streams'
import { copyField } from './copy-text.js'
import { noteSide } from './failures.js'
import type { Fragment } from './fragments.js'
import type { Session } from './session.js'

/** A row of a published file, its values as texts in the order of the columns. */
export interface ImportRow {
  readonly scope: string
  readonly values: readonly (string | null)[]
}

/** A temporary table on-prem: `n` numbers its rows, whose values stand in `c1`, `c2`, … */
export const IMPORT_STAGE = sql.id('pg_temp', 'import_stage')

export async function stageImport(
  session: Session,
  width: number,
  rows: AsyncIterable<readonly ImportRow[]>,
): Promise<void> {
  await sql`drop table if exists ${IMPORT_STAGE}`.execute(session.db)
  const columns = Array.from({ length: width }, (_, index) => stagedColumn(index))
  await sql`
    create temporary table import_stage (
      n bigint generated always as identity, scope text collate "C", ${sql.join(columns.map((name) => sql`${name} text`))})`.execute(
    session.db,
  )
  const copy = sql`copy ${IMPORT_STAGE} (scope, ${sql.join(columns)}) from stdin`.compile(session.db)
  const lines = async function* (): AsyncGenerator<string> {
    for await (const some of rows)
      yield some.map(({ scope, values }) => `${[scope, ...values].map(copyField).join('\t')}\n`).join('')
  }
  const writer = session.client.query(copyFrom(copy.sql))
  writer.once('error', (error) => {
    noteSide('source', error)
  })
  await pipeline(Readable.from(lines()), writer)
  await sql`analyze ${IMPORT_STAGE}`.execute(session.db)
}

export function stagedColumn(index: number): Fragment {
  return sql.id(`c${index + 1}`)
}
