import { sql } from 'kysely'
import type { Question, QuestionState, SampleRow } from '../core/question.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

/** A question with who started the run that asked. */
export interface AskedQuestion extends Question {
  readonly startedBy: string | null
  readonly about: 'sync' | 'import'
}

/** An open question past its time counts as expired, whether a run has closed it or not. */
const STATE = sql<QuestionState>`case when q.state = 'open' and q.expires_at <= clock_timestamp() then 'expired' else q.state end`

interface QuestionRow {
  readonly run: string
  readonly question: string
  readonly about: 'sync' | 'import'
  readonly state: QuestionState
  readonly asked_at: Date
  readonly expires_at: Date
  readonly decided_by: string | null
  readonly decided_at: Date | null
  readonly reason: string | null
  readonly successor: string | null
  readonly started_by: string | null
}

/** Who started the run that asked; of one that asks anew what it was to answer, the run that asked first. */
const STARTER = sql`(
  with recursive asking as (
    select r.run, r.answers, r.execution_id, r.started_by from master_sync.runs r where r.run = q.run
    union all select r.run, r.answers, r.execution_id, r.started_by from asking a join master_sync.runs r on r.run = a.answers)
  select coalesce(asking.started_by, s.who) from asking left join master_sync.starters s using (execution_id)
  where asking.answers is null)`

/** The questions that runs asked or pointed at when they closed, by the number of the run. */
export async function questionsOf(
  { db }: Session,
  runs: readonly number[],
): Promise<ReadonlyMap<number, AskedQuestion>> {
  if (runs.length === 0) return new Map()
  const { rows } = await sql<QuestionRow>`
    select r.run, q.run as question, q.about, ${STATE} as state, q.asked_at, q.expires_at, q.decided_by, q.decided_at,
      q.reason, q.successor, ${STARTER} as started_by
    from master_sync.runs r join master_sync.questions q on q.run = coalesce(r.question, r.run)
    where r.run = any(${[...runs]}::bigint[])`.execute(db)
  return new Map(rows.map((row) => [Number(row.run), toQuestion(row)]))
}

/** What syncs, or imports, ask of the master at present. */
export async function openQuestion(
  { db }: Session,
  master: string,
  about: 'sync' | 'import',
): Promise<AskedQuestion | undefined> {
  const { rows } = await sql<QuestionRow>`
    select q.run, q.run as question, q.about, q.state, q.asked_at, q.expires_at, q.decided_by, q.decided_at, q.reason,
      q.successor, ${STARTER} as started_by
    from master_sync.questions q
    where q.master = ${master} and q.about = ${about} and q.state = 'open' and q.expires_at > clock_timestamp()`.execute(
    db,
  )
  return rows[0] === undefined ? undefined : toQuestion(rows[0])
}

/** A question that was answered with no, and of which runs go on finding what they hold. */
export async function standingRejection({ db }: Session, master: string): Promise<AskedQuestion | undefined> {
  const { rows } = await sql<QuestionRow>`
    select q.run, q.run as question, q.about, q.state, q.asked_at, q.expires_at, q.decided_by, q.decided_at, q.reason,
      q.successor, null as started_by
    from master_sync.questions q where q.master = ${master} and q.about = 'sync' order by q.run desc limit 1`.execute(
    db,
  )
  const last = rows[0] === undefined ? undefined : toQuestion(rows[0])
  return last?.state === 'rejected' && last.successor === null ? last : undefined
}

function toQuestion(row: QuestionRow): AskedQuestion {
  return {
    run: Number(row.question),
    state: row.state,
    asked_at: row.asked_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
    decided_by: row.decided_by,
    decided_at: row.decided_at?.toISOString() ?? null,
    reason: row.reason,
    successor: row.successor === null ? null : Number(row.successor),
    startedBy: row.started_by,
    about: row.about,
  }
}

/**
 * Closes an open question with no; what it held is not to be written.
 * @returns false where it was not open any more
 */
export async function rejectQuestion(
  session: Session,
  question: number,
  who: string,
  reason: string | null = null,
): Promise<boolean> {
  const { db } = session
  return transaction(session, READ_COMMITTED, async () => {
    // A run that answers it, or asks otherwise, takes the row as well: whoever is first decides.
    const { rows } = await sql`
      select from master_sync.questions
      where run = ${question} and state = 'open' and expires_at > clock_timestamp() for update`.execute(db)
    if (rows.length === 0) return false
    await sql`
      update master_sync.questions set state = 'rejected', decided_by = ${who}, decided_at = clock_timestamp(),
        reason = ${reason}
      where run = ${question}`.execute(db)
    await sql`delete from master_sync.plan_rows where run = ${question} and held is not null`.execute(db)
    return true
  })
}

/** Notes why somebody has started the run that is to answer a question with yes, unless another was faster. */
export async function noteReason(
  { db }: Session,
  question: number,
  who: string,
  reason: string | null,
): Promise<void> {
  await sql`
    update master_sync.questions set reason = ${reason}
    where run = ${question} and (state = 'open' or (state = 'approved' and decided_by = ${who}))`.execute(db)
}

/** What was asked of the master, or decided, between two times; oldest first. */
export async function questionsBetween(
  { db }: Session,
  master: string,
  [from, below]: readonly [Date, Date],
): Promise<readonly AskedQuestion[]> {
  const { rows } = await sql<QuestionRow>`
    select q.run, q.run as question, q.about, ${STATE} as state, q.asked_at, q.expires_at, q.decided_by, q.decided_at,
      q.reason, q.successor, ${STARTER} as started_by
    from master_sync.questions q
    where q.master = ${master} and (q.asked_at >= ${from} and q.asked_at < ${below}
      or q.decided_at >= ${from} and q.decided_at < ${below})
    order by q.run`.execute(db)
  return rows.map(toQuestion)
}

/** Some rows of what a run was to do; none where it has not looked yet, or they are forgotten. */
export async function readSample({ db }: Session, run: number): Promise<readonly SampleRow[]> {
  const row = await db
    .selectFrom('master_sync.runs')
    .select('sample')
    .where('run', '=', String(run))
    .executeTakeFirst()
  return row?.sample ?? []
}

/** Notes who asked for a run that a schedule started, whose arguments are the schedule's. */
export async function noteStarter({ db }: Session, executionId: string, who: string): Promise<void> {
  await db
    .insertInto('master_sync.starters')
    .values({ execution_id: executionId, who })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
