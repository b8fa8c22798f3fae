import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { MEDICAL_ORGS_COLUMNS } from '../../core/medical-orgs-table.js'
import { IMPORT_TABLES } from '../../db/import-tables.js'
import { readEnvironment } from '../../core/options.js'
import { App } from '../../operations/app.js'
import { printSql } from '../../operations/print-sql.js'
import { setUp, type SetupSteps } from '../../operations/setup.js'
import { directImport } from '../support/direct-import.js'
import { as } from '../support/three-roles.js'
import { createWorld, texts, type World } from '../support/world.js'
import { cli, exits, tells } from './run-cli.js'

const NAME = 'Reg.master_medical_orgs'

const MASTER = {
  source: { table: NAME, key: ['medical_id'], exclude: ['founder_name', 'administrator_name'] },
  targets: { table: 'Reg.targets' },
}

const CSV = { csv: { columns: { code: '商品コード' }, key: ['code'] } }

const ROLES = `m${process.pid}`

/** Name, type, whether a value must be there, and comment of each column. */
const DESCRIBED = `
  select attname, format_type(atttypid, atttypmod), attnotnull, col_description(attrelid, attnum) from pg_attribute
  where attrelid = '"Reg".master_medical_orgs'::regclass and attnum > 0 order by attnum`

const DECLARED = MEDICAL_ORGS_COLUMNS.map(({ name, type, ja, en }) => [
  name,
  type,
  name === 'medical_id' || name === 'name' ? 't' : 'f',
  `${ja} / ${en}`,
])

const MADE_FOR_IMPORTS = IMPORT_TABLES.map((name) => `source: created master_import.${name}`)

describe('setup --with-master', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: '', master: MASTER, setUp: false })
  })
  after(async () => {
    for (const pool of [world.source, world.cloud]) {
      for (const role of ['importer', 'importer_user', 'reader', 'editor', 'writer']) {
        const name = `${ROLES}_${role}`
        const { rowCount } = await pool.query('select from pg_roles where rolname = $1', [name])
        if (rowCount === 1) await pool.query(`drop owned by ${name}; drop role ${name}`)
      }
    }
    await world.close()
  })

  /** Of what is on-prem. */
  async function steps(): Promise<SetupSteps> {
    const all = await setUp(world.app, world.master, { withTargets: true, withMaster: true })
    return all.filter((step) => step.startsWith('source: '))
  }

  it('is printed for a DBA: the table, what imports keep, and a role that may import and no more', async () => {
    const scripts = await printSql(world.app, [world.master], {
      ...{ withTargets: true, withMaster: true, roles: ROLES },
    })
    for (const time of [1, 2])
      for (const { side, sql } of scripts) await world[side].query(`-- ${time}\n${sql}`)
    assert.deepEqual(await texts(world.source, DESCRIBED), DECLARED)
    assert.deepEqual(await steps(), [])

    await world.source.query(`create role ${ROLES}_importer_user login in role ${ROLES}_importer`)
    const importer = new pg.Client(as(`${ROLES}_importer_user`)(world.env['SOURCE_DATABASE_URL'] ?? ''))
    await importer.connect()
    await importer.query('create temporary table look (n integer)')
    const file = join(world.app.mastersFolder, '..', 'list_202606.csv')
    await writeFile(file, '010110119,0110119,札幌病院,0600001,中央区１\n')
    const app = new App(
      readEnvironment(
        {
          ...world.env,
          SOURCE_DATABASE_URL: as(`${ROLES}_importer_user`)(world.env['SOURCE_DATABASE_URL'] ?? ''),
        },
        () => '',
      ),
    )
    const imported = await directImport({ ...world, app, master: world.master })({
      files: [file],
      reading: { feed: 'kouseikyoku-ika' },
    }).finally(() => app.close())
    assert.deepEqual([imported.failure, imported.rows.inserted], [null, 1])
    await assert.rejects(importer.query('delete from "Reg".master_medical_orgs'), { code: '42501' })
    await importer.end()
    await world.source.query(`set role ${ROLES}_reader; select from master_import.scopes; reset role`)
  })

  it('creates all or nothing: the table with its comments, and what imports keep; the second time nothing', async () => {
    await world.source.query('drop schema "Reg", master_import cascade')
    await world.cloud.query('drop table orgs; drop schema master_sync cascade')
    const half = await cli(world.env, 'setup', '--with-master')
    const command = `setup ${world.name} --with-targets`
    tells(half, 3, 'TABLE_MISSING', `→ Run: master-sync ${command}`, `→ 実行: master-sync ${command}`)
    assert.deepEqual(await texts(world.source, `select to_regclass('"Reg".master_medical_orgs')`), [[null]])
    const [made, again] = [
      await cli(world.env, 'setup', '--with-master', '--with-targets'),
      await cli(world.env, 'setup', '--with-master', '--with-targets'),
    ]
    exits(made, 0)
    const told = ['source: created "Reg".master_medical_orgs', ...MADE_FOR_IMPORTS]
    for (const step of told) assert.ok(made.stdout.includes(`  ${step}\n`), made.stdout)
    assert.equal(again.stdout, `${world.name}: all is there / 準備済み\n`)
    assert.deepEqual(await texts(world.source, DESCRIBED), DECLARED)
    const excluded = `select attname from pg_attribute where attrelid = 'orgs'::regclass and attname in ('founder_name', 'administrator_name')`
    assert.deepEqual(await texts(world.cloud, excluded), [])
  })

  it('leaves a table that is there as it is, and tells what an import will not find', async () => {
    await world.source.query(`
      drop schema master_import cascade;
      alter table "Reg".master_medical_orgs drop column name_search, drop column closed_on, add column own text`)
    const before = await texts(world.source, DESCRIBED)
    const lacks = 'source: "Reg".master_medical_orgs lacks name_search, closed_on: an import leaves them out'
    assert.deepEqual(await steps(), [lacks, ...MADE_FOR_IMPORTS])
    assert.deepEqual(await texts(world.source, DESCRIBED), before)
  })

  it('leaves a view alone', async () => {
    await world.source.query('create view "Reg".seen as table "Reg".master_medical_orgs')
    await world.rewrite({ ...MASTER, source: { ...MASTER.source, table: 'Reg.seen' } })
    assert.deepEqual(await steps(), [
      'source: "Reg".seen is no table, which imports cannot write: left alone',
    ])
  })

  it('demands a table that is somebody’s own, and then makes what imports keep beside it', async () => {
    const products = { source: { table: 'products', key: ['code'] }, targets: { table: 'listed' } }
    for (const also of [{}, { import: CSV }]) {
      await world.rewrite({ ...products, ...also })
      for (const attempt of [
        () => steps(),
        () => printSql(world.app, [world.master], { withTargets: true, withMaster: true, roles: ROLES }),
      ])
        await assert.rejects(attempt(), {
          code: 'TABLE_MISSING',
          remedy: /^Create it first, .*: public\.products$/u,
        })
      await world.source.query(
        'drop schema if exists master_import cascade; create table products (code text primary key)',
      )
      await world.cloud.query('drop table if exists orgs')
      assert.deepEqual(await steps(), [...MADE_FOR_IMPORTS, 'source: created public.listed'])
      await world.source.query('drop table products, listed')
    }
  })
})
