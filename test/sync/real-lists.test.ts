import assert from 'node:assert/strict'
import { createReadStream, existsSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { postgres } from '../support/servers.js'
import { createWorld, texts, type World } from '../support/world.js'

/** Two dated national lists as published; not part of the project, so a clone may lack them. */
const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const OLDER = 'kouseikyoku_ika_202209.csv.gz'
const NEWER = 'kouseikyoku_ika_202409.csv.gz'

const COLUMNS = 'medical_id text, short_id text, name text, postal_code text, address text'
const TABLES = `
  create table older (${COLUMNS});
  create table newer (${COLUMNS});
  create table orgs (${COLUMNS}, primary key (medical_id));
  create table targets (medical_id text primary key, note text)`

const MASTER = {
  source: { key: ['medical_id'] },
  removals: { untargeted: 'delete', gone: 'delete' },
  guards: { updates: { percent: 100 }, removals: { percent: 100 } },
}

describe('the ministry lists of September 2022 and September 2024', () => {
  before(function () {
    if (process.env['CI'] !== undefined) this.skip()
    if (!existsSync(DATA + OLDER) || !existsSync(DATA + NEWER)) {
      process.stderr.write('    skipped: the published lists are not beside this clone\n')
      this.skip()
    }
  })

  for (const [title, share] of [
    ['all ids of 2022', 'true'],
    ['20,000 of them', 'place <= 20000'],
  ] as const) {
    describe(`with ${title} as targets`, () => {
      let world: World
      before(async () => {
        world = await createWorld({ source: TABLES, master: MASTER })
        await load(world, 'older', OLDER)
        await load(world, 'newer', NEWER)
        await world.source.query(`
          insert into orgs select distinct on (medical_id) * from older order by medical_id;
          insert into targets select medical_id from (
            select medical_id, row_number() over (order by hashtext(medical_id), medical_id) as place from orgs
          ) numbered where ${share};
          analyze`)
      })
      after(() => world.close())

      it('loads them', async () => {
        const report = await world.sync()
        const listed = await count(world.source, 'select count(*) from targets')
        assert.deepEqual(
          [report.outcome, report.equal, report.rows.inserted, report.targets],
          ['completed', true, listed, listed],
        )
        await assertSame(world)
      })

      it('writes nothing the second time', async () => {
        const report = await world.sync()
        assert.deepEqual([report.outcome, report.equal, report.rows.inserted], ['nothing_to_do', true, 0])
      })

      it('carries two years of changes when the master is replaced, as plain SQL counts them', async () => {
        await world.source.query(`
          begin;
          truncate orgs;
          insert into orgs select distinct on (medical_id) * from newer order by medical_id;
          commit`)
        const changed = await count(
          world.source,
          `select count(*) from targets join orgs using (medical_id)
             join (select distinct on (medical_id) * from older order by medical_id) o using (medical_id)
           where (orgs.short_id, orgs.name, orgs.postal_code, orgs.address)
             is distinct from (o.short_id, o.name, o.postal_code, o.address)`,
        )
        const gone = await count(
          world.source,
          'select count(*) from targets where medical_id not in (select medical_id from orgs)',
        )
        const listed = await count(world.source, 'select count(*) from targets')
        assert.ok(gone > listed / 10, 'the newer list lacks whole prefectures')
        const report = await world.sync()
        const { inserted, updated, removed, unchanged } = report.rows
        assert.deepEqual(
          {
            outcome: report.outcome,
            equal: report.equal,
            missing: report.missing,
            inserted,
            updated,
            removed,
            unchanged,
          },
          {
            outcome: 'completed',
            equal: true,
            missing: gone,
            inserted: 0,
            updated: changed,
            removed: gone,
            unchanged: listed - gone - changed,
          },
        )
        await assertSame(world)
      })
    })
  }
})

async function load(world: World, table: string, file: string): Promise<void> {
  const client = new pg.Client(postgres('source').url(world.name))
  await client.connect()
  // No field of these files is quoted or holds a tab or a backslash, but some hold quotes: they are not CSV to COPY.
  const options = `(format csv, quote e'\\x01')`
  await pipeline(
    createReadStream(DATA + file),
    createGunzip(),
    client.query(copyFrom(`copy ${table} from stdin ${options}`)),
  )
  await client.end()
}

async function count(pool: pg.Pool, query: string): Promise<number> {
  const [row] = await texts(pool, query)
  return Number(row?.[0])
}

/** The cloud holds exactly the listed rows of the source. */
async function assertSame(world: World): Promise<void> {
  const digest = 'count(*), md5(string_agg(o::text, chr(10) order by medical_id collate "C"))'
  assert.deepEqual(
    await texts(world.cloud, `select ${digest} from orgs o`),
    await texts(
      world.source,
      `select ${digest} from (select orgs.* from orgs join targets using (medical_id)) o`,
    ),
  )
}
