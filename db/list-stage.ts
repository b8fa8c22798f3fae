import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Key } from '../core/ids.js'
import { copyField } from './copy-text.js'
import { noteSide, sideOf } from './failures.js'
import type { Fragment } from './fragments.js'
import { inlineValues, READ_COMMITTED, transaction, type Session } from './session.js'

/** Entries as they were read, in temporary tables of the cloud: `n` numbers them; in a list they stand at `line` and `col`. */
const STAGES = { list: 'list_stage', table: 'table_stage' } as const
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
  await sql`drop index if exists ${indexOf(stage)}`.execute(db)
  await sql`truncate ${stageOf(stage)}`.execute(db)
}

/** A stage that is full: with an index, and with what the planner needs to know, which nobody else tells it. */
export async function closeStage({ db }: Session, stage: Stage): Promise<void> {
  await sql`create index ${sql.id(`${STAGES[stage]}_key`)} on ${stageOf(stage)} (key, n)`.execute(db)
  await sql`analyze ${stageOf(stage)} (key, n)`.execute(db)
}

function indexOf(stage: Stage): Fragment {
  return sql.id('pg_temp', `${STAGES[stage]}_key`)
}

/** Sends entries to the stage of a list: by COPY, in a third of the time of an insert. */
export async function stageEntries(
  session: Session,
  entries: AsyncIterable<readonly StagedEntry[]>,
): Promise<void> {
  const lines = async function* (): AsyncGenerator<string> {
    for await (const some of entries) yield some.map(copyLine).join('')
  }
  await transaction(session, READ_COMMITTED, async () => {
    // It lasts as long as the list is read, from wherever that is.
    await sql`set local statement_timeout = 0`.execute(session.db)
    const writer = session.client.query(copyFrom('copy pg_temp.list_stage (key, note, line, col) from stdin'))
    writer.once('error', (error) => {
      noteSide('cloud', error)
    })
    await pipeline(Readable.from(lines()), writer)
  })
}

function copyLine({ key, note, place }: StagedEntry): string {
  const items = key.map(
    (text) => `"${QUOTED.test(text) ? text.replaceAll(EACH_QUOTED, String.raw`\$&`) : text}"`,
  )
  const fields = [copyField(`{${items.join(',')}}`), copyField(note)]
  return `${[...fields, String(place.line), String(place.column)].join('\t')}\n`
}

const QUOTED = /["\\]/u
const EACH_QUOTED = /["\\]/gu

/** Copies the on-prem table of a list into its stage, from server to server. */
export async function stageTable(source: Session, cloud: Session, rows: Fragment): Promise<void> {
  const reader = source.client.query(copyTo(inlineValues(sql`copy (${rows}) to stdout`.compile(source.db))))
  const writer = cloud.client.query(copyFrom('copy pg_temp.table_stage (key, note) from stdin'))
  reader.once('error', (error) => {
    noteSide('source', error)
  })
  writer.once('error', (error) => {
    noteSide('cloud', error)
  })
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
