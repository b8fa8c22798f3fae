import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { givenKeys } from './fragments.js'
import { STAGE } from './stage.js'
import type { Session } from './session.js'

/** Why a row was not taken. */
export interface Refusal {
  readonly sqlstate: string
  readonly message: string
  readonly column: string | null
}

/** SQLSTATE triggered_action_exception: our own word for a row that a trigger dropped without an error. */
export function suppressed(message: string): Refusal {
  return { sqlstate: '09000', message, column: null }
}

/** Long enough for a server's message, short enough for a list. */
const MESSAGE_LIMIT = 500

export async function parkKeys(
  { db }: Session,
  master: string,
  run: number,
  refusals: readonly (Refusal & { readonly key: Key })[],
): Promise<void> {
  for (const refusal of refusals) {
    await db
      .insertInto('master_sync.rejects')
      .values({ master, run, key: [...refusal.key], ...columns(refusal) })
      .onConflict((conflict) =>
        conflict
          .columns(['master', 'key'])
          .doUpdateSet({ run, ...columns(refusal), at: sql<Date>`clock_timestamp()` }),
      )
      .execute()
  }
}

function columns(refusal: Refusal) {
  return {
    sqlstate: refusal.sqlstate,
    column_name: refusal.column,
    message: refusal.message.slice(0, MESSAGE_LIMIT),
  }
}

/** The keys of staged rows, by their numbers. */
export async function stagedKeys(
  { db }: Session,
  numbers: readonly number[],
): Promise<ReadonlyMap<number, Key>> {
  if (numbers.length === 0) return new Map()
  const { rows } = await sql<{ readonly n: string; readonly key: Key }>`
    select n, key from ${STAGE} where n = any(${[...numbers]}::bigint[])`.execute(db)
  return new Map(rows.map((row) => [Number(row.n), row.key]))
}

/** Refused rows of the master that have not been taken since; with a run, those that it refused. */
export async function countRejects({ db }: Session, master: string, run?: number): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`
    select count(*)::integer as count from master_sync.rejects
    where master = ${master} and ${run === undefined ? sql`true` : sql`run = ${run}`}`.execute(db)
  return rows[0]?.count ?? 0
}

/** Of the keys, those that stand refused. */
export async function rejectedAmong(
  { db }: Session,
  layout: Layout,
  master: string,
  keys: readonly Key[],
): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: Key }>`
    select r.key from master_sync.rejects r
      join ${givenKeys(layout, keys)} on r.key = g.key
    where r.master = ${master}`.execute(db)
  return rows.map((row) => row.key)
}

export async function listRejects(
  { db }: Session,
  master: string,
  limit: number,
): Promise<readonly (Refusal & { readonly key: Key })[]> {
  const rows = await db
    .selectFrom('master_sync.rejects')
    .select(['key', 'sqlstate', 'message', 'column_name'])
    .where('master', '=', master)
    .orderBy('key')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    key: row.key as unknown as Key,
    sqlstate: row.sqlstate,
    message: row.message,
    column: row.column_name,
  }))
}

/** Forgets refusals of rows that are not to be in the cloud any more. */
export async function dropRejects({ db }: Session, master: string, keys: readonly Key[]): Promise<void> {
  if (keys.length === 0) return
  await sql`
    delete from master_sync.rejects r
    using jsonb_array_elements(${JSON.stringify(keys)}::jsonb) j
    where r.master = ${master} and r.key = array(select jsonb_array_elements_text(j))`.execute(db)
}

/**
 * Forgets refusals that a finished run did not meet again: of rows that have left the list or come back to what the
 * cloud has, or were to be removed and are listed again. What still stands was noted by the run itself.
 */
export async function forgetSettled(
  { db }: Session,
  master: string,
  run: number,
  only: readonly Key[] | undefined,
): Promise<void> {
  const looked = sql`select array(select jsonb_array_elements_text(j)) from jsonb_array_elements(${JSON.stringify(only ?? [])}::jsonb) j`
  await sql`
    delete from master_sync.rejects r where r.master = ${master} and r.run < ${run}
      and ${only === undefined ? sql`true` : sql`r.key in (${looked})`}`.execute(db)
}
