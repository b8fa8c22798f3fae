import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Key } from '../core/ids.js'
import { sideOf } from './failures.js'
import { keyArrays, keyOfTable, type Fragment, type Keyed } from './fragments.js'
import { inlineValues, type Session } from './session.js'

/** Entries as they were read, in temporary tables of the cloud: `n` numbers them; in a list they stand at `line` and `col`. */
export const STAGES = { list: 'list_stage', table: 'table_stage' } as const
export type Stage = keyof typeof STAGES

export function stageOf(stage: Stage): Fragment {
  return sql.id('pg_temp', STAGES[stage])
}

/** An entry with its place. */
export interface StagedEntry {
  readonly key: Key
  readonly note: string | null
  readonly place: { readonly line: number; readonly column: number }
}

/** Makes a stage, or empties it. */
export async function clearStage({ db }: Session, stage: Stage): Promise<void> {
  await sql`
    create temporary table if not exists ${sql.id(STAGES[stage])} (
      n bigint generated always as identity, key text[] collate "C", note text, line bigint, col bigint)`.execute(
    db,
  )
  await sql`create index if not exists ${sql.id(`${STAGES[stage]}_key`)} on ${stageOf(stage)} (key, n)`.execute(
    db,
  )
  await sql`truncate ${stageOf(stage)}`.execute(db)
}

export async function stageEntries(
  { db }: Session,
  keyed: Keyed,
  entries: readonly StagedEntry[],
): Promise<void> {
  if (entries.length === 0) return
  const keys = keyArrays(
    keyed,
    entries.map(({ key }) => key),
  )
  const names = keyed.key.map((_, index) => sql.id(`k${index + 1}`))
  await sql`
    insert into ${stageOf('list')} (key, note, line, col)
    select ${keyOfTable(keyed, 'v')}, v.note, v.line, v.col
    from unnest(${sql.join(keys)}, ${entries.map(({ note }) => note)}::text[],
      ${entries.map(({ place }) => place.line)}::bigint[], ${entries.map(({ place }) => place.column)}::bigint[])
      as v(${sql.join(names)}, note, line, col)`.execute(db)
}

/** Copies the on-prem table of a list into its stage, from server to server. */
export async function stageTable(source: Session, cloud: Session, rows: Fragment): Promise<void> {
  const reader = source.client.query(copyTo(inlineValues(sql`copy (${rows}) to stdout`.compile(source.db))))
  const writer = cloud.client.query(copyFrom('copy pg_temp.table_stage (key, note) from stdin'))
  try {
    await pipeline(reader, writer)
  } catch (error) {
    // As in `copyToStage`: a COPY that was left in the middle is never rolled back to its end.
    if (sideOf(error) !== 'source') source.abandon()
    throw error
  }
}

/** The entries as they are meant: of an id that stands there twice the first. */
export function stagedOnce(stage: Stage): Fragment {
  return sql`
    select distinct on (key) key, note, ${noteHash(sql`note`)} as note_hash from ${stageOf(stage)} order by key, n`
}

/** What tells two notes apart, also where they are not kept. */
export function noteHash(note: Fragment): Fragment {
  return sql`case when ${note} is not null then hash_array_extended(array[${note} collate "C"], 0) end`
}
