import { sql } from 'kysely'
import { quoteName } from '../core/table-name.js'
import { APPLICATION_NAME } from './pool.js'
import type { Session } from './session.js'

/** How many connections one of a server's limits leaves. */
export interface ConnectionLimit {
  readonly of: 'server' | 'database' | 'role'
  readonly limit: number
  /** Connections that count against it, those of the sync among them. */
  readonly used: number
}

/** Connections that processes of the sync have to a server, by whom and to what. */
interface OwnSessions {
  readonly role: string
  readonly database: string
  readonly count: number
}

export interface ServerState {
  /** When the server started, to the microsecond, by which a server is known from any other, even from its standby. */
  readonly started: string
  readonly version: number
  readonly encoding: string
  readonly role: string
  readonly database: string
  readonly readOnly: boolean
  readonly standby: boolean
  readonly limits: readonly ConnectionLimit[]
  /** Of the whole server. */
  readonly sessions: readonly OwnSessions[]
}

interface StateRow extends Omit<ServerState, 'limits'> {
  readonly superuser: boolean
  readonly most: number
  readonly reserved: number
  readonly used: number
  readonly roleMost: number
  readonly roleUsed: number
  readonly databaseMost: number
  readonly databaseUsed: number
}

/** What a server says of itself and of how full it is; nothing of it needs a permission. */
export async function readServerState({ db }: Session): Promise<ServerState> {
  const { rows } = await sql<StateRow>`
    select pg_postmaster_start_time()::text as started,
      current_setting('server_version_num')::integer as version, current_setting('server_encoding') as encoding,
      r.rolname as role, d.datname as database, pg_is_in_recovery() as standby,
      current_setting('transaction_read_only')::boolean as "readOnly", r.rolsuper as superuser,
      current_setting('max_connections')::integer as most,
      current_setting('superuser_reserved_connections')::integer
        + coalesce(current_setting('reserved_connections', true)::integer, 0) as reserved,
      (select sum(s.numbackends)::integer from pg_stat_database s) as used,
      r.rolconnlimit as "roleMost", d.datconnlimit as "databaseMost",
      (select count(*)::integer from pg_stat_activity a where a.usesysid = r.oid) as "roleUsed",
      (select s.numbackends from pg_stat_database s where s.datid = d.oid) as "databaseUsed",
      (select coalesce(json_agg(o), '[]') from (
        select a.usename as role, a.datname as database, count(*) from pg_stat_activity a
        where a.application_name = ${APPLICATION_NAME} group by 1, 2) o) as sessions
    from pg_roles r, pg_database d where r.rolname = current_user and d.datname = current_database()`.execute(
    db,
  )
  const [row] = rows
  if (row === undefined) throw new Error('the server does not know its own role or database')
  const { started, version, encoding, role, database, readOnly, standby, sessions } = row
  return { started, version, encoding, role, database, readOnly, standby, sessions, limits: limitsOf(row) }
}

function limitsOf(row: StateRow): readonly ConnectionLimit[] {
  const limits: ConnectionLimit[] = [
    { of: 'server', limit: row.most - (row.superuser ? 0 : row.reserved), used: row.used },
  ]
  // A superuser is held back by none of the others.
  if (row.superuser) return limits
  if (row.databaseMost >= 0) limits.push({ of: 'database', limit: row.databaseMost, used: row.databaseUsed })
  if (row.roleMost >= 0) limits.push({ of: 'role', limit: row.roleMost, used: row.roleUsed })
  return limits
}

/** The statement that raises a limit; that of a server holds from its next start. */
export function raiseLimit(
  { role, database }: ServerState,
  { of }: ConnectionLimit,
  connections: number,
): string {
  if (of === 'server') return `alter system set max_connections = ${connections};`
  return `alter ${of} ${quoteName(of === 'role' ? role : database)} connection limit ${connections};`
}

/** The statements that let transactions write where a setting of the database or the role keeps them from it. */
export function letWrite({ role, database }: ServerState): string {
  return [
    'set default_transaction_read_only = off;',
    '-- then whichever was set:',
    `alter database ${quoteName(database)} reset default_transaction_read_only;`,
    `alter role ${quoteName(role)} reset default_transaction_read_only;`,
  ].join('\n')
}

/** By how much the server's clock is ahead of this machine's, and how far that may be wrong; ms. */
export async function readClock({
  db,
}: Session): Promise<{ readonly ahead: number; readonly within: number }> {
  const before = Date.now()
  const { rows } = await sql<{ readonly now: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::double precision as now`.execute(db)
  const after = Date.now()
  return { ahead: (rows[0]?.now ?? 0) - (before + after) / 2, within: (after - before) / 2 }
}
