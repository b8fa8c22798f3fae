import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import { BATCH_LOCK_TIMEOUT } from './apply-context.js'
import { tableOf } from './fragments.js'
import { checkLease } from './lease.js'
import { countRejects, type Refusal } from './rejects.js'
import { inSavepoint } from './savepoint.js'
import type { SegmentCounts } from './segments.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'
import type { UndoContext } from './undo-context.js'
import { decideStaged } from './undo-decide.js'
import { recordStaged, refuseStaged } from './undo-record.js'
import { createUndoStage, lockStaged, PARTS, stageNext, UNDO, type Part } from './undo-stage.js'
import { writeStaged } from './undo-write.js'

/**
 * Takes back what a run did, as far as nobody has changed it since, batch by batch: each is one transaction of the
 * cloud, and what it writes down is the checkpoint. Rows that someone else holds, or that the cloud refused while
 * others stood in their way, are tried again last, one at a time.
 */
export async function undoRun(context: UndoContext): Promise<void> {
  await createUndoStage(context.cloud)
  for (const patient of [false, true]) {
    for (const part of PARTS) {
      let cursor: Key | undefined
      do {
        cursor = await undoBatch(context, part, cursor, patient)
      } while (cursor !== undefined)
    }
  }
}

/** @returns the last key that was looked at; undefined where there was none */
async function undoBatch(
  context: UndoContext,
  part: Part,
  cursor: Key | undefined,
  patient: boolean,
): Promise<Key | undefined> {
  const { cloud, layout, lease, heard } = context
  const { db } = cloud
  return transaction(cloud, READ_COMMITTED, async () => {
    const lockTimeout = patient ? Math.floor(context.patienceMs) : BATCH_LOCK_TIMEOUT
    // Of two attempts at the same step one waits here, and then finds what the other has done.
    await sql`select from master_sync.runs where run = ${lease.run} for no key update`.execute(db)
    await sql`set local lock_timeout = ${sql.lit(lockTimeout)}`.execute(db)
    await sql`set constraints all immediate`.execute(db)
    const last = await stageNext(context, part, cursor, patient ? 1 : context.batchRows)
    if (last === undefined) return undefined
    // As a batch of a sync does: whoever has locked all of the table is waited for by trying the step again.
    await sql`delete from ${tableOf(layout.cloud.table)} where false`.execute(db)
    heard()
    const locked = await inSavepoint(cloud, () => lockStaged(context, part, patient))
    heard()
    if (locked.ok) await decideStaged(context, part)
    const refused = locked.ok ? await writeStaged(context, part) : [{ n: undefined, ...locked.refusal }]
    if (patient) await refuseStaged(context, await withKeys(cloud, refused))
    heard()
    await recordStaged(context)
    heard(await countStaged(cloud))
    await checkLease(cloud, lease)
    return last
  })
}

/** @param refused by number; without one it is the batch's only row */
async function withKeys(
  { db }: Session,
  refused: readonly (Refusal & { readonly n: number | undefined })[],
): Promise<readonly (Refusal & { readonly key: Key })[]> {
  if (refused.length === 0) return []
  const { rows } = await sql<{ readonly n: string; readonly key: Key }>`select n, key from ${UNDO}`.execute(
    db,
  )
  return refused.flatMap(({ n, ...refusal }) =>
    rows.filter((row) => n === undefined || row.n === String(n)).map(({ key }) => ({ key, ...refusal })),
  )
}

async function countStaged({ db }: Session): Promise<number> {
  const { rows } = await sql<{
    readonly rows: number
  }>`select count(*)::integer as rows from ${UNDO}`.execute(db)
  return rows[0]?.rows ?? 0
}

/** Rows by what an undo did to them: from its history, so that they count once whatever happened on the way. */
export async function countUndone(session: Session, master: string, run: number): Promise<SegmentCounts> {
  const { rows } = await sql<{ readonly kind: string; readonly rows: number }>`
    select case kind when 'noted' then 'unchanged' else kind end as kind, count(*)::integer as rows
    from master_sync.row_history where master = ${master} and run = ${run} and kind <> 'left' group by 1
    union all
    select 'moved', count(*)::integer from master_sync.row_history
    where master = ${master} and run = ${run} and left_alone ->> 'why' <> 'refused'`.execute(session.db)
  const counts = Object.fromEntries(rows.map((row) => [row.kind, row.rows]))
  return {
    inserted: 0,
    updated: 0,
    removed: 0,
    unchanged: 0,
    moved: 0,
    ...counts,
    rejected: await countRejects(session, master, run),
  }
}

/** The run that an undo takes back, and where that is itself an undo the one behind it, and so on. */
export async function undoChain({ db }: Session, undoes: number): Promise<readonly [number, ...number[]]> {
  const { rows } = await sql<{ readonly run: number }>`
    with recursive chain as (
      select run, undoes, 1 as link from master_sync.runs where run = ${undoes}
      union all
      select r.run, r.undoes, c.link + 1 from chain c join master_sync.runs r on r.run = c.undoes
    )
    select run::integer as run from chain order by link offset 1`.execute(db)
  return [undoes, ...rows.map(({ run }) => run)]
}
