import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exitCodeOf, type RunReport } from '../../core/report.js'
import { renderReport } from '../../scripts/report-text.js'
import { directImport } from '../support/direct-import.js'
import { directRun, type DirectRun } from '../support/direct-run.js'
import { createWorld, texts, type World } from '../support/world.js'

const TITLE = 'コード内容別医療機関一覧表'
const ATTRIBUTION = `出典：地方厚生局「${TITLE}」（PDL1.0）を加工して作成`

describe('where the data comes from', () => {
  let world: World
  let sync: DirectRun
  const load = async (month: string, prefectures: readonly string[]): Promise<RunReport> => {
    const path = join(world.app.mastersFolder, '..', `list_${month}.csv`)
    const lines = prefectures.map(
      (prefecture) => `${prefecture}0110119,0110119,中央病院,0600001,中央区１－１`,
    )
    await writeFile(path, `${lines.join('\n')}\n`)
    return directImport(world)({ files: [path], reading: { feed: 'kouseikyoku-ika' } })
  }
  const published = () =>
    texts(
      world.cloud,
      `select publication, scope, as_of, attribution, run from master_sync.publications
       where master = '${world.master.master}' order by scope`,
    )
  const source = (from: string, to: string) => [
    { publication: 'kouseikyoku', title: TITLE, from, to, attribution: ATTRIBUTION },
  ]

  before(async () => {
    world = await createWorld({
      source: '',
      master: {
        source: { table: 'public.master_medical_orgs', key: ['medical_id'] },
        cloud: { table: 'public.master_medical_orgs' },
      },
      withMaster: true,
    })
    sync = directRun(world)
  })
  after(() => world.close())

  it('an import tells as of when the source has what', async () => {
    await load('202409', ['01', '13'])
    const report = await load('202410', ['13'])
    assert.deepEqual(report.sources, source('2024-09-01', '2024-10-01'))
    assert.match(
      renderReport(report),
      new RegExp(`source 出典 +${TITLE} · 2024-09-01 – 2024-10-01 時点`, 'u'),
    )
    assert.deepEqual(await published(), [])
  })

  it('tells of an id that the file has twice, of which the first record is taken over: nothing to look at', async () => {
    const path = join(world.app.mastersFolder, '..', 'list_202410.csv')
    const record = (name: string): string => `130110119,0110119,${name},0600001,中央区１－１\n`
    await writeFile(path, record('中央病院') + record('別の病院'))
    const report = await directImport(world)({ files: [path], reading: { feed: 'kouseikyoku-ika' } })
    assert.deepEqual(
      [report.outcome, report.rows.rejected, report.import?.contradicting.rows],
      ['nothing_to_do', 0, 1],
    )
    assert.equal(exitCodeOf(report), 0)
    assert.match(renderReport(report), /contradicting 矛盾: 1310110119/u)
  })

  it('a full sync brings it to the cloud, for whoever shows the rows', async () => {
    await world.source.query('insert into targets select medical_id from master_medical_orgs')
    const plan = await sync({ mode: 'plan' })
    assert.deepEqual([plan.sources, await published()], [[], []])
    const report = await sync()
    assert.deepEqual([report.rows.inserted, report.failure], [2, null])
    assert.deepEqual(report.sources, source('2024-09-01', '2024-10-01'))
    assert.deepEqual(await published(), [
      ['kouseikyoku', '01-ika', '2024-09-01', ATTRIBUTION, String(report.run)],
      ['kouseikyoku', '13-ika', '2024-10-01', ATTRIBUTION, String(report.run)],
    ])
  })

  it('newer files with the same rows change the dates and nothing else', async () => {
    const rows = await texts(world.cloud, 'select xmin, medical_id from master_medical_orgs order by 2')
    assert.deepEqual((await load('202411', ['01', '13'])).rows.updated, 0)
    assert.deepEqual((await sync({ mode: 'verify' })).sources, source('2024-09-01', '2024-10-01'))
    const report = await sync()
    assert.deepEqual([report.outcome, report.sources], ['nothing_to_do', source('2024-11-01', '2024-11-01')])
    assert.match(renderReport(report), new RegExp(`${TITLE} · 2024-11-01 時点`, 'u'))
    assert.deepEqual(
      (await published()).map(([, scope, asOf, , run]) => [scope, asOf, run]),
      [
        ['01-ika', '2024-11-01', String(report.run)],
        ['13-ika', '2024-11-01', String(report.run)],
      ],
    )
    assert.deepEqual(
      await texts(world.cloud, 'select xmin, medical_id from master_medical_orgs order by 2'),
      rows,
    )
    const dates = await texts(world.cloud, 'select xmin, xmax, ctid from master_sync.publications')
    assert.deepEqual((await sync()).sources, report.sources)
    assert.deepEqual(await texts(world.cloud, 'select xmin, xmax, ctid from master_sync.publications'), dates)
  })

  it('what the source says no more, the cloud says no more, unless the source may not be asked', async () => {
    await world.source.query('alter table master_import.scopes rename to elsewhere')
    assert.deepEqual((await sync()).sources, source('2024-11-01', '2024-11-01'))
    await world.source.query(
      `alter table master_import.elsewhere rename to scopes; delete from master_import.scopes`,
    )
    assert.deepEqual((await sync()).sources, [])
    assert.deepEqual(await published(), [])
  })
})
