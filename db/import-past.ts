import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import type { ImportDetail } from '../core/import-plan.js'
import { mayRead, readOwner, type Owner } from './import-owner.js'
import { IMPORT_SCHEMA } from './import-tables.js'
import type { Session } from './session.js'

/** What was imported into a table before. */
export interface Past {
  readonly owner: Owner | undefined
  /** Whether it may be read as of when the table has what. */
  readonly dated: boolean
  /** What was matched before, where the stage was. */
  readonly matched?: ImportDetail['enriches'] | undefined
}

/** As far as there is any, and it may be read. */
export async function pastIfAny(session: Session, table: string): Promise<Past> {
  return {
    owner: (await mayRead(session, 'owners')) ? await readOwner(session, table) : undefined,
    dated: await mayRead(session, 'scopes'),
  }
}

/** Why nothing can be imported yet: IMPORT_NOT_SET_UP */
export async function notSetUp({ db }: Session): Promise<SyncError | undefined> {
  const { rows } = await sql`
    select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${IMPORT_SCHEMA} and c.relname = 'imports'`.execute(db)
  return rows.length > 0
    ? undefined
    : new SyncError('IMPORT_NOT_SET_UP', `the on-prem database has no tables in schema ${IMPORT_SCHEMA}`)
}
