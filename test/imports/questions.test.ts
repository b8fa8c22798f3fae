import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunReport } from '../../core/report.js'
import { questionsOf } from '../../db/answers.js'
import { readTable } from '../../db/catalog.js'
import { named } from '../../db/read-layout.js'
import { stageFiles } from '../../feeds/stage-files.js'
import { examineDecisions } from '../../operations/doctor/decisions.js'
import { namedFiles } from '../../operations/import.js'
import { directImport, type DirectImport } from '../support/direct-import.js'
import { directActivities, directRun, inStep } from '../support/direct-run.js'
import { createWorld, texts, type World } from '../support/world.js'

const lines = (count: number): string =>
  Array.from(
    { length: count },
    (_, n) => `01200${1000 + n},200${1000 + n},第${n}医院,0600001,本町${n}番\n`,
  ).join('')

const BASE = {
  source: { table: 'public.master_medical_orgs', key: ['medical_id'] },
  cloud: { table: 'public.master_medical_orgs' },
}

describe('what an import asks', () => {
  let world: World
  let run: DirectImport
  const write = async (month: string, count: number): Promise<string> => {
    const path = join(world.app.mastersFolder, '..', `list_${month}.csv`)
    await writeFile(path, lines(count))
    return path
  }
  const load = async (month: string, count: number): Promise<RunReport> =>
    run({ files: [await write(month, count)], reading: { feed: 'kouseikyoku-ika' } })
  const questionsIn = (runs: readonly number[]) =>
    world.app.onCloud(world.master, async (cloud) => {
      const found = await questionsOf(cloud, runs)
      return runs.map((one) => found.get(one))
    })
  const asks = ({ failure, outcome, question }: RunReport) => [failure, outcome, question?.state]

  before(async () => {
    world = await createWorld({
      source: '',
      master: BASE,
      withMaster: true,
    })
    run = directImport(world)
    assert.equal((await load('202601', 40)).failure, null)
    await world.source.query('insert into targets select medical_id from master_medical_orgs')
    assert.equal((await directRun(world)()).equal, true)
  })
  after(() => world.close())

  it('stands beside what a sync asks of the same master, whichever was first; each is answered by itself', async () => {
    await world.source.query('create table kept as table targets; truncate targets')
    const sync = await directRun(world)()
    assert.deepEqual(asks(sync), [null, 'awaiting_approval', 'open'])
    const held = await load('202602', 15)
    assert.deepEqual(asks(held), [null, 'awaiting_approval', 'open'])
    await world.source.query('insert into targets table kept')
    const other = await directRun(world)()
    assert.equal(other.failure, null)
    const approved = await run({ answers: held.run })
    assert.deepEqual([approved.failure, approved.rows.marked], [null, 25])
  })

  it('is not asked any more after its time, and does not keep the next from asking', async () => {
    assert.deepEqual(asks(await load('202603', 5)), [null, 'awaiting_approval', 'open'])
    await world.cloud.query(
      `update master_sync.questions set expires_at = now() - interval '1 day' where state = 'open'`,
    )
    assert.deepEqual(asks(await load('202604', 4)), [null, 'awaiting_approval', 'open'])
  })

  it('stays as it is where a file is refused', async () => {
    const refused = await load('202501', 3)
    assert.equal(refused.failure?.code, 'IMPORT_OLDER')
    assert.deepEqual(
      await texts(world.cloud, `select count(*) from master_sync.questions where state = 'open'`),
      [['1']],
    )
    const [[question] = []] = await texts(
      world.cloud,
      `select run from master_sync.questions where state = 'open'`,
    )
    const approved = await run({ answers: Number(question) })
    assert.deepEqual([approved.failure, approved.rows.marked], [null, 11])
  })

  it('is looked at anew where others change the table between the look and the writing', async () => {
    const activities = directActivities(world)
    const { master } = world
    const path = await write('202605', 4)
    const id = await world.app.onSource(master, async (source) => {
      const shape = await readTable(source, 'source', named(master.source.table))
      return (await stageFiles(source, master, shape, namedFiles([path]), { feed: 'kouseikyoku-ika' })).id
    })
    await inStep(async () => {
      const { ref } = await activities.openImport({ master: master.master, import: id })
      const plan = await activities.planImport({ ref, import: id })
      await world.source.query(`delete from master_medical_orgs where medical_id = '0112001000'`)
      await assert.rejects(activities.applyImport({ ref, import: id, plan }), { type: 'IMPORT_MOVED' })
      const again = await activities.planImport({ ref, import: id })
      const { written } = await activities.applyImport({ ref, import: id, plan: again })
      assert.equal(written.added, 1)
      const ended = { kind: 'finished' } as const
      const report = await activities.closeImport({
        ...{
          master: master.master,
          ref,
          import: id,
          held: again.held,
          written,
          ended,
          seconds: { total: 0 },
        },
        ...{ bytes: { source: 0, cloud: 0 }, startedAt: new Date().toISOString() },
      })
      assert.equal(report.outcome, 'completed')
    })
  })

  it('is answered by others than who asked first, also where the answer asks anew', async () => {
    const asked = await run({
      ...{ files: [await write('202606', 40)], reading: { feed: 'kouseikyoku-ika' }, by: 'taro' },
    })
    assert.deepEqual([...asks(asked), asked.rows.held], [null, 'awaiting_approval', 'open', 36])
    await world.source.query(
      `update master_medical_orgs set closed_on = null where medical_id = '0112001039'`,
    )
    const anew = await run({ answers: asked.run, by: 'hanako' })
    assert.deepEqual([...asks(anew), anew.rows.held], [null, 'awaiting_approval', 'open', 35])
    const question = (await questionsIn([asked.run, anew.run])).map((one) => [one?.state, one?.startedBy])
    assert.deepEqual(question, [
      ['approved', 'taro'],
      ['open', 'taro'],
    ])
  })

  it('is superseded where another master of the table imports meanwhile', async () => {
    const [[first] = []] = await texts(
      world.cloud,
      `select run from master_sync.questions where state = 'open'`,
    )
    await world.rewrite({ ...BASE, master: 'other' })
    const held = await directImport(world)({
      ...{ files: [await write('202607', 40)], reading: { feed: 'kouseikyoku-ika' } },
    })
    assert.deepEqual(asks(held), [null, 'awaiting_approval', 'open'])
    await world.rewrite(BASE)
    assert.deepEqual(
      (await questionsIn([Number(first)])).map((one) => one?.state),
      ['superseded'],
    )
  })

  it('is told by doctor, and closed by who approves it, where an import of another cloud has taken its place', async () => {
    const held = await load('202608', 40)
    assert.deepEqual(asks(held), [null, 'awaiting_approval', 'open'])
    const look = async () =>
      (await examineDecisions(world.app, world.master)).flatMap(({ findings }) =>
        findings.map(({ code }) => code),
      )
    assert.deepEqual(await look(), ['APPROVAL_AWAITED'])
    await world.source.query(`update master_import.imports set state = 'dropped' where state = 'held'`)
    assert.deepEqual(await look(), ['IMPORT_GONE'])
    const approved = await run({ answers: held.run, by: 'hanako' })
    assert.deepEqual([approved.failure?.code, approved.rows.updated], ['IMPORT_GONE', 0])
    const [question] = await questionsIn([held.run])
    assert.deepEqual([question?.state, question?.decided_by], ['superseded', null])
    assert.deepEqual(await look(), [])
  })
})
