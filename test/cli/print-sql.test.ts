import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql, type Kysely, type Migration } from 'kysely'
import type { Pool } from 'pg'
import { RESULTS } from '../../core/results.js'
import { ledgerSql } from '../../db/ledger-sql.js'
import { MIGRATIONS, migrator } from '../../db/migrate.js'
import { script } from '../../db/script.js'
import { createWorld, texts, type World } from '../support/world.js'
import { cli, exits, jsonIn, tells, type Ended } from './run-cli.js'

const SOURCE = `
  create schema types;
  create type types.mood as enum ('良', '悪', '''"$sql$', '一
 二', 'create table (a, b)');
  create domain types.beds as smallint check (value >= 0);
  create table orgs (
    name character varying(200) not null, id character varying(13) primary key, beds types.beds, moods types.mood[],
    price numeric(10,2), "order" text default 'x', founder text);
  insert into orgs values ('病院', 'M1', 3, array['良']::types.mood[], 1.50, 'o', 'x')`

const COLUMNS = `
  select attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute
  where attrelid = 'public.orgs'::regclass and attnum > 0 and not attisdropped order by attnum`

const LEDGER = `
  select table_name, column_name, data_type, is_nullable, column_default, is_identity from information_schema.columns
  where table_schema = 'master_sync' order by table_name, ordinal_position`

const ROLES = `p${process.pid}`

describe('setup --print-sql', () => {
  let world: World
  let other: World
  before(async () => {
    const options = { source: SOURCE, master: { source: { exclude: ['founder'] } }, setUp: false }
    world = await createWorld(options)
    other = await createWorld({ ...options, setUp: true })
  })
  after(async () => {
    for (const pool of [world.source, world.cloud]) {
      for (const role of ['reader', 'editor', 'writer'].map((name) => `${ROLES}_${name}`)) {
        const { rowCount } = await pool.query('select from pg_roles where rolname = $1', [role])
        if (rowCount === 1) await pool.query(`drop owned by ${role}; drop role ${role}`)
      }
    }
    await world.close()
    await other.close()
  })

  const print = (...args: readonly string[]): Promise<Ended> =>
    cli(world.env, 'setup', '--print-sql', '--roles', ROLES, ...args)

  async function printed(side: 'source' | 'cloud', ...args: readonly string[]): Promise<string> {
    const ended = await print('--side', side, ...args)
    exits(ended, 0)
    return ended.stdout
  }

  it('prints both scripts, each with its place, and does nothing', async () => {
    const [words, json, missing] = await Promise.all([
      print('--with-targets'),
      print('--with-targets', '--json'),
      print(),
    ])
    exits(words, 0)
    const { scripts } = jsonIn(json, RESULTS['setup --print-sql'])
    assert.deepEqual(
      scripts.map(({ side, database }) => [side, database]),
      [
        ['source', 'SOURCE_DATABASE_URL'],
        ['cloud', 'CLOUD_DATABASE_URL'],
      ],
    )
    assert.equal(words.stdout, scripts.map(({ sql }) => sql).join('\n'))
    assert.match(
      words.stdout,
      /==== To be run in the ON-PREM database.*==== To be run in the CLOUD database/su,
    )
    tells(missing, 3, 'TABLE_MISSING', 'target list public.targets', `setup ${world.name} --with-targets`)
    for (const pool of [world.source, world.cloud]) {
      assert.deepEqual(
        await texts(
          pool,
          `select to_regclass('targets'), to_regnamespace('master_sync'), (select count(*) from pg_roles where rolname like '${ROLES}%')`,
        ),
        [[null, null, '0']],
      )
    }
  })

  async function refuses(pool: Pool, text: string, expected: RegExp | object): Promise<void> {
    const client = await pool.connect()
    await assert.rejects(client.query(text), expected)
    await client.query('rollback')
    client.release()
  }

  it('run in the wrong database does nothing', async () => {
    const [source, cloud] = [
      await printed('source', '--with-targets'),
      await printed('cloud', '--with-targets'),
    ]
    await refuses(world.cloud, source, /not the ON-PREM database: it has no public\.orgs/u)
    await refuses(other.cloud, source, /not the ON-PREM database but a cloud database/u)
    await refuses(other.source, cloud, /not the CLOUD database but an on-prem database/u)
  })

  it('run by its owner makes what setup would make', async () => {
    await world.source.query(await printed('source', '--with-targets'))
    await world.cloud.query(await printed('cloud'))
    const labels = 'select enumlabel from pg_enum order by enumsortorder'
    for (const query of [COLUMNS, LEDGER, labels, 'select name from master_sync.kysely_migration'])
      assert.deepEqual(await texts(world.cloud, query), await texts(other.cloud, query))
    const list = COLUMNS.replace('orgs', 'targets')
    assert.deepEqual(await texts(world.source, list), await texts(other.source, list))
    const constraints = `select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
      where connamespace in ('public'::regnamespace, 'master_sync'::regnamespace, 'types'::regnamespace) order by 1, 2`
    assert.deepEqual(await texts(world.cloud, constraints), await texts(other.cloud, constraints))
    const again = await cli(world.env, 'setup', '--with-targets', '--json')
    exits(again, 0)
    assert.deepEqual(jsonIn(again, RESULTS.setup), {
      masters: [{ master: world.name, steps: [], erase: [] }],
    })
  })

  it('can be run again, and then adds what the source has got since', async () => {
    await world.source.query(`insert into targets values ('M1', 'x')`)
    assert.equal((await world.sync()).equal, true)
    await world.source.query('alter table orgs add column "電話 番号" text')
    await world.source.query(await printed('source', '--with-targets'))
    const cloud = await printed('cloud')
    await whileRead(() =>
      refuses(world.cloud, cloud.replace("lock_timeout = '5s'", "lock_timeout = '100ms'"), { code: '55P03' }),
    )
    await world.cloud.query(cloud)
    assert.equal((await world.sync()).equal, true)
    assert.deepEqual((await texts(world.cloud, COLUMNS)).at(-1), ['電話 番号', 'text', 'f'])
    assert.deepEqual(await texts(world.cloud, 'select count(*) from master_sync.runs'), [['2']])
    await whileRead(() => world.cloud.query(cloud))
  })

  /** Someone reads the table, and goes on reading. */
  async function whileRead(work: () => Promise<unknown>): Promise<void> {
    const reader = await world.cloud.connect()
    await reader.query('begin; select from orgs')
    await work().finally(async () => {
      await reader.query('rollback')
      reader.release()
    })
  }

  it('brings a ledger of an earlier release up to date, once', async () => {
    const later: Migration = {
      async up(db: Kysely<unknown>) {
        await db.schema.withSchema('master_sync').createTable('later').addColumn('at', 'text').execute()
        await sql`insert into master_sync.later values (${"it's"})`.execute(db)
      },
    }
    const migrations = { ...MIGRATIONS, '9999-later': later }
    const text = script([], [{ comment: [], statements: await ledgerSql(migrations) }])
    for (const pool of [world.cloud, world.cloud, other.cloud]) await pool.query(text)
    for (const { cloud, app, master } of [world, other]) {
      assert.deepEqual(await texts(cloud, 'select at from master_sync.later'), [["it's"]])
      await app.onCloud(master, async ({ db }) => {
        assert.deepEqual((await migrator(db, migrations).migrateToLatest()).results, [])
      })
      await cloud.query(
        `drop table master_sync.later; delete from master_sync.kysely_migration where name like '9999%'`,
      )
    }
  })

  it('tells of a type that must be there first', async () => {
    await world.source.query(
      'create type pair as (a integer, b integer); alter table orgs add column pair pair',
    )
    assert.match(await printed('cloud'), /^-- It needs the type public\.pair, which must be there/mu)
    await refuses(world.cloud, await printed('cloud'), /type "public\.pair" does not exist/u)
    await world.source.query('alter table orgs drop column pair')
  })

  it('is a file that psql takes as it stands', async function () {
    const psql = promisify(execFile)
    const found = await psql('psql', ['--version']).catch(() => undefined)
    if (found === undefined) this.skip()
    const file = join(world.env['MASTERS_DIR'] ?? '', 'cloud.sql')
    await writeFile(file, await printed('cloud'))
    const url = world.env['CLOUD_DATABASE_URL'] ?? ''
    const { stdout, stderr } = await psql('psql', ['-X', '-v', 'ON_ERROR_STOP=1', '-f', file, url])
    assert.match(stdout, /^COMMIT$/mu)
    assert.equal(stderr, '')
    await writeFile(file, (await print('--with-targets')).stdout)
    const onPrem = psql('psql', ['-X', '-f', file, world.env['SOURCE_DATABASE_URL'] ?? ''])
    assert.match((await onPrem).stderr, /this is not the CLOUD database/u)
    assert.deepEqual(await texts(world.source, `select to_regnamespace('master_sync')`), [[null]])
  })

  it('prints a script for each database that a master names', async () => {
    const file = join(world.env['MASTERS_DIR'] ?? '', 'second.yml')
    await writeFile(
      file,
      `master: second\nsource: { table: orgs, key: [id] }\ntargets: { table: targets }\ncloud: { table: s.orgs, database: SECOND_URL }\n`,
    )
    const both = jsonIn(await print('--json'), RESULTS['setup --print-sql']).scripts
    assert.deepEqual(
      both.map(({ database }) => database),
      ['SOURCE_DATABASE_URL', 'CLOUD_DATABASE_URL', 'SECOND_URL'],
    )
    const [source, first, second] = both.map(({ sql: text }) => text)
    assert.match(source ?? '', /second: the reader/u)
    assert.doesNotMatch(first ?? '', /"s"\."orgs"/u)
    assert.match(second ?? '', /create table if not exists "s"\."orgs"/u)
    const alone = await printed('source', 'second')
    assert.match(alone, new RegExp(`^-- ${world.name}: the reader`, 'mu'), 'what it needs of the same tables')
    await unlink(file)
  })

  it('takes a beginning for the names of the roles, and refuses one that would need quotes', async () => {
    const [named, refused] = await Promise.all([
      cli(world.env, 'setup', '--side', 'source'),
      cli(world.env, 'setup', '--roles', 'a b'),
    ])
    exits(named, 0)
    assert.match(named.stdout, /create role "master_sync_reader" nologin;/u)
    assert.doesNotMatch(named.stdout, /==== To be run in the CLOUD/u)
    exits(refused, 2)
  })
})
