import { sql, type Kysely, type Migration } from 'kysely'

/** What lets joins on keys be planned well and runs be counted, and what was told of schedules. */
export const watch: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    // Without statistics of the key's text a join puts the wider side into its hash table: twice the time. Statistics of
    // an expression exist since PostgreSQL 14.
    await sql`
      do $$ begin
        if current_setting('server_version_num')::integer >= 140000 then
          create statistics master_sync.tracked_keys on (key[1]) from master_sync.tracked_rows;
        end if;
      end $$`.execute(db)
    await db.schema
      .withSchema('master_sync')
      .createTable('schedule_watch')
      .addColumn('master', 'text', (c) => c.primaryKey())
      .addColumn('missed', 'bigint', (c) => c.notNull())
      .addColumn('skipped', 'bigint', (c) => c.notNull())
      .addColumn('old_since', 'bigint')
      .execute()
    await db.schema
      .withSchema('master_sync')
      .createIndex('runs_by_outcome')
      .on('runs')
      .columns(['master', 'outcome'])
      .execute()
    await db.schema
      .withSchema('master_sync')
      .createTable('installation')
      .addColumn('id', 'uuid', (c) => c.primaryKey())
      .execute()
    // gen_random_uuid() is there since PostgreSQL 13 only.
    await sql`
      insert into master_sync.installation (id)
      select md5(random()::text || clock_timestamp()::text || current_database())::uuid`.execute(db)
  },
}
