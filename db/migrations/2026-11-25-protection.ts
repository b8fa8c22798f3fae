import { sql, type Kysely, type Migration } from 'kysely'
import { LEDGER_SCHEMA } from '../ledger.js'

/** `collate "C"` on every key: the byte order in which segments are cut, the same on every server. */
const KEY = sql`text[] collate "C"`

/** What keeps edits, asks before large changes, and remembers what changed. */
export const protection: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const schema = db.schema.withSchema(LEDGER_SCHEMA)

    await schema
      .alterTable('tracked_rows')
      .addColumn('bases', 'jsonb')
      .addColumn('conflicts', 'jsonb')
      .addColumn('altered', 'bigint')
      .addColumn('since', 'bigint')
      .execute()
    await schema
      .createIndex('tracked_rows_conflicts')
      .on('tracked_rows')
      .columns(['master', 'key'])
      .where(sql.ref('conflicts'), 'is not', null)
      .execute()
    await schema
      .alterTable('plan_rows')
      .addColumn('source', 'bigint')
      .addColumn('image', 'bigint')
      .addColumn('held', 'text')
      .execute()
    // What a run under way has fixed lacks what its steps go by from now on: it ends, and the next one compares anew.
    await sql`update master_sync.runs set layout = null where outcome is null`.execute(db)
    await sql`delete from master_sync.plan_rows`.execute(db)

    await schema
      .alterTable('runs')
      .addColumn('started_by', 'text')
      .addColumn('approved', 'boolean', (c) => c.notNull().defaultTo(false))
      .addColumn('answers', 'bigint')
      .addColumn('undoes', 'bigint')
      .addColumn('question', 'bigint')
      .addColumn('held', 'jsonb')
      .addColumn('sample', 'jsonb')
      .execute()

    await schema
      .createTable('questions')
      .addColumn('run', 'bigint', (c) =>
        c.primaryKey().references(`${LEDGER_SCHEMA}.runs.run`).onDelete('cascade'),
      )
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('fingerprint', 'text', (c) => c.notNull())
      .addColumn('asked_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`clock_timestamp()`))
      .addColumn('expires_at', 'timestamptz', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull().defaultTo('open'))
      .addColumn('decided_by', 'text')
      .addColumn('decided_at', 'timestamptz')
      .addColumn('successor', 'bigint')
      .execute()
    await schema
      .createIndex('questions_open')
      .on('questions')
      .column('master')
      .unique()
      .where(sql.ref('state'), '=', sql.lit('open'))
      .execute()

    await schema
      .createTable('row_history')
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('key', KEY, (c) => c.notNull())
      .addColumn('run', 'bigint', (c) => c.notNull())
      .addColumn('at', 'timestamptz', (c) => c.notNull().defaultTo(sql`clock_timestamp()`))
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('before', 'jsonb')
      .addColumn('after', 'jsonb')
      .addColumn('tracked', 'jsonb')
      .addColumn('undone_by', 'bigint')
      .addColumn('left_alone', 'jsonb')
      .addPrimaryKeyConstraint('row_history_pkey', ['master', 'key', 'run'])
      .execute()
    await schema
      .createIndex('row_history_by_run')
      .on('row_history')
      .columns(['master', 'run', 'key'])
      .execute()

    await schema
      .createTable('masters')
      .addColumn('master', 'text', (c) => c.primaryKey())
      .addColumn('columns', 'jsonb')
      .addColumn('hold', 'jsonb')
      .execute()

    await schema
      .createTable('starters')
      .addColumn('execution_id', 'text', (c) => c.primaryKey())
      .addColumn('who', 'text', (c) => c.notNull())
      .execute()
  },
}
