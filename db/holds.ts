import { sql } from 'kysely'
import type { Hold } from '../core/question.js'
import type { Session } from './session.js'

/** Why the master's runs hold everything; undefined where they do not. */
export async function readHold({ db }: Session, master: string): Promise<Hold | undefined> {
  const row = await db
    .selectFrom('master_sync.masters')
    .select('hold')
    .where('master', '=', master)
    .executeTakeFirst()
  return row?.hold ?? undefined
}

/** @returns the hold that was lifted; undefined where there was none */
export async function liftHold({ db }: Session, master: string): Promise<Hold | undefined> {
  const { rows } = await sql<{ readonly hold: Hold }>`
    with held as (
      select master, hold from master_sync.masters where master = ${master} and hold is not null for update
    )
    update master_sync.masters m set hold = null from held where m.master = held.master returning held.hold`.execute(
    db,
  )
  return rows[0]?.hold
}

/** What keeps the next run from doing again what was taken back. */
export function holdAfterUndo(undoes: number, run: number, by: string | undefined): Hold {
  return { reason: `run ${undoes} was undone by run ${run}`, by: by ?? '', at: new Date().toISOString() }
}

export async function putOnHold({ db }: Session, master: string, hold: Hold): Promise<void> {
  await sql`
    insert into master_sync.masters (master, hold) values (${master}, ${JSON.stringify(hold)}::jsonb)
    on conflict (master) do update set hold = excluded.hold`.execute(db)
}
