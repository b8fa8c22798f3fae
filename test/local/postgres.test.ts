import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import pg from 'pg'
import { type PostgresServer, startPostgres } from '../../local/postgres.js'
import { MEDICAL_ORGS_COLUMNS, type MedicalOrgsColumn } from '../../core/medical-orgs-table.js'
import { addressSearchForm, searchForm } from '../../core/normalise.js'
import { sqlText } from '../../db/recorded-sql.js'
import { listTable, medicalOrgsTable } from '../../db/table-ddl.js'
import { textColumn } from '../../core/shape.js'
import type { TableName } from '../../core/table-name.js'
import { changeRegister } from '../../local/register/changes.js'
import { fillRegister } from '../../local/register/table.js'
import { fillTargetList } from '../../local/register/target-list.js'
import { type TempDir, tempDir } from '../support/temp-dir.js'

type Searched = Extract<
  MedicalOrgsColumn,
  `${string}_search` | 'name' | 'name_kana' | 'address' | 'prefecture_code'
>

const settings = { fsync: 'off' }

describe('the embedded PostgreSQL', () => {
  let folder: TempDir
  let dir: string
  let server: PostgresServer

  before(async () => {
    folder = await tempDir()
    dir = folder.path
    server = await startPostgres({ dir, settings })
  })
  after(async () => {
    await server.stop('immediate')
    await folder.remove()
  })

  async function query<Row extends pg.QueryResultRow>(text: string): Promise<readonly Row[]> {
    return withClient(async (client) => (await client.query<Row>(text)).rows)
  }

  async function withClient<T>(use: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client(server.url('postgres'))
    await client.connect()
    try {
      return await use(client)
    } finally {
      await client.end()
    }
  }

  const state = () =>
    query<{ count: number; digest: string }>(`
      select count(*)::integer as count, md5(string_agg(md5(m::text), '' order by medical_id collate "C")) as digest
      from public.master_medical_orgs as m`)

  it('speaks UTF-8, listens on 127.0.0.1 only and takes settings', async () => {
    const rows = await query<{ setting: string }>(
      `select setting from pg_settings
       where name in ('fsync', 'listen_addresses', 'server_encoding', 'unix_socket_directories') order by name`,
    )
    assert.deepEqual(
      rows.map(({ setting }) => setting),
      ['off', '127.0.0.1', 'UTF8', ''],
    )
  })

  it('holds a register and its list, made once', async () => {
    const inPublic = (name: string): TableName => ({ schema: 'public', name })
    const tables = [
      ...medicalOrgsTable(inPublic('master_medical_orgs')),
      listTable(inPublic('sync_target_orgs'), [textColumn('medical_id')]),
    ]
    await withClient(async (client) => {
      for (const statement of tables) await client.query(sqlText(statement))
      for (let twice = 0; twice < 2; twice++) {
        await fillRegister(client, { rows: 5_000 })
        await fillTargetList(client, { rows: 1_000 })
      }
    })
    assert.deepEqual(
      await query(`select
        (select count(*)::integer from public.master_medical_orgs) as register,
        (select count(*)::integer from public.sync_target_orgs join public.master_medical_orgs using (medical_id)) as listed,
        (select count(*)::integer from pg_description where objoid = 'public.master_medical_orgs'::regclass) as comments`),
      [{ register: 5_000, listed: 1_000, comments: MEDICAL_ORGS_COLUMNS.length + 1 }],
    )
  })

  it('lives through a day of changes, another one each time', async () => {
    const seen = [(await state())[0]?.digest]
    for (let day = 0; day < 2; day++) {
      const counts = await withClient((client) => changeRegister(client, { rows: 300 }))
      assert.deepEqual(counts, { changed: 289, closed: 6, opened: 5 })
      seen.push((await state())[0]?.digest)
    }
    assert.equal(new Set(seen).size, 3)
    const searched = await query<Record<Searched, string>>('select * from public.master_medical_orgs')
    for (const row of searched) {
      assert.deepEqual(
        [row.name_search, row.kana_search, row.address_search],
        [
          searchForm(row.name),
          searchForm(row.name_kana),
          addressSearchForm(row.address, row.prefecture_code),
        ],
      )
    }
    assert.deepEqual(
      await query(`select
        (select count(*)::integer from public.master_medical_orgs) as register,
        (select count(*)::integer from public.sync_target_orgs) as list,
        (select count(*)::integer from public.sync_target_orgs join public.master_medical_orgs using (medical_id)) as listed`),
      [{ register: 4_998, list: 1_010, listed: 998 }],
    )
  })

  it('starts again on the same port with its data, stopped gently or not', async () => {
    const before = await state()
    const { port } = server
    for (const mode of ['fast', 'immediate'] as const) {
      await server.stop(mode)
      server = await startPostgres({ dir, port, settings })
      assert.deepEqual(await state(), before)
    }
    assert.equal(server.port, port)
  })

  it('starts again after a kill -9', async () => {
    const before = await state()
    process.kill(server.pid, 'SIGKILL')
    server = await startPostgres({ dir, port: server.port, settings })
    assert.deepEqual(await state(), before)
  })

  it('refuses a folder on which a server runs, and a port that is taken', async () => {
    await assert.rejects(startPostgres({ dir }), /is in use: PostgreSQL \d+ runs there/)
    await assert.rejects(
      startPostgres({ dir: `${dir}/other`, port: server.port }),
      /port \d+ on 127.0.0.1 is in use/,
    )
  })

  it('says in its error what the server wrote before it died', async () => {
    await assert.rejects(
      startPostgres({ dir: `${dir}/other`, settings: { no_such_setting: '1' } }),
      /did not start.*exit code 1[^]*no_such_setting/,
    )
  })

  it('ends a server whose starter was killed, and takes over its folder', async () => {
    const before = await state()
    await server.stop()
    const program = `
      import { startPostgres } from ${JSON.stringify(new URL('../../local/postgres.ts', import.meta.url).href)}
      const server = await startPostgres({ dir: ${JSON.stringify(dir)} })
      process.stdout.write(String(server.pid), () => process.kill(process.pid, 'SIGKILL'))`
    const starter = promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      program,
    ])
    const failure = await starter.then(
      () => assert.fail('it should have been killed'),
      (error: unknown) => error as { readonly signal: string; readonly stdout: string },
    )
    assert.equal(failure.signal, 'SIGKILL')
    assert.ok(Number(failure.stdout) > 0)

    server = await startPostgres({ dir, settings })
    assert.notEqual(server.pid, Number(failure.stdout))
    assert.deepEqual(await state(), before)
  })
})
