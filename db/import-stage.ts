import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { from as copyFrom } from 'pg-copy-streams'
import { stagedName } from '../core/import-table.js'
import { copyField } from './copy-text.js'
import { noteSide } from './failures.js'
import type { Fragment } from './fragments.js'
import { IMPORT_SCHEMA } from './import-tables.js'
import type { Session } from './session.js'

/** A row of a published file, its values as texts in the order of the columns. */
export interface ImportRow {
  /** Which of the files, counted from 0, and where in it. */
  readonly file: number
  readonly line: number
  /** Null where it is not known, of a record that was left out. */
  readonly scope: string | null
  readonly values: readonly (string | null)[]
  /** Whether it stands here by its key only, lest its row be taken for one that is gone. */
  readonly leftOut: boolean
  /** Places of values in whose stead those of the table stay. */
  readonly kept: readonly number[]
}

/** For a look that leaves nothing behind. */
export const TEMPORARY_STAGE = sql.id('pg_temp', 'import_stage')

/**
 * The staged rows of an import: `n` numbers them, their values stand in `c1`, `c2`, …; `kept` names those in whose stead
 * the table's own stay. Of rows that were `left_out` only the key counts, lest theirs be taken for gone.
 */
export function stageOf(id: string): Fragment {
  return sql.id(IMPORT_SCHEMA, `staged_${id}`)
}

/** Makes the stage of a look, which lasts as long as the transaction. */
export async function createTemporaryStage({ db }: Session, width: number): Promise<void> {
  await sql`create temporary table import_stage (${stageColumns(width)}) on commit drop`.execute(db)
}

/** Unlogged, at half the cost: of rows that a crash of the server takes the files are read again. */
export async function createStage({ db }: Session, id: string, width: number): Promise<void> {
  await sql`create unlogged table ${stageOf(id)} (${stageColumns(width)})`.execute(db)
}

/** While the rows wait for a person, a crash of the server must not take them. */
export async function keepStage({ db }: Session, id: string): Promise<void> {
  await sql`alter table ${stageOf(id)} set logged`.execute(db)
}

export async function dropStage({ db }: Session, id: string): Promise<void> {
  await sql`drop table if exists ${stageOf(id)}`.execute(db)
}

/** How many rows count. */
export async function countStage({ db }: Session, stage: Fragment): Promise<number> {
  const { rows } = await sql<{
    readonly rows: number
  }>`select count(*)::integer as rows from ${stage} where not left_out`.execute(db)
  return rows[0]?.rows ?? 0
}

function stageColumns(width: number): Fragment {
  const values = Array.from({ length: width }, (_, index) => sql`${sql.id(stagedName(index))} text`)
  return sql`n bigint generated always as identity, file integer, line bigint, scope text collate "C",
    left_out boolean not null, kept text[], ${sql.join(values)}`
}

/** Sends rows to a stage. As long as the files last: without a limit of time. */
export async function stageRows(
  session: Session,
  stage: Fragment,
  width: number,
  rows: AsyncIterable<readonly ImportRow[]>,
): Promise<void> {
  const { db } = session
  await sql`set local statement_timeout = 0`.execute(db)
  const columns = Array.from({ length: width }, (_, index) => sql.id(stagedName(index)))
  const copy =
    sql`copy ${stage} (file, line, scope, left_out, kept, ${sql.join(columns)}) from stdin`.compile(db)
  const lines = async function* (): AsyncGenerator<string> {
    for await (const some of rows) yield some.map(copyLine).join('')
  }
  const writer = session.client.query(copyFrom(copy.sql))
  writer.once('error', (error) => {
    noteSide('source', error)
  })
  await pipeline(Readable.from(lines()), writer)
}

function copyLine({ file, line, scope, leftOut, kept, values }: ImportRow): string {
  const names = kept.length === 0 ? null : `{${kept.map(stagedName).join(',')}}`
  const place = `${file}\t${line}\t${copyField(scope)}\t${leftOut ? 't' : 'f'}\t${copyField(names)}`
  return `${place}\t${values.map(copyField).join('\t')}\n`
}
