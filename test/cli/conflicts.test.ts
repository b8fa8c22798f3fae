import assert from 'node:assert/strict'
import { RESULTS } from '../../core/results.js'
import { createWorld, texts, type World } from '../support/world.js'
import { cli, exits, jsonIn, tells, type Ended } from './run-cli.js'

const SOURCE = `
  create table orgs (id uuid primary key, phone text, beds integer, code varchar(3), name text);
  create table targets (id uuid primary key, note text);
  insert into orgs select ('00000000-0000-0000-0000-00000000000' || n)::uuid, 'p' || n, n, 'c' || n, '病院' || n from generate_series(1, 6) n;
  insert into targets select id from orgs`

const COLUMNS = { columns: { phone: 'keep_edits', beds: 'keep_edits', code: 'keep_edits' } }

const id = (n: number): string => `00000000-0000-0000-0000-00000000000${n}`

type Listed = readonly (readonly [id: string, column: string, decision: unknown])[]

describe('conflicts', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld({ source: SOURCE, master: COLUMNS, env: { OPERATOR: '佐藤' } })
    await world.sync()
    await world.cloud.query(`update orgs set phone = 'mine' where id in ('${id(1)}', '${id(2)}')`)
    await world.cloud.query(`update orgs set beds = 100 where id in ('${id(2)}', '${id(3)}')`)
    await world.source.query(`update orgs set phone = 'new', beds = 50`)
    const { rows, outcome } = await world.sync()
    assert.deepEqual([outcome, rows.conflicts], ['completed', 4])
  })
  afterEach(() => world.close())

  const conflicts = (...args: readonly string[]): Promise<Ended> => cli(world.env, 'conflicts', ...args)
  const resolve = (...args: readonly string[]): Promise<Ended> => conflicts('resolve', ...args)

  async function listed(...args: readonly string[]): Promise<Listed> {
    const ended = await conflicts('list', '--json', ...args)
    exits(ended, 0)
    return jsonIn(ended, RESULTS['conflicts list']).conflicts.map(({ id, column, decision }) => [
      id,
      column,
      decision,
    ])
  }

  const cells = (column: string): Promise<unknown> =>
    texts(world.cloud, `select ${column} from orgs where id <= '${id(3)}' order by id`)

  it('are listed with what both sides agreed on and have now, all or those of a column', async () => {
    const [json, words, one] = await Promise.all([
      conflicts('list', '--json'),
      conflicts('list', '--column', 'phone'),
      conflicts('list', '--limit', '1'),
    ])
    exits(json, 0)
    const { total, conflicts: all } = jsonIn(json, RESULTS['conflicts list'])
    assert.equal(total, 4)
    assert.deepEqual(
      all.map(({ id, column, base, base_known, source, cloud, run, decision }) => [
        [id, column, run],
        [base, base_known, source, cloud, decision],
      ]),
      [
        [
          [id(1), 'phone', 2],
          ['p1', true, 'new', 'mine', null],
        ],
        [
          [id(2), 'beds', 2],
          ['2', true, '50', '100', null],
        ],
        [
          [id(2), 'phone', 2],
          ['p2', true, 'new', 'mine', null],
        ],
        [
          [id(3), 'beds', 2],
          ['3', true, '50', '100', null],
        ],
      ],
    )
    exits(words, 0)
    assert.match(words.stdout, new RegExp(`^${id(1)} +phone +"p1" +"new" +"mine" +2 +\\d{4}-.* -$`, 'mu'))
    assert.doesNotMatch(words.stdout, /beds/u)
    assert.match(one.stdout, /3 more \/ 他 3 件$/mu)
    const report = await cli(world.env, 'runs', '2')
    assert.match(report.stdout, /現在の競合: 4 件\n {2}master-sync conflicts list --master/u)
  })

  it('are decided in bulk by column, and applied by the next run', async () => {
    const ended = await resolve('--column', 'phone', '--take', 'source', '--json')
    exits(ended, 0)
    const { total, run } = jsonIn(ended, RESULTS['conflicts resolve'])
    assert.deepEqual([total, run], [2, null])
    const decision = { take: 'source', value: null, by: '佐藤' }
    assert.deepEqual(await listed('--column', 'phone'), [
      [id(1), 'phone', decision],
      [id(2), 'phone', decision],
    ])
    assert.deepEqual(await cells('phone'), [['mine'], ['mine'], ['new']])
    exits(await resolve('--column', 'beds', '--take', 'cloud'), 0)
    const report = await world.sync()
    assert.deepEqual([report.rows.conflicts, report.equal], [0, true])
    assert.deepEqual(await cells('phone'), [['new'], ['new'], ['new']])
    assert.deepEqual(await cells('beds'), [['50'], ['100'], ['100']])
    assert.deepEqual(await listed(), [])
    assert.equal((await conflicts('list')).stdout, 'no conflicts / 競合なし\n')
    assert.equal((await world.sync()).outcome, 'nothing_to_do')
  })

  it('are decided for rows by their ids, and applied at once', async () => {
    const ended = await resolve(
      id(2).toUpperCase(),
      '--take',
      '03-1234',
      '--column',
      'phone',
      '--now',
      '--json',
    )
    exits(ended, 0)
    const { conflicts: decided, run } = jsonIn(ended, RESULTS['conflicts resolve'])
    assert.deepEqual(
      decided.map(({ id, column, decision }) => [id, column, decision?.value]),
      [[id(2), 'phone', '03-1234']],
    )
    assert.deepEqual([run?.outcome, run?.rows.updated, run?.started_by], ['completed', 1, '佐藤'])
    assert.deepEqual(await cells('phone'), [['mine'], ['03-1234'], ['new']])
    const words = await resolve('--all', '--take', 'source', '--now')
    exits(words, 0)
    assert.match(words.stdout, /decided \/ 決定: 3\n[^]*\n\nrun \d+ · /u)
    assert.deepEqual(await cells('beds'), [['50'], ['50'], ['50']])
    assert.deepEqual(await listed(), [])
  })

  it('take any value of the column, the words source and cloud and none too', async () => {
    exits(await resolve(id(1), '--value', 'source'), 0)
    exits(await resolve(id(2), '--column', 'beds', '--take', ' 007 '), 0)
    exits(await resolve(id(3), '--null'), 0)
    await world.sync()
    assert.deepEqual(await cells('phone'), [['source'], ['mine'], ['new']])
    assert.deepEqual(await cells('beds'), [['50'], ['7'], [null]])
  })

  it('take no value that the column cannot hold, nor one for several columns', async () => {
    await world.cloud.query(`update orgs set code = 'x' where id = '${id(1)}'`)
    await world.source.query(`update orgs set code = 'y' where id = '${id(1)}'`)
    await world.sync()
    const before = await listed()
    tells(
      await resolve('--column', 'beds', '--take', 'many'),
      3,
      'VALUE_INVALID',
      'beds',
      '(integer)',
      '"many"',
    )
    tells(await resolve('--column', 'code', '--take', 'long'), 3, 'VALUE_INVALID', 'would become "lon"')
    tells(await resolve(id(1), '--take', 'a'), 2, 'USAGE', 'code, phone', '--column')
    assert.deepEqual(await listed(), before)
  })

  it('are decided anew where a side has changed since', async () => {
    exits(await resolve('--column', 'phone', '--take', 'source'), 0)
    await world.source.query(`update orgs set phone = 'newer' where id = '${id(1)}'`)
    await world.cloud.query(`update orgs set phone = 'mine too' where id = '${id(2)}'`)
    const { rows } = await world.sync()
    assert.equal(rows.conflicts, 4)
    assert.deepEqual(await cells('phone'), [['mine'], ['mine too'], ['new']])
    assert.deepEqual(
      (await listed('--column', 'phone')).map(([, , decision]) => decision),
      [null, null],
    )
  })

  it('of columns that are protected no more take no decision, for no run would go by it', async () => {
    await world.rewrite({ columns: { beds: 'keep_edits' } })
    tells(
      await resolve('--column', 'phone', '--take', 'cloud'),
      3,
      'CONFLICT_UNKNOWN',
      'phone is overwrite by now: nothing was decided',
      '値がどうなるかは実行が決める',
    )
    tells(await resolve('--all', '--take', 'cloud'), 3, 'CONFLICT_UNKNOWN', '--column')
    assert.deepEqual([...new Set((await listed()).map(([, , decision]) => decision))], [null])
    const beds = await resolve('--column', 'beds', '--take', 'cloud')
    exits(beds, 0)
    assert.match(beds.stdout, new RegExp(`start-sync \\S+ --only ${id(2)} --only ${id(3)}$`, 'mu'))
  })

  it('are told with a time as all times are', async () => {
    const { conflicts: all } = jsonIn(await conflicts('list', '--json'), RESULTS['conflicts list'])
    for (const { found_at: at } of all) assert.equal(at, new Date(at).toISOString())
  })

  it('that are not there are told, and nothing is decided', async () => {
    const [other, column, none, mixed, unsaid, which, what, both] = await Promise.all([
      resolve(id(5), '--take', 'source'),
      resolve('--column', 'name', '--take', 'source'),
      resolve(id(3), '--column', 'phone', '--take', 'cloud'),
      resolve(id(1), id(4), '--take', 'cloud'),
      resolve('--take', 'cloud'),
      resolve(id(1), '--all', '--take', 'cloud'),
      resolve(id(1)),
      resolve(id(1), '--take', 'cloud', '--null'),
    ])
    tells(other, 3, 'CONFLICT_UNKNOWN', `no conflict for ${id(5)}`)
    tells(column, 3, 'CONFLICT_UNKNOWN', 'has no conflicts in name')
    tells(none, 3, 'CONFLICT_UNKNOWN', `no conflict in phone for ${id(3)}`)
    tells(mixed, 3, 'CONFLICT_UNKNOWN', `no conflict for ${id(4)}`)
    for (const ended of [unsaid, which, what, both]) tells(ended, 2, 'USAGE')
    assert.deepEqual([...new Set((await listed()).map(([, , decision]) => decision))], [null])
  })
})
