import { sql } from 'kysely'
import type { ImportDetail, ImportFile, ImportWritten } from '../core/import-plan.js'
import { dropStage } from './import-stage.js'
import { IMPORT_SCHEMA } from './import-tables.js'
import { sqlstateOf } from './failures.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'
import { SyncError } from '../core/errors.js'

const IMPORTS = sql.id(IMPORT_SCHEMA, 'imports')

/**
 * staged: to be planned and written · held: some of it waits for a person · rejected: the person said no · applied ·
 * dropped: not to be written any more.
 */
type ImportState = 'staged' | 'held' | 'rejected' | 'applied' | 'dropped'

/** What was read of published files, and stands in its stage. */
export interface NewImport {
  readonly publication: string
  readonly columns: readonly string[]
  readonly files: readonly ImportFile[]
  readonly findings: ImportDetail['findings']
  readonly folded: number
  readonly contradicting: ImportDetail['contradicting']
  /** The same for the same files, read in the same way. */
  readonly digest: string
  /** Whether older data may take the place of newer. */
  readonly forced: boolean
  /** Whether ids that the table has not are added although hardly any other is there. */
  readonly otherIds: boolean
}

export interface StoredImport extends NewImport {
  readonly id: string
  readonly state: ImportState
  readonly detail: ImportDetail | undefined
}

/**
 * Notes an import whose rows are about to be staged, in the transaction that does so.
 * @returns its number
 * @throws SyncError IMPORT_NOT_SET_UP
 */
export async function reserveImport({ db }: Session, table: string): Promise<string> {
  try {
    const { rows } = await sql<{ readonly id: string }>`
      insert into ${IMPORTS} (table_name, publication, state, columns, files, findings, digest)
      values (${table}, '', 'staged', '{}', '[]', '{}', '') returning import::text as id`.execute(db)
    return rows[0]?.id ?? ''
  } catch (error) {
    throw notSetUp(error) ?? error
  }
}

/** undefined_table, invalid_schema_name */
function notSetUp(error: unknown): SyncError | undefined {
  const code = sqlstateOf(error)
  if (code !== '42P01' && code !== '3F000') return undefined
  return new SyncError('IMPORT_NOT_SET_UP', `the on-prem database has no tables in schema ${IMPORT_SCHEMA}`, {
    cause: error,
  })
}

export async function storeImport({ db }: Session, id: string, staged: NewImport): Promise<void> {
  const { publication, columns, forced, otherIds, digest, files, findings, folded, contradicting } = staged
  await sql`
    update ${IMPORTS} set publication = ${publication}, columns = ${[...columns]}, files = ${JSON.stringify(files)},
      findings = ${JSON.stringify({ findings, folded, contradicting })}, digest = ${digest}, forced = ${forced},
      other_ids = ${otherIds}
    where import = ${id}`.execute(db)
}

interface Row {
  readonly publication: string
  readonly state: ImportState
  readonly columns: string[]
  readonly files: readonly ImportFile[]
  readonly findings: Pick<NewImport, 'findings' | 'folded' | 'contradicting'>
  readonly digest: string
  readonly forced: boolean
  readonly otherIds: boolean
  readonly plan: ImportDetail | null
}

/** @throws SyncError IMPORT_GONE where there is none of that number */
export async function readImport({ db }: Session, id: string): Promise<StoredImport> {
  const { rows } = await sql<Row>`
    select publication, state, columns, files, findings, digest, forced, other_ids as "otherIds", plan
    from ${IMPORTS} where import = ${id}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new SyncError('IMPORT_GONE', `there is no import ${id}`)
  const { findings, plan, ...rest } = row
  return { id, ...rest, ...findings, detail: plan ?? undefined }
}

/** A crash of the server empties a stage that is not kept. @throws SyncError IMPORT_GONE */
export function checkWhole({ id, files, folded, contradicting }: StoredImport, found: number): void {
  const expected = files.reduce((sum, { rows }) => sum + rows, 0) - folded - contradicting.rows
  if (found === expected) return
  throw new SyncError('IMPORT_GONE', `of the ${expected} rows of import ${id} ${found} are there`)
}

/** What a run has written of an import; null: nothing. */
export async function writtenBy(
  { db }: Session,
  id: string,
  { run, ledger }: { readonly run: number; readonly ledger: string },
): Promise<ImportWritten | null> {
  const { rows } = await sql<{ readonly written: ImportWritten }>`
    select written -> 'rows' as written from ${IMPORTS}
    where import = ${id} and ledger = ${ledger} and written ->> 'run' = ${String(run)}`.execute(db)
  return rows[0]?.written ?? null
}

/**
 * Keeps an import from being dropped, until the transaction ends.
 * @throws SyncError IMPORT_GONE where it was
 */
export async function keepImport({ db }: Session, id: string): Promise<void> {
  const { rows } = await sql`
    select from ${IMPORTS} where import = ${id} and state in ('staged', 'held') for no key update`.execute(db)
  if (rows.length === 0)
    throw new SyncError('IMPORT_GONE', `import ${id} was dropped: another was begun since`)
}

/** The import that a run has opened; undefined where it is not to be written any more. */
export async function waitingOf({ db }: Session, ledger: string, run: number): Promise<string | undefined> {
  const { rows } = await sql<{ readonly id: string }>`
    select import::text as id from ${IMPORTS}
    where ledger = ${ledger} and run = ${run} and state in ('staged', 'held', 'applied') order by import desc limit 1`.execute(
    db,
  )
  return rows[0]?.id
}

async function importOfRun({ db }: Session, ledger: string, run: number): Promise<string | undefined> {
  const { rows } = await sql<{ readonly id: string }>`
    select import::text as id from ${IMPORTS} where ledger = ${ledger} and run = ${run} order by import desc limit 1`.execute(
    db,
  )
  return rows[0]?.id
}

/**
 * Takes an import for a run, within a transaction.
 * @throws SyncError IMPORT_GONE where it was dropped
 */
export async function takeImport(
  session: Session,
  table: string,
  id: string,
  ledger: string,
  run: number,
): Promise<void> {
  const { db } = session
  const { rows } = await sql<{ readonly state: ImportState }>`
    select state from ${IMPORTS} where import = ${id} for update`.execute(db)
  const state = rows[0]?.state
  if (state === undefined || state === 'dropped' || state === 'rejected')
    throw new SyncError('IMPORT_GONE', `import ${id} of ${table} was dropped: another was begun since`)
  const newer = await sql`
    select from ${IMPORTS} where table_name = ${table} and ledger = ${ledger} and run = ${run} and import > ${id}`.execute(
    db,
  )
  // A late attempt of the run to stage its files: another has done so meanwhile.
  if (newer.rows.length > 0)
    throw new SyncError(
      'IMPORT_GONE',
      `import ${id} of ${table} comes too late: run ${run} has staged another`,
    )
  await sql`update ${IMPORTS} set ledger = ${ledger}, run = ${run} where import = ${id}`.execute(db)
}

/**
 * Drops others of the table that a run has taken before: a run that lost its lease, or waits for a person, writes nothing
 * of them any more.
 */
export async function dropOthers(session: Session, table: string, id: string): Promise<void> {
  const { db } = session
  const others = await sql<{ readonly id: string }>`
    select import::text as id from ${IMPORTS}
    where table_name = ${table} and import <> ${id} and state in ('staged', 'held')
      and (run is not null or staged_at < clock_timestamp() - interval '7 days') for update`.execute(db)
  for (const other of others.rows) await dropImport(session, other.id)
}

/** Its rows are not to be written any more. */
export async function dropImport(session: Session, id: string): Promise<void> {
  await endImport(session, id, 'dropped')
}

/** What a run has held is not to be written; the same files are not loaded again by themselves. */
export async function rejectImportOf(session: Session, ledger: string, run: number): Promise<void> {
  const id = await importOfRun(session, ledger, run)
  if (id !== undefined) await transaction(session, READ_COMMITTED, () => endImport(session, id, 'rejected'))
}

async function endImport(session: Session, id: string, state: 'dropped' | 'rejected'): Promise<void> {
  await sql`
    update ${IMPORTS} set state = ${state}, settled_at = clock_timestamp()
    where import = ${id} and state in ('staged', 'held')`.execute(session.db)
  await dropStage(session, id)
}

export async function storePlan({ db }: Session, id: string, plan: ImportDetail): Promise<void> {
  await sql`update ${IMPORTS} set plan = ${JSON.stringify(plan)} where import = ${id}`.execute(db)
}
