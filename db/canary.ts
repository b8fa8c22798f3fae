import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import type { Layout } from '../core/layout.js'
import { bytesOf } from './fragments.js'
import type { Session } from './session.js'

/** A value of each kind whose text depends on version or settings, as a literal that both servers read alike. */
const FIXED = [
  ['text', "'医療法人　山田病院 ''\"\\,'::text"],
  ['null', 'null::text'],
  ['empty text', "''::text"],
  ['boolean', 'true'],
  ['bigint', '9223372036854775807::bigint'],
  ['numeric', '1.500::numeric'],
  ['real', "'1.17549435e-38'::real"],
  ['double precision', "'-0'::double precision"],
  ['double precision extreme', '1.7976931348623157e308::double precision'],
  ['date', "'0044-03-15 BC'::date"],
  ['timestamp with time zone', "'2026-11-23 09:00:00.123456+09'::timestamptz"],
  ['interval', "'1 year 2 mons -3 days 04:05:06.7'::interval"],
  ['bytea', "'\\x00ff5c'::bytea"],
  ['jsonb', `'{"b": 1e400, "a": [1.0, null, "山田"]}'::jsonb`],
  ['text array', `array['a,b', null, '"', '']`],
  ['money', "'12.34'::money"],
] as const

interface Probe {
  readonly hashes: readonly string[]
}

/**
 * Hashes fixed values on both servers, in the very expression that compares rows, so that no difference of versions or
 * settings can pass for a difference of rows, or hide one.
 * @throws SyncError HASHES_DISAGREE naming the first kind that differs
 */
export async function checkCanary(source: Session, cloud: Session, layout: Layout): Promise<void> {
  const [onPrem, inCloud] = await Promise.all([probe(source, layout.source.utf8), probe(cloud, true)])
  for (const [index, [kind]] of FIXED.entries()) {
    if (onPrem.hashes[index] !== inCloud.hashes[index]) {
      throw new SyncError('HASHES_DISAGREE', `the servers hash a value of the kind ${kind} differently`)
    }
  }
}

async function probe({ db }: Session, utf8: boolean): Promise<Probe> {
  const hashes = FIXED.map(([, literal]) => {
    const value = bytesOf(sql`(${sql.raw(literal)})::text`, utf8)
    return utf8
      ? sql`hash_array_extended(array[${value}] collate "C", 42)::text`
      : sql`hash_array_extended(array[${value}], 42)::text`
  })
  const { rows } = await sql<Probe>`select array[${sql.join(hashes)}] as hashes`.execute(db)
  return rows[0] ?? { hashes: [] }
}
