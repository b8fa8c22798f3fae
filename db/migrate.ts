import { Migrator, sql, type Migration, type MigratorProps } from 'kysely'
import { SyncError } from '../core/errors.js'
import { LEDGER_SCHEMA } from './ledger.js'
import { firstLight } from './migrations/2026-11-23-first-light.js'
import { watch } from './migrations/2026-11-24-watch.js'
import { protection } from './migrations/2026-11-25-protection.js'
import { targetLists } from './migrations/2026-11-26-target-lists.js'
import { replacements } from './migrations/2026-11-27-replacements.js'
import { imports } from './migrations/2026-11-28-imports.js'
import { consoleAudit } from './migrations/2026-11-29-console.js'
import { reasons } from './migrations/2026-11-30-reasons.js'
import type { Session } from './session.js'

export const MIGRATIONS = {
  '2026-11-23-first-light': firstLight,
  '2026-11-24-watch': watch,
  '2026-11-25-protection': protection,
  '2026-11-26-target-lists': targetLists,
  '2026-11-27-replacements': replacements,
  '2026-11-28-imports': imports,
  '2026-11-29-console': consoleAudit,
  '2026-11-30-reasons': reasons,
}

export function migrator(db: MigratorProps['db'], migrations: Readonly<Record<string, Migration>>): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableSchema: LEDGER_SCHEMA,
  })
}

/**
 * Creates or upgrades the ledger in the cloud database; does nothing where it is current.
 * @returns the names of the migrations that ran
 */
export async function migrate(session: Session): Promise<readonly string[]> {
  const { error, results } = await migrator(session.db, MIGRATIONS).migrateToLatest()
  if (error instanceof Error) throw error
  return (results ?? []).map((result) => result.migrationName)
}

/** @throws SyncError NOT_SET_UP unless every migration has run */
export async function requireLedger(session: Session): Promise<void> {
  const present = await sql<{ readonly name: string }>`
    select name from ${sql.id(LEDGER_SCHEMA, 'kysely_migration')}`
    .execute(session.db)
    .catch((error: unknown) => {
      throw isMissing(error)
        ? new SyncError('NOT_SET_UP', 'the cloud database has no schema master_sync', { cause: error })
        : error
    })
  const done = new Set(present.rows.map((row) => row.name))
  const missing = Object.keys(MIGRATIONS).filter((name) => !done.has(name))
  if (missing.length > 0)
    throw new SyncError('NOT_SET_UP', `the schema master_sync lacks ${missing.join(', ')}`)
}

/** undefined_table, undefined_schema */
function isMissing(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === '42P01' || error.code === '3F000')
  )
}
