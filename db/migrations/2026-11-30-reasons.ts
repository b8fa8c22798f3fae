import type { Kysely, Migration } from 'kysely'
import { LEDGER_SCHEMA } from '../ledger.js'

/** What people decide they say why. */
export const reasons: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.withSchema(LEDGER_SCHEMA).alterTable('questions').addColumn('reason', 'text').execute()
  },
}
