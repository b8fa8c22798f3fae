import { sql } from 'kysely'
import type { HistoryKind } from '../core/history.js'
import type { Key } from '../core/ids.js'
import type { PlanCounts } from '../core/plan.js'
import type { LeftAlone, Outside, StoredConflict } from './ledger.js'
import type { Session } from './session.js'

/** What the ledger tracks of a row, now or before a run changed it. */
export interface TrackedState {
  readonly origin: 'synced' | 'adopted'
  readonly since: number | null
  readonly outside: Outside | null
  readonly conflicts: Readonly<Record<string, StoredConflict>> | null
  /** Of the source's row that its lock kept out. */
  readonly declined: unknown
}

type Texts = Readonly<Record<string, string | null>>

/** What one run did to a row. */
export interface StoredChapter {
  readonly run: number
  readonly at: Date
  readonly kind: HistoryKind
  readonly before: Texts | null
  readonly after: Texts | null
  readonly tracked: TrackedState | null
  readonly undone_by: number | null
  readonly left: LeftAlone | null
  readonly by: string | null
  readonly answers: number | null
  readonly undoes: number | null
  /** What the run was to do, of all rows. */
  readonly planned: PlanCounts | null
}

const RUN = sql`r.started_by as by, r.answers::integer as answers, r.undoes::integer as undoes, r.report -> 'planned' as planned`

/** What runs did to a row, oldest first, but for its insertions. */
export async function readChapters(
  { db }: Session,
  master: string,
  key: Key,
): Promise<readonly StoredChapter[]> {
  const { rows } = await sql<StoredChapter>`
    select h.run::integer as run, h.at, h.kind, h.before, h.after, h.tracked, h.undone_by::integer as undone_by,
      h.left_alone as left, ${RUN}
    from master_sync.row_history h left join master_sync.runs r on r.run = h.run
    where h.master = ${master} and h.key = ${[...key]}::text[] order by h.run`.execute(db)
  return rows
}

/** The runs of which a tracked row says that they inserted it. */
export async function readInsertions(
  { db }: Session,
  runs: readonly number[],
): Promise<readonly StoredChapter[]> {
  const { rows } = await sql<StoredChapter>`
    select r.run::integer as run, coalesce(r.closed_at, r.started_at) as at, 'inserted' as kind, null as before,
      null as after, null as tracked, null as undone_by, null as left, ${RUN}
    from master_sync.runs r where r.run = any(${[...runs]}::bigint[])`.execute(db)
  return rows
}

export async function readTracked(
  { db }: Session,
  master: string,
  key: Key,
): Promise<TrackedState | undefined> {
  const { rows } = await sql<TrackedState>`
    select origin, since::integer as since, outside, conflicts, to_jsonb(declined) as declined from master_sync.tracked_rows
    where master = ${master} and key = ${[...key]}::text[]`.execute(db)
  return rows[0]
}
