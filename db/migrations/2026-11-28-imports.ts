import { sql, type Kysely, type Migration } from 'kysely'
import { LEDGER_SCHEMA } from '../ledger.js'

/** Imports ask questions of their own, and what the cloud holds has a source and a date. */
export const imports: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const schema = db.schema.withSchema(LEDGER_SCHEMA)
    await schema
      .alterTable('questions')
      .addColumn('about', 'text', (c) =>
        c
          .notNull()
          .defaultTo('sync')
          .check(sql`about in ('sync', 'import')`),
      )
      .execute()
    await schema.dropIndex('questions_open').execute()
    await schema
      .createIndex('questions_open')
      .on('questions')
      .columns(['master', 'about'])
      .unique()
      .where(sql.ref('state'), '=', sql.lit('open'))
      .execute()
    await schema
      .createTable('publications')
      .addColumn('master', 'text', (c) => c.notNull())
      .addColumn('publication', 'text', (c) => c.notNull())
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('as_of', 'date', (c) => c.notNull())
      .addColumn('attribution', 'text')
      .addColumn('run', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('publications_pkey', ['master', 'publication', 'scope'])
      .execute()
  },
}
