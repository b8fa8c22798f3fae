import { sql } from 'kysely'
import type { AuditDetail, AuditEntry, AuditedChange } from '../core/audit.js'
import type { Session } from './session.js'

export async function recordChange({ db }: Session, change: AuditedChange): Promise<void> {
  const { who, role, master, what, detail } = change
  await db
    .insertInto('master_sync.console_audit')
    .values({ who, role, master, what, detail: JSON.stringify(detail) })
    .execute()
}

/**
 * The last changes of a master, newest first.
 * @param before only such as are older than this one
 */
export async function recordedChanges(
  { db }: Session,
  master: string,
  before: string | undefined,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const { rows } = await sql<Row>`
    select id, at, who, role, what, detail from master_sync.console_audit
    where master = ${master} and ${before === undefined ? sql`true` : sql`id < ${before}::bigint`}
    order by id desc limit ${limit}`.execute(db)
  return rows.map(({ at, ...entry }) => ({ ...entry, master, at: at.toISOString() }))
}

interface Row {
  readonly id: string
  readonly at: Date
  readonly who: string
  readonly role: string
  readonly what: string
  readonly detail: AuditDetail
}
