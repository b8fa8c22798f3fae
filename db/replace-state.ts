import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { isInCloud } from './digest.js'
import { cloudEquals, isLocked, tableOf } from './fragments.js'
import type { Lease } from './lease.js'
import { cloudHash, seenHash } from './row-hash.js'
import type { Session } from './session.js'

/** What a replacement works with. */
export interface ReplaceContext {
  readonly cloud: Session
  readonly master: string
  readonly layout: Layout
  readonly lease: Lease
  /** How long rows that someone else holds are waited for. */
  readonly patienceMs: number
}

/** One of its two rows, locked. */
export interface RowState {
  readonly key: Key
  readonly inCloud: boolean
  readonly locked: boolean
  /** Why it stands outside the comparison. */
  readonly outside: string | null
  /** It is as the sync left it, but for what people may edit. */
  readonly untouched: boolean
  /** This run has written it before, and says so. */
  readonly counted: boolean
  /** The tracked row as JSON: a text, for its hashes are no JavaScript numbers. */
  readonly tracked: string
}

/** undefined: it is not tracked */
export async function stateOf(
  { cloud: { db }, layout, master, lease: { run } }: ReplaceContext,
  key: Key,
): Promise<RowState | undefined> {
  const { rows } = await sql<Omit<RowState, 'key'>>`
    select ${isInCloud(layout)} as "inCloud", ${isLocked(layout)} as locked, t.outside, to_jsonb(t)::text as tracked,
      t.since is not distinct from ${run}::bigint or exists (select from master_sync.row_history h
        where h.master = t.master and h.key = t.key and h.run = ${run}) as counted,
      ${isInCloud(layout)} and ${cloudHash(layout).row} = ${seenHash(layout)} as untouched
    from master_sync.tracked_rows t left join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`t.key`)}
    where t.master = ${master} and t.key = ${[...key]}::text[]`.execute(db)
  const [row] = rows
  return row === undefined ? undefined : { key, ...row }
}
