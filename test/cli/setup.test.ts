import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RESULTS } from '../../core/results.js'
import { cli, exits, jsonIn, tells, type Ended } from './run-cli.js'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create schema types;
  create type types.mood as enum ('良', '悪', '"so-so"');
  create domain types.beds as smallint check (value >= 0);
  create domain types.ward as types.beds;
  create table orgs (
    id character varying(13) primary key, name character varying(200) not null, beds types.beds, wards types.ward[],
    mood types.mood, moods types.mood[], opened date, at timestamp(3) with time zone, price numeric(10,2),
    "Free Text" text default 'x', founder text);
  insert into orgs (id, name, mood, "Free Text") select 'M' || n, '病院' || n, '良', 'f' from generate_series(1, 5) n`

const COLUMNS = `
  select attname, format_type(atttypid, atttypmod), attnotnull from pg_attribute
  where attrelid = 'public.orgs'::regclass and attnum > 0 and not attisdropped order by attnum`

const MASTER = { source: { exclude: ['founder'] } }

describe('setup', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE, master: MASTER, setUp: false })
  })
  after(() => world.close())

  const setup = (...args: readonly string[]): Promise<Ended> => cli(world.env, 'setup', ...args)

  it('without a target list says what is missing and how to make it', async () => {
    tells(
      await setup(),
      3,
      'TABLE_MISSING',
      'target list public.targets',
      `master-sync setup ${world.name} --with-targets`,
    )
  })

  it('creates what the sync owns, in the exact types of the source', async () => {
    await world.cloud.query(
      'drop schema if exists master_sync cascade; drop table if exists orgs; drop schema if exists types cascade',
    )
    const ended = await setup('--with-targets', '--json')
    exits(ended, 0)
    const { name } = world
    assert.deepEqual(jsonIn(ended, RESULTS.setup), {
      masters: [
        {
          master: name,
          steps: [
            ...(await texts(world.cloud, 'select name from master_sync.kysely_migration order by name')).map(
              ([migration]) => `ledger: ${String(migration)}`,
            ),
            'source: created public.targets',
            'cloud: created type types.beds',
            'cloud: created type types.mood',
            'cloud: created type types.ward',
            'cloud: created public.orgs',
          ].sort(byPlace),
          erase: [],
        },
      ],
    })
    const columns = await texts(world.source, COLUMNS)
    assert.deepEqual(
      await texts(world.cloud, COLUMNS),
      columns
        .filter(([column]) => column !== 'founder')
        .map(([column, type]) => [column, type, column === 'id' ? 't' : 'f']),
    )
    assert.deepEqual(
      await texts(world.cloud, `select enum_range(null::types.mood)::text`),
      await texts(world.source, `select enum_range(null::types.mood)::text`),
    )
    await assert.rejects(world.cloud.query('select (-1)::types.ward'), /check constraint/u)
    assert.deepEqual(
      await texts(
        world.source,
        `select format_type(atttypid, atttypmod) from pg_attribute
      where attrelid = 'targets'::regclass and attnum > 0 order by attnum`,
      ),
      [['character varying(13)'], ['text']],
    )
  })

  it('the second time finds all there, and changes nothing', async () => {
    await world.source.query(`insert into targets select id from orgs`)
    const report = await world.sync()
    assert.deepEqual([report.outcome, report.rows.inserted], ['completed', 5])
    const state = (): Promise<unknown> =>
      texts(
        world.cloud,
        'select oid, relname, relnamespace from pg_class union all select oid, typname, typnamespace from pg_type order by 1',
      )
    const before = await state()
    const [words, again] = [await setup('--with-targets'), await setup(world.name, '--json')]
    exits(words, 0)
    assert.equal(words.stdout, `${world.name}: all is there / 準備済み\n`)
    assert.deepEqual(jsonIn(again, RESULTS.setup), {
      masters: [{ master: world.name, steps: [], erase: [] }],
    })
    assert.deepEqual(await state(), before)
  })

  it('adds a column that the source got, and what it holds comes with the next run', async () => {
    await world.source.query(
      `alter table orgs add column "電話" text default '03'; create type kind as enum ('a'); alter table orgs add kind kind`,
    )
    const ended = await setup()
    exits(ended, 0)
    assert.equal(
      ended.stdout,
      `${world.name}: set up / 準備しました\n  cloud: created type public.kind\n  cloud: added public.orgs."電話"\n  cloud: added public.orgs.kind\n`,
    )
    assert.equal((await world.sync()).rows.updated, 5)
    assert.deepEqual(await texts(world.cloud, 'select distinct "電話" from orgs'), [['03']])
  })

  it('refuses a master that names columns which are not there, before it creates anything', async () => {
    await world.cloud.query('drop table orgs')
    for (const [patch, columns] of [
      [{ source: { key: ['idd'] } }, 'idd'],
      [{ source: { exclude: ['foundr'] }, columns: { phone: 'insert_only' } }, 'foundr, phone'],
    ] as const) {
      await world.rewrite(patch)
      tells(await setup('--with-targets'), 3, 'COLUMN_MISSING', 'public.orgs', `no column ${columns},`)
      assert.deepEqual(await texts(world.cloud, `select to_regclass('public.orgs')`), [[null]])
    }
    await world.rewrite(MASTER)
  })

  it('leaves a ledger that is current as it is, with its runs', async () => {
    const migrations = 'select name, timestamp from master_sync.kysely_migration order by name'
    const before = await texts(world.cloud, migrations)
    const runs = await texts(world.cloud, 'select run from master_sync.runs order by run')
    exits(await setup(), 0)
    assert.deepEqual(await texts(world.cloud, migrations), before)
    assert.deepEqual(await texts(world.cloud, 'select run from master_sync.runs order by run'), runs)
  })

  it('sets up every master of the folder, or the one named', async () => {
    const file = join(world.env['MASTERS_DIR'] ?? '', 'second.yml')
    await writeFile(
      file,
      `master: second\nsource: { table: orgs, key: [id] }\ntargets: { table: targets }\ncloud: { table: second.orgs }\n`,
    )
    const [unnamed, unknown] = await Promise.all([cli(world.env, 'start-sync'), setup('third')])
    tells(unnamed, 3, 'MASTER_UNKNOWN', `${world.name}, second`, 'default: true')
    tells(unknown, 3, 'MASTER_UNKNOWN', '"third"', `${world.name}, second`)
    const all = await setup()
    exits(all, 0)
    assert.equal(
      all.stdout,
      `${world.name}: all is there / 準備済み\nsecond: set up / 準備しました\n  cloud: created second.orgs\n`,
    )
  })
})

/** The ledger first, then the list, then the cloud's types and tables: within these any order will do. */
function byPlace(a: string, b: string): number {
  const place = (step: string): number =>
    ['ledger', 'source', 'cloud: created type', 'cloud'].findIndex((w) => step.startsWith(w))
  return place(a) - place(b)
}
