import { sql, type Kysely, type Migration } from 'kysely'
import { LEDGER_SCHEMA } from '../ledger.js'

/** What was done in the web pages, and by whom. */
export const consoleAudit: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const schema = db.schema.withSchema(LEDGER_SCHEMA)
    await schema
      .createTable('console_audit')
      .addColumn('id', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
      .addColumn('at', 'timestamptz', (c) => c.notNull().defaultTo(sql`clock_timestamp()`))
      .addColumn('who', 'text', (c) => c.notNull())
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('what', 'text', (c) => c.notNull())
      .addColumn('detail', 'jsonb', (c) => c.notNull())
      .execute()
    await schema
      .createIndex('console_audit_by_master')
      .on('console_audit')
      .columns(['master', 'id'])
      .execute()
  },
}
