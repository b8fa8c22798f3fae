import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RESULTS } from '../../core/results.js'
import { cli, exits, jsonIn, startCli, tells, type Ended } from './run-cli.js'
import { addTargets, removeTargets } from '../../operations/targets/edit.js'
import { awaitedOf } from '../../operations/targets/at-once.js'
import { createWorld, texts, type World } from '../support/world.js'

const ORGS = `
  create table orgs (id text primary key, name text);
  insert into orgs select lpad(n::text, 3, '0'), '病院' || n from generate_series(1, 60) n;
  create table targets (id text primary key, note text);
  insert into targets values ('001', null)`

describe('a change of the list', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: ORGS })
    await world.sync()
  })
  after(() => world.close())

  const targets = (...args: readonly string[]): Promise<Ended> => cli(world.env, 'targets', ...args)
  const inCloud = async () => (await texts(world.cloud, 'select id from orgs order by id')).map(([id]) => id)
  const runs = async () =>
    (await texts(world.cloud, 'select only_keys from master_sync.runs order by run')).flat()
  const write = async (text: string): Promise<string> => {
    const path = join(world.app.mastersFolder, '..', 'list.csv')
    await writeFile(path, text)
    return path
  }

  it('comes to the cloud at once, by a run for the ids whose rows it is about', async () => {
    const added = await targets('add', '002', '3', '--json')
    exits(added, 0)
    const { run, waits } = jsonIn(added, RESULTS['targets add'])
    assert.deepEqual([run?.outcome, run?.rows.inserted, waits], ['completed', 1, null])
    assert.deepEqual(await inCloud(), ['001', '002'])
    const removed = await targets('remove', '002', '3')
    exits(removed, 0)
    assert.match(
      removed.stdout,
      /^002: removed \/ 削除\n3: removed \/ 削除\n\nrun 3 · .*\n.*\n.* 1 removed 削除/u,
    )
    assert.deepEqual(await inCloud(), ['001'])
    assert.deepEqual(await runs(), [null, '[["002"]]', '[["002"]]'])
  })

  it('starts no run where the cloud has nothing to get', async () => {
    for (const ids of [['ZZZ'], ['001']])
      assert.deepEqual(
        await awaitedOf(world.app, world.master, await addTargets(world.app, world.master, ids, 'x')),
        {
          ids: [],
          whole: false,
        },
      )
    const ended = await targets('remove', 'ZZZ', '--json')
    exits(ended, 0)
    assert.equal(jsonIn(ended, RESULTS['targets remove']).run, null)
    assert.equal((await runs()).length, 3)
  })

  it('waits for the next run with --later, and comes when it is asked for again', async () => {
    const later = await targets('add', '004', '--later', '--json')
    exits(later, 0)
    assert.deepEqual([jsonIn(later, RESULTS['targets add']).run, await inCloud()], [null, ['001']])
    assert.match(later.stderr, /the next run brings it.*次の実行で反映.*master-sync start-sync/u)
    const again = await addTargets(world.app, world.master, ['004', '001'], null)
    assert.deepEqual((await awaitedOf(world.app, world.master, again)).ids, ['004'])
    await removeTargets(world.app, world.master, ['001'])
    const gone = await removeTargets(world.app, world.master, ['001', '005'])
    assert.deepEqual((await awaitedOf(world.app, world.master, gone)).ids, ['001'])
    await world.sync()
  })

  it('comes right after the run that is under way, and says which that is', async () => {
    await addTargets(world.app, world.master, ['006'], null)
    await world.sync()
    const blocker = await world.source.connect()
    await blocker.query('begin; lock table orgs in access exclusive mode')
    const full = startCli(world.env, 'start-sync')
    await full.says(/comparing|cutting/u)
    const removing = startCli(world.env, 'targets', 'remove', '004', '--json')
    await removing.says(/run \d+ is under way; this comes right after it .* 実行 \d+ が進行中/u)
    await blocker.query('rollback')
    blocker.release()
    const [ended] = await Promise.all([removing.ended, full.ended])
    exits(ended, 0)
    assert.equal(jsonIn(ended, RESULTS['targets remove']).run?.outcome, 'nothing_to_do')
    assert.deepEqual(await inCloud(), ['006'])
  })

  it('of a file is brought by a full run where limits may hold it', async () => {
    const first = await targets('apply', await write('id\n001\n002\n'), '--yes', '--json')
    exits(first, 0)
    assert.deepEqual(jsonIn(first, RESULTS['targets apply']).run?.rows.inserted, 2)
    assert.deepEqual((await runs()).at(-1), '[["001"], ["002"]]')
    const ids = Array.from({ length: 40 }, (_, n) => String(n + 1).padStart(3, '0'))
    const many = await targets('apply', await write(`id\n${ids.join('\n')}\n`), '--yes', '--json')
    exits(many, 4)
    assert.equal(jsonIn(many, RESULTS['targets apply']).run?.held[0]?.kind, 'inserts')
    await world.sync({ approve: true })
    const few = await targets('apply', await write('id\n001\n'), '--yes', '--json')
    exits(few, 4)
    const { applied, run } = jsonIn(few, RESULTS['targets apply'])
    assert.deepEqual([applied, run?.outcome, run?.held[0]?.rows], [true, 'awaiting_approval', 38])
    assert.equal((await inCloud()).length, 40)
    assert.equal((await runs()).at(-1), null)
  })

  it('is kept where Temporal is away or no worker listens: the next run brings it', async () => {
    const [away, idle] = await Promise.all([
      cli({ ...world.env, TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'targets', 'add', '050', '--json'),
      cli({ ...world.env, TASK_QUEUE: `${world.name}-idle` }, 'targets', 'add', '051'),
    ])
    tells(away, 0, 'TEMPORAL_UNREACHABLE', 'the list is changed', 'master-sync start-sync')
    const { run, waits, targets: changed } = jsonIn(away, RESULTS['targets add'])
    assert.deepEqual([run, waits?.code, changed[0]?.result], [null, 'TEMPORAL_UNREACHABLE', 'added'])
    tells(idle, 0, 'WORKER_MISSING', 'the list is changed', 'リストは変更済み')
    assert.equal(idle.stdout, '051: added / 追加\n')
    assert.deepEqual(await texts(world.source, `select id from targets where id > '049' order by id`), [
      ['050'],
      ['051'],
    ])
  })

  it('is kept where no run can begin, and the exit code says why', async () => {
    await world.cloud.query('alter table orgs rename to orgs_')
    const ended = await targets('add', '052', '--json')
    tells(ended, 3, 'TABLE_MISSING', 'the list is changed')
    assert.equal(jsonIn(ended, RESULTS['targets add']).waits?.code, 'TABLE_MISSING')
    await world.cloud.query('alter table orgs_ rename to orgs')
  })
})
