import { sql } from 'kysely'
import { HAS_COMPLETED } from './full-runs.js'
import type { Session } from './session.js'

/** A run that copied every row: what the others can be measured by. */
export interface FullCopy {
  readonly run: number
  readonly rows: number
  /** Row data and hashes, of both sides. */
  readonly bytes: number
  readonly seconds: number
}

/** The last run before that one that found nothing in the cloud and copied all that is listed. */
export async function fullCopyBefore(
  { db }: Session,
  master: string,
  run: number,
): Promise<FullCopy | undefined> {
  const { rows } = await sql<FullCopy>`
    select r.run::integer as run, (c ->> 'inserted')::integer as rows,
      ((r.report -> 'bytes' ->> 'source')::bigint + (r.report -> 'bytes' ->> 'cloud')::bigint)::float8 as bytes,
      (r.report -> 'seconds' ->> 'total')::float8 as seconds
    from master_sync.runs r cross join lateral (select r.report -> 'rows') x(c)
    where r.master = ${master} and r.run < ${run} and ${HAS_COMPLETED}
      and (c ->> 'inserted')::integer > 0 and (c ->> 'unchanged')::integer = 0
      and (c ->> 'inserted')::integer + (c ->> 'rejected')::integer >=
        (r.report ->> 'targets')::integer - (r.report ->> 'missing')::integer
    order by r.run desc limit 1`.execute(db)
  return rows[0]
}
