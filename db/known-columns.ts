import { sql } from 'kysely'
import type { KnownColumns } from '../core/drift.js'
import type { Session } from './session.js'

/** The columns that runs of the master have copied; undefined where there was none. */
export async function readKnownColumns({ db }: Session, master: string): Promise<KnownColumns | undefined> {
  const row = await db
    .selectFrom('master_sync.masters')
    .select('columns')
    .where('master', '=', master)
    .executeTakeFirst()
  return row?.columns ?? undefined
}

export async function storeKnownColumns(
  { db }: Session,
  master: string,
  columns: KnownColumns,
): Promise<void> {
  await sql`
    insert into master_sync.masters as m (master, columns) values (${master}, ${JSON.stringify(columns)}::jsonb)
    on conflict (master) do update set columns = excluded.columns where m.columns is distinct from excluded.columns`.execute(
    db,
  )
}

/** The same where nothing is known yet. */
export async function storeFirstColumns(
  { db }: Session,
  master: string,
  columns: KnownColumns,
): Promise<void> {
  await sql`
    insert into master_sync.masters as m (master, columns) values (${master}, ${JSON.stringify(columns)}::jsonb)
    on conflict (master) do update set columns = excluded.columns where m.columns is null`.execute(db)
}

/** Forgets columns of earlier runs: the source has them no more, and the cloud keeps what it has. */
export async function forgetColumns(
  { db }: Session,
  master: string,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return
  await sql`
    update master_sync.masters set columns = columns - ${[...names]}::text[] where master = ${master}`.execute(
    db,
  )
}
