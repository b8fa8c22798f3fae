import { sql } from 'kysely'
import type { ImportChange } from '../core/history.js'
import type { Key } from '../core/ids.js'
import { mayRead } from './import-owner.js'
import { IMPORT_SCHEMA } from './import-tables.js'
import type { Session } from './session.js'

const CHANGES = sql.id(IMPORT_SCHEMA, 'changes')
const IMPORTS = sql.id(IMPORT_SCHEMA, 'imports')

type Texts = Readonly<Record<string, string | null>>

/** What an import did to a row of the source. */
export interface StoredChange {
  readonly at: Date
  readonly import: string
  readonly run: number | null
  readonly files: readonly string[]
  readonly what: ImportChange
  readonly before: Texts | null
  readonly after: Texts | null
}

/**
 * What imports did to a row, oldest first; undefined where that may not be read, or nothing is imported there.
 * @param ledger whose numbers of runs are told
 */
export async function readImportChanges(
  session: Session,
  table: string,
  key: Key,
  ledger: string,
): Promise<readonly StoredChange[] | undefined> {
  if (!(await mayRead(session, 'changes')) || !(await mayRead(session, 'imports'))) return undefined
  const { rows } = await sql<StoredChange>`
    select c.at, c.import::text as import, case when i.ledger = ${ledger} then c.run::integer end as run,
      coalesce((select jsonb_agg(file ->> 'file' order by n)
        from jsonb_array_elements(i.files) with ordinality as f(file, n)), '[]') as files, c.what, c.before, c.after
    from ${CHANGES} c left join ${IMPORTS} i using (import)
    where c.table_name = ${table} and c.key = ${[...key]}::text[] order by c.change`.execute(session.db)
  return rows
}

/**
 * Forgets changes that are older than the master wants them remembered, and the imports that made them, but for those
 * by which the table goes still.
 */
export async function forgetImports({ db }: Session, table: string, keepSeconds: number): Promise<void> {
  if (!Number.isFinite(keepSeconds)) return
  const old = sql`clock_timestamp() - make_interval(secs => ${keepSeconds})`
  await sql`delete from ${CHANGES} where table_name = ${table} and at < ${old}`.execute(db)
  await sql`
    delete from ${IMPORTS} i
    where table_name = ${table} and state in ('applied', 'rejected', 'dropped') and settled_at < ${old}
      and not exists (select from ${sql.id(IMPORT_SCHEMA, 'scopes')} s where s.import = i.import)
      and not exists (select from ${CHANGES} c where c.import = i.import)`.execute(db)
}
