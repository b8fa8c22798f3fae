import { sql, type Kysely, type Migration } from 'kysely'
import { LEDGER_SCHEMA } from '../ledger.js'

/** `collate "C"` on every key: the byte order in which segments are cut, the same on every server. */
const KEY = sql`text[] collate "C"`

export const firstLight: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const schema = db.schema.withSchema(LEDGER_SCHEMA)

    await schema
      .createTable('leases')
      .addColumn('master', 'text', (c) => c.primaryKey())
      .addColumn('token', 'bigint', (c) => c.notNull())
      .addColumn('run', 'bigint')
      .execute()

    await schema
      .createTable('lease_beats')
      .addColumn('master', 'text', (c) => c.primaryKey())
      .addColumn('at', 'timestamptz', (c) => c.notNull())
      .execute()

    await schema
      .createTable('runs')
      .addColumn('run', 'bigint', (c) => c.primaryKey().generatedAlwaysAsIdentity())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('mode', 'text', (c) => c.notNull())
      .addColumn('workflow_id', 'text', (c) => c.notNull())
      .addColumn('execution_id', 'text', (c) => c.notNull().unique())
      .addColumn('only_keys', 'jsonb')
      .addColumn('definition', 'jsonb', (c) => c.notNull())
      .addColumn('layout', 'jsonb')
      .addColumn('token', 'bigint')
      .addColumn('tracked', 'integer')
      .addColumn('started_at', 'timestamptz', (c) => c.notNull().defaultTo(sql`clock_timestamp()`))
      .addColumn('closed_at', 'timestamptz')
      .addColumn('outcome', 'text')
      .addColumn('report', 'jsonb')
      .addColumn('failure', 'jsonb')
      .execute()
    await schema.createIndex('runs_by_master').on('runs').columns(['master', 'run']).execute()

    await schema
      .createTable('segments')
      .addColumn('run', 'bigint', (c) =>
        c.notNull().references(`${LEDGER_SCHEMA}.runs.run`).onDelete('cascade'),
      )
      .addColumn('segment', 'integer', (c) => c.notNull())
      .addColumn('from_key', KEY)
      .addColumn('below_key', KEY)
      .addColumn('whole', 'boolean', (c) => c.notNull().defaultTo(false))
      .addColumn('listed', 'integer')
      .addColumn('present', 'integer')
      .addColumn('planned', 'jsonb')
      .addColumn('cursor', KEY)
      .addColumn('applied', 'boolean', (c) => c.notNull().defaultTo(false))
      .addColumn('written', 'jsonb')
      .addPrimaryKeyConstraint('segments_pkey', ['run', 'segment'])
      .execute()

    await schema
      .createTable('plan_rows')
      .addColumn('run', 'bigint', (c) =>
        c.notNull().references(`${LEDGER_SCHEMA}.runs.run`).onDelete('cascade'),
      )
      .addColumn('segment', 'integer', (c) => c.notNull())
      .addColumn('key', KEY, (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('busy', 'boolean', (c) => c.notNull().defaultTo(false))
      .addPrimaryKeyConstraint('plan_rows_pkey', ['run', 'segment', 'key'])
      .execute()

    await schema
      .createTable('tracked_rows')
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('key', KEY, (c) => c.notNull())
      .addColumn('origin', 'text', (c) => c.notNull())
      .addColumn('applied', 'bigint', (c) => c.notNull())
      .addColumn('outside', 'text')
      .addPrimaryKeyConstraint('tracked_rows_pkey', ['master', 'key'])
      .execute()
    await schema
      .createIndex('tracked_rows_outside')
      .on('tracked_rows')
      .columns(['master', 'key'])
      .where(sql.ref('outside'), 'is not', null)
      .execute()

    await schema
      .createTable('rejects')
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('key', KEY, (c) => c.notNull())
      .addColumn('run', 'bigint', (c) => c.notNull())
      .addColumn('column_name', 'text')
      .addColumn('sqlstate', 'text', (c) => c.notNull())
      .addColumn('message', 'text', (c) => c.notNull())
      .addColumn('at', 'timestamptz', (c) => c.notNull().defaultTo(sql`clock_timestamp()`))
      .addPrimaryKeyConstraint('rejects_pkey', ['master', 'key'])
      .execute()
  },
}
