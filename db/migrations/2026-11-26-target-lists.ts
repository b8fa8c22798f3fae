import { sql, type Kysely, type Migration } from 'kysely'
import { LEDGER_SCHEMA } from '../ledger.js'

/** `collate "C"` on every key: the byte order of the ledger. */
const KEY = sql`text[] collate "C"`

/** Which list names which id, what changed when, and how each list was last read. */
export const targetLists: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const schema = db.schema.withSchema(LEDGER_SCHEMA)
    await schema.alterTable('tracked_rows').addColumn('declined', 'bigint').execute()
    // A run under way was opened by a file that knew of no lists: it ends, and the next one reads them.
    await sql`update master_sync.runs set layout = null where outcome is null`.execute(db)
    await schema
      .createTable('target_entries')
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('key', KEY, (c) => c.notNull())
      .addColumn('list', 'text', (c) => c.notNull())
      .addColumn('note', 'text')
      .addColumn('note_hash', 'bigint')
      .addColumn('pending', 'text')
      .addColumn('since', 'timestamptz', (c) => c.notNull().defaultTo(sql`clock_timestamp()`))
      .addColumn('added_by', 'text')
      .addColumn('run', 'bigint')
      .addPrimaryKeyConstraint('target_entries_pkey', ['master', 'key', 'list'])
      .execute()
    await schema
      .createIndex('target_entries_pending')
      .on('target_entries')
      .columns(['master', 'key'])
      .where(sql.ref('pending'), 'is not', null)
      .execute()
    await schema
      .createTable('target_changes')
      .addColumn('id', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('key', KEY, (c) => c.notNull())
      .addColumn('list', 'text', (c) => c.notNull())
      .addColumn('what', 'text', (c) => c.notNull())
      .addColumn('note', 'text')
      .addColumn('at', 'timestamptz', (c) => c.notNull().defaultTo(sql`clock_timestamp()`))
      .addColumn('run', 'bigint')
      .addColumn('changed_by', 'text')
      .addColumn('added_at', 'timestamptz')
      .addColumn('added_by', 'text')
      .execute()
    await schema
      .createIndex('target_changes_by_key')
      .on('target_changes')
      .columns(['master', 'key', 'id'])
      .execute()
    await schema
      .createTable('target_lists')
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('list', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text')
      .addColumn('entries', 'integer')
      .addColumn('read_at', 'timestamptz')
      .addColumn('failure', 'jsonb')
      .addColumn('settled', 'boolean', (c) => c.notNull().defaultTo(true))
      .addPrimaryKeyConstraint('target_lists_pkey', ['master', 'list'])
      .execute()
    await schema
      .createTable('published_lists')
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('list', 'text', (c) => c.notNull())
      .addColumn('digest', 'text')
      .addColumn('entries', 'integer')
      .addColumn('written_at', 'timestamptz')
      .addColumn('failure', 'jsonb')
      .addPrimaryKeyConstraint('published_lists_pkey', ['master', 'list'])
      .execute()
    await schema.alterTable('runs').addColumn('lists', 'jsonb').execute()
  },
}
