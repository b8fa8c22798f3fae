import { sql } from 'kysely'
import type { Layout } from '../core/layout.js'
import { tableOf } from './fragments.js'
import { SNAPSHOT, transaction, type Session } from './session.js'

/**
 * Reads the source in one snapshot. The lock comes first, before the snapshot is taken: a TRUNCATE that commits after
 * a snapshot empties the table for it too (https://www.postgresql.org/docs/current/mvcc-caveats.html).
 */
export function readSnapshot<T>(source: Session, layout: Layout, work: () => Promise<T>): Promise<T> {
  return transaction(source, SNAPSHOT, async () => {
    for (const read of [layout.list, layout.source]) {
      if (read?.lockable !== true) continue
      await sql`lock table ${tableOf(read.table)} in access share mode`.execute(source.db)
    }
    return work()
  })
}
