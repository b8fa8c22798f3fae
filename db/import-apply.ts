import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import { IMPORT_WHATS, type ImportWhat, type ImportWritten } from '../core/import-plan.js'
import type { ImportTable } from '../core/import-table.js'
import { tableOf } from './fragments.js'
import { recordAdded, recordChanged, recordClosed } from './import-changes.js'
import { storeOwner } from './import-owner.js'
import { makePlan, planFingerprint, type Prints } from './import-plan.js'
import { storeScopes } from './import-scopes.js'
import { countStage, dropStage, keepStage, stageOf } from './import-stage.js'
import { suggestSuccessors } from './import-successors.js'
import { IMPORT_SCHEMA } from './import-tables.js'
import { closeAbsent, countUnwritten, insertAdded, updateChanged } from './import-write.js'
import { checkWhole, type StoredImport } from './imports.js'
import { withValues } from './import-values.js'
import { READ_COMMITTED, transaction, type Session } from './session.js'

export interface ApplyOptions {
  /** Of the parts of the plan that may be written, as they were when that was decided. */
  readonly allowed: Prints
  /** Parts of the plan that wait for a person. */
  readonly held: readonly ImportWhat[]
  /** The publication enriches rows of another. */
  readonly enriches: boolean
  readonly run: number
  /** That numbers the runs. */
  readonly ledger: string
  /** How long others who write the table are waited for; ms. */
  readonly patienceMs: number
}

/**
 * Writes what was planned of an import, all of it in one transaction, once: asked again, tells what was written. Nobody
 * else writes the table meanwhile; readers are not kept waiting.
 * @throws SyncError IMPORT_MOVED where the table changed since it was planned, IMPORT_GONE
 */
export async function applyImport(
  session: Session,
  table: ImportTable,
  name: string,
  staged: StoredImport,
  options: ApplyOptions,
): Promise<ImportWritten> {
  const { db } = session
  const { id, publication } = staged
  const stage = stageOf(id)
  const asOf = staged.files.map((file) => (file.covers === false ? null : file.as_of))
  return transaction(session, READ_COMMITTED, async () => {
    await sql`set local statement_timeout = 0`.execute(db)
    await sql`set local lock_timeout = ${sql.lit(`${Math.floor(options.patienceMs)}ms`)}`.execute(db)
    const done = await claim(session, name, id, options)
    if (done !== undefined) return done
    await sql`lock table ${tableOf(table.table)} in share row exclusive mode`.execute(db)
    checkWhole(staged, (await countStage(session, stage)) + (staged.detail?.enriches?.unmatched ?? 0))
    await withValues(() => makePlan(session, stage, table, staged.files))
    const kinds = await checkUnmoved(session, name, table, options)
    const may = (what: ImportWhat): boolean => kinds.includes(what)
    const place = { name, id, run: options.run }
    await recordChanged(session, stage, table, place, kinds, options.enriches)
    const updates = may('changed') || may('reopened')
    const changed = updates ? await withValues(() => updateChanged(session, stage, table, kinds)) : 0
    const added = may('added') ? await withValues(() => insertAdded(session, stage, table)) : 0
    if (may('added')) await recordAdded(session, place)
    const closed = may('absent') ? await closeAbsent(session, stage, table, asOf) : 0
    // Of rows that were issued anew, those that wait are not there to be found; once they are, none waits any more.
    const findable = closed + added > 0 && !options.held.includes('added')
    const successors = findable
      ? await suggestSuccessors(session, stage, table, place, closed > 0)
      : { rows: 0, sample: [] }
    if (closed > 0) await recordClosed(session, table, place)
    const unwritten = await countUnwritten(session, stage, table, kinds)
    // Where rows of the files wait, the table has not what they say; rows that only wait to be closed are no matter.
    if (NEW_WITH_FILES.every((what) => !options.held.includes(what)))
      await storeScopes(session, { name, id, publication }, stage, asOf)
    const columns = table.columns.map(({ shape }) => shape.name)
    if (!options.enriches) await storeOwner(session, name, { publication, columns })
    const written: ImportWritten = { added, changed, closed, successors, unwritten }
    await settle(session, id, options, written)
    return written
  })
}

const NEW_WITH_FILES = ['added', 'changed', 'reopened'] as const

/** Takes the import for this transaction; what a former attempt of the run has written stands. */
async function claim(
  { db }: Session,
  name: string,
  id: string,
  { run, ledger }: ApplyOptions,
): Promise<ImportWritten | undefined> {
  const { rows } = await sql<{
    readonly state: string
    readonly mine: boolean | null
    readonly written_by: string | null
    readonly written: ImportWritten | null
  }>`
    select state, run = ${run} and ledger = ${ledger} as mine, written ->> 'run' as written_by, written -> 'rows' as written
    from ${sql.id(IMPORT_SCHEMA, 'imports')} where import = ${id} for update`.execute(db)
  const [row] = rows
  if (row?.written != null && row.mine === true && row.written_by === String(run)) return row.written
  if (row?.mine !== true || !['staged', 'held'].includes(row.state))
    throw new SyncError('IMPORT_GONE', `import ${id} of ${name} was dropped: another was begun since`)
  return undefined
}

/** @returns the parts of the plan that are to be written */
async function checkUnmoved(
  session: Session,
  name: string,
  table: ImportTable,
  { allowed, held }: ApplyOptions,
): Promise<readonly string[]> {
  const prints = await planFingerprint(session, table.closed !== undefined)
  for (const what of IMPORT_WHATS) {
    if (prints[what] === allowed[what] || held.includes(what)) continue
    throw new SyncError('IMPORT_MOVED', `${name} was changed while the import was looked at: rows ${what}`)
  }
  return IMPORT_WHATS.filter((what) => allowed[what] !== undefined)
}

async function settle(
  session: Session,
  id: string,
  { held, run }: ApplyOptions,
  written: ImportWritten,
): Promise<void> {
  const waits = held.length > 0
  await sql`
    update ${sql.id(IMPORT_SCHEMA, 'imports')}
    set state = ${waits ? 'held' : 'applied'}, written = ${JSON.stringify({ run: String(run), rows: written })},
      settled_at = clock_timestamp() where import = ${id}`.execute(session.db)
  await (waits ? keepStage(session, id) : dropStage(session, id))
}
