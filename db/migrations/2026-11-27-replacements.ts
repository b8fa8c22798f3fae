import { sql, type Kysely, type Migration } from 'kysely'
import { LEDGER_SCHEMA } from '../ledger.js'

/** `collate "C"` on every key: the byte order of the ledger. */
const KEY = sql`text[] collate "C"`

/** Which id was issued anew as which. */
export const replacements: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .withSchema(LEDGER_SCHEMA)
      .createTable('replacements')
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('old_key', KEY, (c) => c.notNull())
      .addColumn('new_key', KEY, (c) => c.notNull())
      .addColumn('asked_by', 'text')
      .addColumn('asked_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`clock_timestamp()`))
      .addColumn('run', 'bigint')
      .addColumn('done_at', 'timestamptz')
      .addColumn('carried', sql`text[]`, (c) => c.notNull().defaultTo(sql`'{}'`))
      .addColumn('left_alone', 'jsonb', (c) => c.notNull().defaultTo(sql`'[]'`))
      .addColumn('written', 'jsonb')
      .addColumn('off_list', 'boolean', (c) => c.notNull().defaultTo(false))
      .addPrimaryKeyConstraint('replacements_pkey', ['master', 'old_key'])
      .execute()
  },
}
