import assert from 'node:assert/strict'
import { reportSchema } from '../../core/report.js'
import { RESULTS } from '../../core/results.js'
import { cli, exits, jsonIn, tells } from './run-cli.js'
import { createWorld, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text, phone text);
  create table targets (id text primary key);
  insert into orgs select 'A' || n, '病院' || n, '03-' || n from generate_series(1, 9) n;
  insert into targets select id from orgs where id < 'A9'`

describe('undo and history', () => {
  let world: World
  before(async () => {
    world = await createWorld({
      source: SOURCE,
      master: { columns: { phone: 'keep_edits' } },
      env: { OPERATOR: 'sato' },
    })
    await world.sync()
  })
  after(() => world.close())

  const run = (...args: readonly string[]) => cli(world.env, ...args)

  it('undo says what it would take back, and does it with --yes', async () => {
    await world.source.query(`
      update orgs set name = '誤り' where id in ('A1', 'A2'); insert into targets values ('A9')`)
    await world.sync()
    const [words, json] = await Promise.all([run('undo', '2'), run('undo', '2', '--json')])
    exits(words, 0)
    assert.match(words.stdout, /3 rows would be taken back/u)
    assert.match(words.stdout, /^ {2}1 inserted 追加\n {2}2 updated 更新$/mu)
    assert.match(words.stdout, /master-sync undo 2 --yes/u)
    assert.deepEqual(jsonIn(json, RESULTS.undo), {
      run: 2,
      rows: 3,
      kinds: { inserted: 1, updated: 2 },
      replaced: { ids: 0, sample: [] },
    })
    await world.cloud.query(`update orgs set name = '手直し' where id = 'A2'`)
    const done = await run('undo', '2', '--yes', '--json')
    exits(done, 4)
    const report = jsonIn(done, reportSchema)
    assert.deepEqual([report.kind, report.undoes, report.started_by], ['undo', 2, 'sato'])
    assert.deepEqual([report.rows.updated, report.rows.removed, report.rows.moved], [1, 1, 1])
  })

  it('undo tells what it left, and that the master is on hold', async () => {
    const again = await run('undo', '2', '--yes')
    exits(again, 4)
    assert.match(again.stdout, /undo of run 2[^]*A2 {2}was changed since[^]*"手直し", was/u)
    assert.match(again.stdout, /on hold[^]*master-sync schedule resume/u)
  })

  it('a run that finds nothing to do on a master that is on hold says so, and what ends it', async () => {
    await world.source.query(`
      update orgs set name = '病院1' where id = 'A1'; update orgs set name = '手直し' where id = 'A2';
      delete from targets where id = 'A9'`)
    const idle = await run('start-sync')
    exits(idle, 0)
    assert.match(
      idle.stdout,
      /nothing to do[^]*on hold: [^]*停止中。[^]*master-sync schedule resume --master/u,
    )
    await world.source.query(`
      update orgs set name = '誤り' where id in ('A1', 'A2'); insert into targets values ('A9')`)
  })

  it('undo refuses what cannot be taken back', async () => {
    await world.sync({ mode: 'plan' })
    const plan = (await world.cloud.query<{ run: string }>('select max(run) as run from master_sync.runs'))
      .rows[0]?.run
    tells(await run('undo', '99', '--yes'), 3, 'RUN_UNKNOWN', 'there is no run 99')
    tells(await run('undo', String(plan), '--yes'), 3, 'UNDO_IMPOSSIBLE', 'plan')
    // It can be taken back a second time as long as something was left; here it is not.
    await world.cloud.query(`update master_sync.row_history set undone_by = 3 where run = 2`)
    tells(await run('undo', '2', '--yes'), 3, 'UNDO_IMPOSSIBLE', 'taken back')
  })

  it('history tells what became of a row', async () => {
    const [words, json] = await Promise.all([run('history', 'A1'), run('history', 'A1', '--json')])
    exits(words, 0)
    const lines = words.stdout
      .split('\n')
      .map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00/u, 'TIME'))
    assert.deepEqual(lines.slice(0, 6), [
      'A1 · kept by the sync / 同期中 since run 1',
      `TIME  run 1  inserted / 追加  (by sato)`,
      'TIME  run 2  updated / 更新  (by sato · taken back by run 3 / 取消済み)',
      '  name: "病院1" → "誤り"',
      'TIME  run 3  updated / 更新  (by sato · undo of run 2 / 取消)',
      '  name: "誤り" → "病院1"',
    ])
    const story = jsonIn(json, RESULTS.history)
    assert.deepEqual(
      story.chapters.map(({ run, kind, undoes, undone_by }) => [run, kind, undoes, undone_by]),
      [
        [1, 'inserted', null, null],
        [2, 'updated', null, 3],
        [3, 'updated', 2, null],
      ],
    )
  })

  it('history tells what an undo left, what it deleted, and what is in conflict', async () => {
    const [edited, gone] = await Promise.all([run('history', 'A2'), run('history', 'A9')])
    assert.match(
      edited.stdout,
      /left: was changed since \/ 取り消さず: その後に変更\n {4}name: "手直し", was \/ 以前は "病院2"/u,
    )
    assert.match(
      gone.stdout,
      /^A9 · not kept by the sync \/ 同期の対象外 · not in the cloud \/ クラウドに無い\n/u,
    )
    assert.match(gone.stdout, /run 2 {2}inserted \/ 追加 {2}\(by sato · taken back by run 3/u)
    assert.match(gone.stdout, /run 3 {2}removed \/ 削除[^]*name: "病院9"/u)

    await world.cloud.query(`update orgs set phone = 'cloud' where id = 'A3'`)
    await world.source.query(`update orgs set phone = 'source' where id = 'A3'`)
    exits(await run('start-sync', '--approve', '--only', 'A3'), 0)
    const conflict = await run('history', 'A3')
    assert.match(conflict.stdout, /noted \/ 台帳のみ.*\n {2}conflict \/ 競合: phone\n/u)
    assert.match(
      conflict.stdout,
      /phone: agreed 一致時 "03-3" · source 元 "source" · cloud クラウド "cloud"/u,
    )
  })

  it('history tells who decided a conflict and how, and what became of the decision', async () => {
    const apply = async () => exits(await run('start-sync', '--approve', '--only', 'A3'), 0)
    exits(await run('conflicts', 'resolve', 'A3', '--take', 'source'), 0)
    await world.source.query(`update orgs set phone = 'later' where id = 'A3'`)
    await apply()
    exits(await run('conflicts', 'resolve', 'A3', '--take', '03-0'), 0)
    await apply()
    const { stdout } = await run('history', 'A3')
    assert.match(
      stdout,
      /decision dropped, a side had changed \/ .*: phone {2}\(phone decided \/ 決定: source by sato\)\n/u,
    )
    assert.match(stdout, /conflict closed \/ 競合の解消: phone {2}\(phone decided \/ 決定: "03-0" by sato\)/u)
  })

  it('history tells why a row was removed, with the values that it had', async () => {
    const apply = async () => exits(await run('start-sync', '--approve', '--only', 'A4'), 0)
    await world.source.query(`update orgs set phone = null where id = 'A4'`)
    await apply()
    await world.source.query(`delete from targets where id = 'A4'`)
    await apply()
    const { stdout } = await run('history', 'A4')
    const [, removal = ''] = stdout.split('removed / 削除')
    assert.match(removal, /^ {2}\(left the list \/ リストから外れた · by sato\)\n[^]*name: "病院4"/u)
    assert.doesNotMatch(removal, /phone/u)
  })

  it('a row that is to be deleted is shown with what people wrote, and not as if it were updated', async () => {
    await world.cloud.query(`update orgs set phone = 'mine' where id = 'A5'`)
    await world.source.query(`delete from targets where id = 'A5'`)
    const plan = jsonIn(await run('start-sync', '--only', 'A5', '--mode', 'plan', '--json'), reportSchema)
    const { stdout } = await run('runs', String(plan.run))
    assert.match(stdout, /phone: "mine", source's last \/ 元の最後の値 "03-5"/u)
  })

  it('history exits 3 for an id that no run has touched', async () => {
    await world.cloud.query(`insert into orgs (id) values ('own')`)
    tells(await run('history', 'nobody'), 3, 'ID_UNKNOWN', 'not in the cloud')
    tells(await run('history', 'own'), 3, 'ID_UNKNOWN', "the cloud's own")
  })
})
