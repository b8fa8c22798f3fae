import { sql } from 'kysely'
import type { Prints } from './import-plan.js'
import type { Session } from './session.js'

/** An import that was begun takes the place of one that waits: what that asked is not written any more. */
export async function supersedeImports({ db }: Session, master: string, run: number): Promise<void> {
  await sql`
    update master_sync.questions set state = 'superseded', successor = ${run}
    where master = ${master} and about = 'import' and state = 'open' and run <> ${run}`.execute(db)
}

/** Closes the question of a run, where it is open, whose import is not there any more. */
export async function closeGone({ db }: Session, question: number): Promise<boolean> {
  const { rows } = await sql`
    update master_sync.questions set state = 'superseded'
    where run = ${question} and about = 'import' and state = 'open' returning run`.execute(db)
  return rows.length > 0
}

/** Runs of all masters whose questions of imports are open. */
export async function openImportQuestions({ db }: Session): Promise<readonly number[]> {
  const { rows } = await sql<{ readonly run: number }>`
    select run::integer as run from master_sync.questions where about = 'import' and state = 'open'`.execute(
    db,
  )
  return rows.map(({ run }) => run)
}

/** Asks what an import has held back. */
export async function askImport(
  { db }: Session,
  master: string,
  run: number,
  held: Prints,
  within: number,
): Promise<void> {
  // One that has expired is open until somebody looks.
  await sql`
    update master_sync.questions set state = 'expired'
    where master = ${master} and about = 'import' and state = 'open' and run <> ${run}
      and expires_at <= clock_timestamp()`.execute(db)
  await sql`
    insert into master_sync.questions (run, master, about, fingerprint, expires_at)
    values (${run}, ${master}, 'import', ${JSON.stringify(held)}, clock_timestamp() + make_interval(secs => ${within}))
    on conflict (run) do nothing`.execute(db)
}

/** What a question was about, to be compared with what would be done now. */
export async function askedPrints({ db }: Session, question: number): Promise<Prints> {
  const { rows } = await sql<{ readonly prints: Prints }>`
    select fingerprint::jsonb as prints from master_sync.questions where run = ${question}`.execute(db)
  return rows[0]?.prints ?? {}
}
