import assert from 'node:assert/strict'
import { quoteName } from '../../core/table-name.js'
import { createWorld, texts, type World } from '../support/world.js'
import { assertSame, syncEqual, syncIdle, useMaster } from './other-master.js'

/** Names that SQL, or the sync's own statements, could take for something else. */
const NAMES = [
  `it's "quoted"`, 'with space', ' blanks ', 'CamelCase', 'a.b.c', '医療機関', '$1', '$2', '%s', '%I', 'select', 'user', '*',
  'c1', 'c2', 'n', 'h', 'key', 'k1', 's', 'c', 'l', 't', 'g', 'd', 'what', 'applied', 'master', 'bucket', 'hash', 'rows', 'listed', 'stage',
  'back\\slash', '{}', '[1]', '--', '/*', ';', 'ctid_', 'ñ', 'x'.repeat(63),
] // prettier-ignore

const PLACES = [
  { schema: `it's "x".$1`, name: '医療 機関.%s' },
  { schema: 'select', name: 'table' },
  { schema: 's', name: 'c' },
]

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const table = (schema: string, name: string): string => `${quoted(schema)}.${quoted(name)}`

async function createSchemas(world: World, ...schemas: readonly string[]): Promise<void> {
  for (const pool of [world.source, world.cloud]) {
    await pool.query(schemas.map((schema) => `create schema ${quoted(schema)}`).join(';'))
  }
}

describe('names', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: '', setUp: false, env: { SEGMENT_ROWS: '10' } })
  })
  after(() => world.close())

  it('of columns may be any', async () => {
    const columns = NAMES.map((name) => `${quoted(name)} text`).join(', ')
    const values = NAMES.map((_, index) => `'v${index} ' || n`).join(', ')
    await useMaster(world, {
      name: 'columns',
      source: `create table orgs (id integer primary key, ${columns}); create table targets (id integer primary key);
        insert into orgs select n, ${values} from generate_series(1, ${NAMES.length}) n; insert into targets select id from orgs`,
      also: { columns: { $2: 'insert_only', key: 'insert_only' }, guards: { updates: { percent: 100 } } },
    })
    await syncEqual(world)
    const all = 'select * from columns.orgs order by id'
    await assertSame(world, all, all)
    const each = NAMES.map(
      (name, index) => `update columns.orgs set ${quoted(name)} = 'new' where id = ${index + 1}`,
    )
    await world.source.query(each.join(';'))
    assert.equal((await syncEqual(world)).rows.updated, NAMES.length - 2)
    const others = `select ${NAMES.filter((name) => name !== '$2' && name !== 'key')
      .map(quoted)
      .join(', ')} from columns.orgs order by id`
    await assertSame(world, others, others)
    await syncIdle(world)
  })

  for (const [index, { schema, name }] of PLACES.entries()) {
    it(`of a schema may be ${schema}, of a table ${name}, and of key columns as well`, async () => {
      const [one, two] = [quoted(`${name}!`), quoted(`${schema}!`)]
      const [orgs, targets, copy] = [
        table(schema, name),
        table(schema, `${name} list`),
        table(schema, 'copy'),
      ]
      const key = `${one} text, ${two} integer, primary key (${one}, ${two})`
      await createSchemas(world, schema)
      await useMaster(world, {
        name: `place_${index}`,
        key: [`${name}!`, `${schema}!`],
        tables: { source: orgs, targets, cloud: copy },
        source: `create table ${orgs} (value text, ${key}); create table ${targets} (${key});
          insert into ${orgs} select 'v' || n, 'id $1 ' || n, n from generate_series(1, 30) n;
          insert into ${targets} select ${one}, ${two} from ${orgs}`,
      })
      await syncEqual(world)
      await world.source.query(
        `update ${orgs} set value = 'new' where ${two} = 7; delete from ${targets} where ${two} = 8`,
      )
      const { rows } = await syncEqual(world)
      assert.deepEqual([rows.updated, rows.removed], [1, 1])
      const columns = `${one}, ${two}, value`
      await assertSame(
        world,
        `select ${columns} from ${copy} order by ${two}`,
        `select ${columns} from ${orgs} where ${two} <> 8 order by ${two}`,
      )
    })
  }

  it('of types, their labels and collations may be any', async () => {
    const schema = 'Types "of" $1'
    const [mood, code, list] = [table(schema, `mood's "x"`), table(schema, 'order'), table(schema, '医療')]
    await createSchemas(world, schema)
    await useMaster(world, {
      name: 'types',
      source: `create type ${mood} as enum ('it''s', '"$1"', 'back\\slash');
        create domain ${code} as varchar(9) constraint "$1 ""check""" check (value <> '$1');
        create domain ${list} as ${mood}[];
        create collation ${table(schema, 'col"l')} (provider = icu, locale = 'ja');
        create table orgs (id ${code} collate ${table(schema, 'col"l')} primary key, mood ${mood}, list ${list}, codes ${code}[]);
        create table targets (id text primary key);
        insert into orgs values ('a', 'it''s', '{"\\"$1\\"",NULL}', '{a,b}'), ('b', 'back\\slash', '{}', null);
        insert into targets select id from orgs`,
    })
    await syncEqual(world)
    const all = 'select * from types.orgs order by id'
    await assertSame(world, all, all)
    await assert.rejects(world.cloud.query(`insert into types.orgs (id) values ('$1')`), { code: '23514' })
  })

  it('are quoted for people only where SQL needs it', () => {
    assert.equal(quoteName('medical_id'), 'medical_id')
    for (const name of ['Id', '1st', 'a b', 'a"b', '医療', '']) assert.equal(quoteName(name), quoted(name))
  })
})

describe('types in schemas', () => {
  it('are the same whatever the search_path of a role or database', async () => {
    const world = await createWorld({
      master: {
        source: { table: 'app.orgs' },
        targets: { table: 'app.targets' },
        cloud: { table: 'copies.orgs' },
      },
      source: `create schema app; create type app.mood as enum ('sad', 'ok'); create domain app.code as text check (value::app.mood is not null);
        create table app.orgs (id text primary key, mood app.mood, moods app.mood[], code app.code);
        create table app.targets (id text primary key);
        insert into app.orgs values ('a', 'sad', '{ok}', 'ok'); insert into app.targets values ('a');
        do $$ begin execute format('alter database %I set search_path = app, public', current_database()); end $$`,
      cloud: `do $$ begin execute format('alter database %I set search_path = copies', current_database()); end $$`,
    })
    try {
      await syncEqual(world)
      assert.deepEqual(await texts(world.cloud, 'select * from copies.orgs'), [['a', 'sad', '{ok}', 'ok']])
      await syncIdle(world)
    } finally {
      await world.close()
    }
  })
})
