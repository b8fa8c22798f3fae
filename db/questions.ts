import { sql } from 'kysely'
import { questionClosed } from '../core/closed-question.js'
import type { QuestionState } from '../core/question.js'
import { openQuestion, questionsOf } from './answers.js'
import { checkLease, type Lease } from './lease.js'
import { isAwaited } from './replacement-state.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

/**
 * Asks what a full run has held back, in the transaction that closes it. The same rows with the same values are the
 * same question, which keeps its number while it stands; any other takes its place. One that was answered with no is
 * not asked again.
 * @param within seconds that the question waits for its answer
 * @returns the number of the question that stands for what is held; undefined where nothing is
 */
export async function askHeld(
  session: Session,
  master: string,
  run: number,
  within: number,
): Promise<number | undefined> {
  const { db } = session
  const { rows } = await sql<{ readonly fingerprint: string | null }>`
    select count(*) || ':' || sum(hash_array_extended(
        key || array[kind, coalesce(source::text, ''), coalesce(image::text, '')], 0)::numeric) as fingerprint
    from master_sync.plan_rows where run = ${run} and held is not null having count(*) > 0`.execute(db)
  const fingerprint = rows[0]?.fingerprint ?? undefined
  const last = await lastQuestion(session, master)
  // A run that waited while a later one asked has nothing to say to that.
  if (last !== undefined && last.run > run) {
    await dropPlan(session, run)
    return undefined
  }
  const open = last?.state === 'open' ? last : undefined
  if (fingerprint === undefined) {
    if (open !== undefined) await close(session, open.run, open.expired ? 'expired' : 'settled', undefined)
    // What was answered with no is over; should it come up again, it is asked again.
    else if (last?.state === 'rejected') await close(session, last.run, 'rejected', last.successor ?? run)
    return undefined
  }
  const rejected = last?.state === 'rejected' && last.successor === undefined
  const same = last?.fingerprint === fingerprint && (rejected || (open && !open.expired))
  if (last !== undefined && same === true) {
    await dropPlan(session, run)
    return last.run
  }
  if (open !== undefined) await close(session, open.run, open.expired ? 'expired' : 'superseded', run)
  await sql`
    insert into master_sync.questions (run, master, fingerprint, expires_at)
    values (${run}, ${master}, ${fingerprint}, clock_timestamp() + make_interval(secs => ${within}))`.execute(
    db,
  )
  return run
}

interface LastQuestion {
  readonly run: number
  readonly state: QuestionState
  readonly fingerprint: string
  readonly expired: boolean
  readonly successor: number | undefined
}

async function lastQuestion({ db }: Session, master: string): Promise<LastQuestion | undefined> {
  const { rows } = await sql<
    Omit<LastQuestion, 'run' | 'successor'> & { readonly run: string; readonly successor: string | null }
  >`
    select run, state, fingerprint, successor, expires_at <= clock_timestamp() as expired from master_sync.questions
    where master = ${master} and about = 'sync' order by run desc limit 1 for update`.execute(db)
  const [row] = rows
  if (row === undefined) return undefined
  const successor = row.successor === null ? undefined : Number(row.successor)
  return { ...row, run: Number(row.run), successor }
}

async function close(
  session: Session,
  question: number,
  state: QuestionState,
  successor: number | undefined,
): Promise<void> {
  await session.db
    .updateTable('master_sync.questions')
    .set({ state, successor: successor ?? null })
    .where('run', '=', String(question))
    .execute()
  await dropPlan(session, question)
}

/** The rows that a question was about are not needed once it is closed. */
export async function dropPlan({ db }: Session, run: number, keep?: { readonly but: 'held' }): Promise<void> {
  const rows = db.deleteFrom('master_sync.plan_rows').where('run', '=', String(run))
  await (keep === undefined ? rows : rows.where('held', 'is', null)).execute()
}

/**
 * Takes a question as answered with yes by the run of the lease, within its transaction; asked again by the same run, it
 * is.
 * @throws SyncError QUESTION_CLOSED
 */
export async function acceptQuestion(
  session: Session,
  lease: Lease,
  question: number,
  by: string | undefined,
): Promise<void> {
  const { db } = session
  const { rows } = await sql<{ readonly mine: boolean; readonly open: boolean }>`
    select successor = ${lease.run} and state = 'approved' as mine,
      state = 'open' and expires_at > clock_timestamp() as open
    from master_sync.questions where run = ${question} and master = ${lease.master} for update`.execute(db)
  const [row] = rows
  if (row?.mine === true) return
  if (row?.open !== true) {
    const { master } = lease
    const asked = (await questionsOf(session, [question])).get(question)
    throw questionClosed(
      master,
      question,
      asked,
      (await openQuestion(session, master, asked?.about ?? 'sync'))?.run,
    )
  }
  await sql`
    update master_sync.questions
    set state = 'approved', decided_by = ${by ?? null}, decided_at = clock_timestamp(), successor = ${lease.run}
    where run = ${question}`.execute(db)
}

/** What a question held, where its answer was taken by the run, and the run ended before it could take that over. */
export async function dropAnswered({ db }: Session, question: number, run: number): Promise<void> {
  await sql`
    delete from master_sync.plan_rows p using master_sync.questions q
    where p.run = ${question} and q.run = ${question} and q.state = 'approved' and q.successor = ${run}`.execute(
    db,
  )
}

/**
 * Makes what a question held the plan of the run that answers it, once.
 * @returns its segments with rows to write, and how many
 */
export async function takeOverPlan(
  session: Session,
  lease: Lease,
  question: number,
): Promise<readonly (readonly [segment: number, rows: number])[]> {
  const { db } = session
  // What was asked of a row before another took its place, or was to take it, is not what becomes of it now.
  const due = sql`held is not null and (kind in ('restore', 'revive', 'return') or key not in (
    select key from master_sync.tracked_rows where master = ${lease.master} and outside = 'replaced'))
    and (kind not in ('delete_untargeted', 'delete_gone', 'forget') or not ${isAwaited(lease.master, sql`key`)})`
  return transaction(session, READ_COMMITTED, async () => {
    await sql`select from master_sync.runs where run = ${lease.run} for update`.execute(db)
    await sql`
      with kinds as (
        select segment, kind, count(*)::integer as rows from master_sync.plan_rows
        where run = ${question} and ${due} group by segment, kind
      )
      insert into master_sync.segments (run, segment, from_key, below_key, planned)
      select ${lease.run}, s.segment, s.from_key, s.below_key, k.planned
      from master_sync.segments s
        join (select segment, jsonb_object_agg(kind, rows) as planned from kinds group by segment) k using (segment)
      where s.run = ${question} and not exists (select from master_sync.segments where run = ${lease.run})`.execute(
      db,
    )
    await sql`
      with taken as (delete from master_sync.plan_rows where run = ${question} returning *)
      insert into master_sync.plan_rows (run, segment, key, kind, source, image)
      select ${lease.run}, segment, key, kind, source, image from taken where ${due}`.execute(db)
    const { rows } = await sql<{ readonly segment: number; readonly rows: number }>`
      select segment, count(*)::integer as rows from master_sync.plan_rows
      where run = ${lease.run} group by segment order by segment`.execute(db)
    await checkLease(session, lease)
    return rows.map((row) => [row.segment, row.rows] as const)
  })
}
