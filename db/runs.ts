import { sql } from 'kysely'
import { hashedColumns, type Layout } from '../core/layout.js'
import type { Master } from '../core/master.js'
import type { Key } from '../core/ids.js'
import type { Mode, RunFailure, RunKind, RunReport } from '../core/report.js'
import type { RunTask } from '../core/task.js'
import { HAS_COMPLETED } from './full-runs.js'
import type { Session } from './session.js'

export interface NewRun {
  readonly kind: RunKind
  readonly master: Master
  readonly mode: Mode
  readonly workflowId: string
  readonly executionId: string
  readonly only: readonly Key[] | undefined
  readonly approved: boolean
  readonly answers: number | undefined
  readonly undoes: number | undefined
  /** undefined: nobody, or whoever asked its schedule. */
  readonly startedBy: string | undefined
}

export function newRun(
  master: Master,
  mode: Mode,
  { only, approve, answers, undoes, by }: RunTask,
  ids: Pick<NewRun, 'workflowId' | 'executionId'>,
): NewRun {
  return {
    kind: undoes === undefined ? 'sync' : 'undo',
    master,
    mode,
    ...ids,
    only,
    approved: approve === true,
    answers,
    undoes,
    startedBy: by,
  }
}

/** Records that an execution began; asked again, gives the same number. */
export async function recordRun({ db }: Session, run: NewRun): Promise<number> {
  await db
    .insertInto('master_sync.runs')
    .values({
      kind: run.kind,
      master: run.master.master,
      mode: run.mode,
      workflow_id: run.workflowId,
      execution_id: run.executionId,
      only_keys: run.only === undefined ? null : JSON.stringify(run.only),
      definition: JSON.stringify(run.master),
      approved: run.approved,
      answers: run.answers ?? null,
      undoes: run.undoes ?? null,
      started_by: run.startedBy ?? null,
    })
    .onConflict((conflict) => conflict.column('execution_id').doNothing())
    .execute()
  const row = await db
    .selectFrom('master_sync.runs')
    .select('run')
    .where('execution_id', '=', run.executionId)
    .executeTakeFirstOrThrow()
  return Number(row.run)
}

/** What every step of a run needs, as it was fixed when the run opened. */
export interface RunContext {
  readonly run: number
  readonly master: Master
  readonly mode: Mode
  readonly layout: Layout
  readonly only: readonly Key[] | undefined
  readonly tracked: number
  /** Limits, edits and a hold are waived. */
  readonly approved: boolean
  /** The question that it answers. */
  readonly answers: number | undefined
  /** The run that it undoes. */
  readonly undoes: number | undefined
}

export async function readContext({ db }: Session, run: number): Promise<RunContext | undefined> {
  const row = await db
    .selectFrom('master_sync.runs')
    .select(['definition', 'layout', 'mode', 'only_keys', 'tracked', 'approved', 'answers', 'undoes'])
    .where('run', '=', String(run))
    .executeTakeFirst()
  if (row?.layout === undefined || row.layout === null) return undefined
  return {
    run,
    master: row.definition,
    mode: row.mode,
    layout: row.layout,
    only: (row.only_keys ?? undefined) as readonly Key[] | undefined,
    tracked: row.tracked ?? 0,
    approved: row.approved,
    answers: row.answers === null ? undefined : Number(row.answers),
    undoes: row.undoes === null ? undefined : Number(row.undoes),
  }
}

/**
 * Fixes what the run goes by, once it has the lease: it may have been recorded long before, by another form of the
 * master's file. Of two attempts the first stands, for steps may be under way by it.
 */
export async function storeLayout(
  { db }: Session,
  run: number,
  master: Master,
  layout: Layout,
  tracked: number,
): Promise<void> {
  await db
    .updateTable('master_sync.runs')
    .set({ definition: JSON.stringify(master), layout: JSON.stringify(layout), tracked })
    .where('run', '=', String(run))
    .where('layout', 'is', null)
    .execute()
}

/** Closes the run with its report; the first close stands. */
export async function storeClose(
  { db }: Session,
  report: RunReport,
  failure: RunFailure | null,
): Promise<void> {
  await db
    .updateTable('master_sync.runs')
    .set({
      outcome: report.outcome,
      closed_at: sql<Date>`clock_timestamp()`,
      report: JSON.stringify(report),
      failure: failure === null ? null : JSON.stringify(failure),
      started_by: report.started_by,
    })
    .where('run', '=', String(report.run))
    .where('outcome', 'is', null)
    .execute()
}

/** Which question stands for what the run has held. */
export async function noteQuestion({ db }: Session, run: number, question: number): Promise<void> {
  await db.updateTable('master_sync.runs').set({ question }).where('run', '=', String(run)).execute()
}

/** Who asked the schedule to start an execution; null: nobody. */
export async function starterOf({ db }: Session, executionId: string): Promise<string | null> {
  const row = await db
    .selectFrom('master_sync.starters')
    .select('who')
    .where('execution_id', '=', executionId)
    .executeTakeFirst()
  return row?.who ?? null
}

/** Whether a full run of the master has completed before: until then inserts are free. */
export async function isSeasoned({ db }: Session, master: string): Promise<boolean> {
  // One that found nothing to load, before the list or the source was filled, does not count.
  const { rows } = await sql`
    select from master_sync.runs r
    where r.master = ${master} and ${HAS_COMPLETED}
      and (r.report ->> 'targets')::integer > (r.report ->> 'missing')::integer limit 1`.execute(db)
  return rows.length > 0
}

/**
 * Whether the master's runs have hashed the same columns as the layout says, since the last that looked at every row:
 * only then do the hashes applied speak of the same as those of this run.
 */
export async function isHashedAlike(
  { db }: Session,
  master: string,
  run: number,
  layout: Layout,
): Promise<boolean> {
  const { rows } = await sql<{ readonly layout: Layout }>`
    with applied as (
      select r.run, r.layout, ${HAS_COMPLETED} as complete from master_sync.runs r
      where r.master = ${master} and r.kind = 'sync' and r.mode = 'apply' and r.run < ${run} and r.layout is not null
    )
    select layout from applied where run >= (select coalesce(max(run), 0) from applied where complete)`.execute(
    db,
  )
  const expected = hashedColumns(layout)
  return rows.every((row) => hashedColumns(row.layout) === expected)
}

/** A run as `runs` shows it; one under way has no report yet. */
export interface StoredRun {
  readonly run: number
  readonly kind: RunKind
  readonly master: string
  readonly mode: Mode
  readonly workflowId: string
  readonly executionId: string
  readonly startedAt: Date
  /** null: nobody, so far as is known. */
  readonly startedBy: string | null
  readonly answers: number | null
  readonly undoes: number | null
  readonly report: RunReport | null
}

/** Newest first; `before`: only those that are older than that run. */
export async function listRuns(
  { db }: Session,
  master: string,
  limit: number,
  before?: number,
): Promise<readonly StoredRun[]> {
  const all = runColumns(db).where('master', '=', master)
  const older = before === undefined ? all : all.where('run', '<', String(before))
  const rows = await older.orderBy('run', 'desc').limit(limit).execute()
  return rows.map(toStoredRun)
}

/** Those of the master that have not closed, oldest first. */
export async function listOpenRuns({ db }: Session, master: string): Promise<readonly StoredRun[]> {
  const rows = await runColumns(db)
    .where('master', '=', master)
    .where('outcome', 'is', null)
    .orderBy('run')
    .execute()
  return rows.map(toStoredRun)
}

export async function readRuns({ db }: Session, runs: readonly number[]): Promise<readonly StoredRun[]> {
  if (runs.length === 0) return []
  const rows = await runColumns(db).where('run', 'in', runs.map(String)).execute()
  return rows.map(toStoredRun)
}

export async function readRun({ db }: Session, run: number): Promise<StoredRun | undefined> {
  const row = await runColumns(db).where('run', '=', String(run)).executeTakeFirst()
  return row === undefined ? undefined : toStoredRun(row)
}

export async function findRun({ db }: Session, executionId: string): Promise<StoredRun | undefined> {
  const row = await runColumns(db).where('execution_id', '=', executionId).executeTakeFirst()
  return row === undefined ? undefined : toStoredRun(row)
}

export function runColumns(db: Session['db']) {
  return db
    .selectFrom('master_sync.runs')
    .select(['run', 'kind', 'master', 'mode', 'workflow_id', 'execution_id', 'started_at', 'report'])
    .select(['answers', 'undoes'])
    .select(
      sql<string | null>`coalesce(runs.started_by, (
        select s.who from master_sync.starters s where s.execution_id = runs.execution_id))`.as('started_by'),
    )
}

export function toStoredRun(
  row: Awaited<ReturnType<ReturnType<typeof runColumns>['executeTakeFirstOrThrow']>>,
): StoredRun {
  return {
    run: Number(row.run),
    kind: row.kind,
    master: row.master,
    mode: row.mode,
    workflowId: row.workflow_id,
    executionId: row.execution_id,
    startedAt: row.started_at,
    startedBy: row.started_by,
    answers: row.answers === null ? null : Number(row.answers),
    undoes: row.undoes === null ? null : Number(row.undoes),
    report: row.report,
  }
}

/** Bytes of write-ahead log since the server began; 0 where the server does not tell. */
export async function walPosition({ db }: Session): Promise<number> {
  const { rows } = await sql<{ readonly bytes: string }>`
    select case when pg_is_in_recovery() then 0 else pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') end::bigint::text as bytes
  `.execute(db)
  return Number(rows[0]?.bytes ?? 0)
}
