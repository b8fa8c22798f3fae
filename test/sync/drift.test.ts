import assert from 'node:assert/strict'
import { remedyInJapanese } from '../../core/remedies.ja.js'
import type { RunReport } from '../../core/report.js'
import { statementIn } from '../cli/run-cli.js'
import { createWorld, texts, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text, phone text, beds integer);
  create table targets (id text primary key, note text);
  insert into orgs select lpad(n::text, 3, '0'), '病院' || n, '03-0000-' || n, n from generate_series(1, 20) n;
  insert into targets select id from orgs`

const ROW = `select * from orgs where id = '001'`

describe('a table whose columns change between runs', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld({ source: SOURCE, master: { columns: { phone: 'keep_edits' } } })
    await world.sync()
  })
  afterEach(() => world.close())

  /** The run fails before it writes: names what has changed, and gives statements of which one is tried. */
  async function fails(what: RegExp, begins: string): Promise<string> {
    await world.source.query(`update orgs set name = '改名' where id = '001'`)
    const report = await world.sync()
    assert.deepEqual([report.outcome, report.failure?.code], ['failed', 'COLUMN_MISSING'])
    assert.match(report.failure?.message ?? '', what)
    assert.equal((await texts(world.cloud, ROW))[0]?.[1], '病院1', 'something was written')
    const remedy = report.failure?.remedy ?? ''
    const ja = remedyInJapanese(remedy) ?? ''
    assert.match(ja, /クラウド|setup/u, `not in Japanese: ${remedy}`)
    assert.equal(statementIn(ja, begins), statementIn(remedy, begins))
    await world.cloud.query(statementIn(remedy, begins))
    return remedy
  }

  async function goesOn(): Promise<RunReport> {
    const report = await world.sync()
    assert.deepEqual([report.outcome, report.equal, report.failure], ['completed', true, null])
    assert.equal((await texts(world.cloud, ROW))[0]?.[1], '改名')
    return report
  }

  it('goes on without a column that is new at the source, and says so until setup adds it', async () => {
    await world.source.query(
      `alter table orgs add column url text; update orgs set name = '改名' where id = '001'`,
    )
    assert.deepEqual((await goesOn()).uncopied, ['url'])
    await world.cloud.query('alter table orgs add column url text')
    assert.deepEqual((await world.sync()).uncopied, [])
  })

  it('takes no notice of a column that the cloud adds for itself', async () => {
    await world.cloud.query('alter table orgs add column memo text')
    await world.source.query(`update orgs set name = '改名' where id = '001'`)
    assert.deepEqual((await goesOn()).uncopied, [])
  })

  it('stops for a column renamed at the source; the statement renames it in the cloud, and edits stay', async () => {
    await world.cloud.query(`update orgs set phone = '06-9999' where id in ('002', '003')`)
    await world.source.query(`update orgs set phone = '06-0000' where id = '003'`)
    assert.equal((await world.sync()).rows.conflicts, 1)
    await world.source.query('alter table orgs rename column phone to tel')
    const statements = await fails(
      /no column phone any more/u,
      'alter table public.orgs rename column phone to tel',
    )
    for (const of of ['bases', 'conflicts'])
      await world.cloud.query(statementIn(statements, `update master_sync.tracked_rows set ${of}`))
    await world.rewrite({ columns: { tel: 'keep_edits' } })
    assert.equal((await goesOn()).rows.conflicts, 1)
    assert.deepEqual(await texts(world.cloud, `select tel from orgs where id in ('002', '003')`), [
      ['06-9999'],
      ['06-9999'],
    ])
  })

  it('stops for a column dropped at the source; the statement drops it in the cloud', async () => {
    await world.source.query('alter table orgs drop column beds')
    await fails(/no column beds any more/u, 'alter table public.orgs drop column beds')
    await goesOn()
  })

  it('stops for a column dropped in the cloud; the statement adds it, and the source fills it', async () => {
    await world.rewrite({ guards: { updates: { percent: 100 } } })
    await world.cloud.query('alter table orgs drop column beds')
    await fails(/has no column beds/u, 'alter table public.orgs add column beds integer')
    await goesOn()
    assert.deepEqual(await texts(world.cloud, 'select count(beds) from orgs'), [['20']])
  })

  it('stops for a column renamed in the cloud; the statement names it as the source does', async () => {
    await world.cloud.query('alter table orgs rename column beds to rooms')
    await fails(/has no column beds/u, 'alter table public.orgs rename column rooms to beds')
    await goesOn()
  })

  it('stops for a column retyped at the source; the statement retypes it in the cloud', async () => {
    await world.source.query(
      `alter table orgs alter column beds type bigint; update orgs set name = '改名' where id = '001'`,
    )
    const { failure } = await world.sync()
    assert.equal(failure?.code, 'COLUMN_TYPE_DIFFERS')
    await world.cloud.query(
      statementIn(failure.remedy, 'alter table public.orgs alter column beds type bigint'),
    )
    await goesOn()
  })

  it('stops for a column retyped in the cloud, and for one that must have a value', async () => {
    await world.cloud.query('alter table orgs alter column beds type smallint')
    assert.equal((await world.sync()).failure?.code, 'COLUMN_TYPE_DIFFERS')
    await world.cloud.query(
      'alter table orgs alter column beds type integer; alter table orgs add column owner text; update orgs set owner = 1; alter table orgs alter column owner set not null',
    )
    assert.equal((await world.sync()).failure?.code, 'COLUMN_REQUIRED')
  })
})
