import { PostgresDialect, Kysely, sql, type CompiledQuery, type RawBuilder } from 'kysely'
import type { Socket } from 'node:net'
import pg from 'pg'
import { failOf, type Side } from './failures.js'
import type { Ledger } from './ledger.js'

/**
 * One connection, held for one piece of work: Kysely for ordinary statements, the driver's client for COPY.
 * `db` of the source knows none of our tables; there only the `sql` template is used.
 */
export interface Session {
  readonly side: Side
  readonly client: pg.PoolClient
  readonly db: Kysely<Ledger>
  /** Bytes that passed on the connection, both ways, since the session began. */
  readonly traffic: () => number
  /** Breaks the connection off: for a protocol state in which no further statement would be answered. */
  readonly abandon: () => void
}

/** A pool and the side it belongs to. */
export interface Database {
  readonly side: Side
  readonly pool: pg.Pool
}

/**
 * Runs `work` on a connection of its own. When `signal` aborts, the statement under way is cancelled on the server and
 * no other is begun, so that nothing runs on for a caller that has gone.
 */
export async function inSession<T>(
  { side, pool }: Database,
  work: (session: Session) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted()
  const client = await pool.connect().catch((error: unknown) => failOf(side, error))
  let ended = false
  const cancel = (): void => {
    pool.query('select pg_cancel_backend($1)', [processId(client)]).catch(() => undefined)
    // Where the network swallows even that, the connection is given up.
    setTimeout(() => {
      if (!ended) socketOf(client).destroy()
    }, CANCEL_PATIENCE_MS).unref()
  }
  const before = bytesOn(client)
  signal?.addEventListener('abort', cancel)
  let broken = true
  try {
    const result = await work({
      side,
      client,
      db: kyselyOn(side, client, signal),
      traffic: () => bytesOn(client) - before,
      abandon: () => socketOf(client).destroy(),
    })
    broken = false
    return result
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    ended = true
    signal?.removeEventListener('abort', cancel)
    // After a failure the connection's state is unknown (an open transaction, a COPY under way): it is not used again.
    client.release(broken)
  }
}

/** How long a cancelled statement may take to end before its connection is broken off. */
const CANCEL_PATIENCE_MS = 5_000

/** Begins with `begin` (e.g. an isolation level), commits when `work` resolves, rolls back when it throws. */
export async function transaction<T>(
  session: Session,
  begin: RawBuilder<unknown>,
  work: () => Promise<T>,
): Promise<T> {
  await begin.execute(session.db)
  try {
    const result = await work()
    await sql`commit`.execute(session.db)
    return result
  } catch (error) {
    await sql`rollback`.execute(session.db).catch(() => undefined)
    throw error
  }
}

export const READ_COMMITTED = sql`begin isolation level read committed`
export const SNAPSHOT = sql`begin isolation level repeatable read read only`

function kyselyOn(side: Side, client: pg.PoolClient, signal: AbortSignal | undefined): Kysely<Ledger> {
  const held = {
    query: async (text: string, values: unknown[]) => {
      signal?.throwIfAborted()
      return client.query(text, values).catch((error: unknown) => failOf(side, error))
    },
    release: () => undefined,
  }
  const pool = {
    connect: () => Promise.resolve(held as unknown as pg.PoolClient),
    end: () => Promise.resolve(),
  }
  return new Kysely<Ledger>({ dialect: new PostgresDialect({ pool: pool }) })
}

function processId(client: pg.PoolClient): number {
  return (client as unknown as { readonly processID: number }).processID
}

function bytesOn(client: pg.PoolClient): number {
  const { bytesRead, bytesWritten } = socketOf(client)
  return bytesRead + bytesWritten
}

function socketOf(client: pg.PoolClient): Socket {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection.stream
}

/**
 * The statement with its values written into it, for COPY, which takes no parameters.
 * Values are text, numbers or arrays of text only; each becomes a quoted literal.
 */
export function inlineValues(query: CompiledQuery): string {
  return query.sql.replace(PARAMETER_OR_QUOTED, (text, position: string | undefined) =>
    position === undefined ? text : literal(query.parameters[Number(position) - 1]),
  )
}

/** A quoted name may hold a `$1` of its own. */
const PARAMETER_OR_QUOTED = /"(?:[^"]|"")*"|'(?:[^']|'')*'|\$(\d+)/gu

function literal(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value === 'string') return pg.escapeLiteral(value)
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return `array[${value.map((item) => pg.escapeLiteral(item)).join(', ')}]::text[]`
  }
  throw new TypeError('only text, numbers and arrays of text can stand in a COPY statement')
}
