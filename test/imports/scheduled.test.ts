import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { RunReport } from '../../core/report.js'
import { examineImports } from '../../operations/doctor/imports.js'
import { applySchedules, changeSchedules } from '../../operations/schedules.js'
import { waitFor } from '../../operations/wait.js'
import type { importMaster } from '../../workflows/import-master.js'
import type { syncMaster } from '../../workflows/sync-master.js'
import { HEADERS, institution, published } from '../feeds/forms.js'
import { startWebhook, type WebhookServer } from '../support/webhook-server.js'
import { createWorld, texts, type World } from '../support/world.js'

const FILE = '02-1_clinic_facility_info_20240601.csv'
const LISTED = '1311310000010'

/** What the ministry publishes: a page, and a file that it links to. */
const SITE: Readonly<Record<string, string>> = {
  '/page.html': `<a href="files/${FILE}">診療所（施設票）</a>`,
  [`/files/${FILE}`]: published(
    HEADERS.clinic,
    institution('clinic', { ID: LISTED }),
    institution('clinic', { ID: '1311310000028', 正式名称: '架空第二' }),
  ),
}

describe('the schedule of imports', () => {
  let world: World
  let webhook: WebhookServer
  let page: string
  const site = createServer((asked, answer) => {
    const found = SITE[asked.url ?? '']
    const type = asked.url === '/page.html' ? 'text/html' : 'text/csv'
    answer.writeHead(found === undefined ? 404 : 200, { 'content-type': type }).end(found)
  })

  before(async () => {
    site.listen(0, '127.0.0.1')
    await once(site, 'listening')
    page = `http://127.0.0.1:${(site.address() as AddressInfo).port}/page.html`
    webhook = await startWebhook()
    world = await createWorld({
      source: '',
      master: {
        source: { table: 'public.master_medical_orgs', key: ['medical_id'] },
        cloud: { table: 'public.master_medical_orgs' },
        import: { from: [page], schedule: { cron: '0 6 10 * *' } },
        schedule: { after: 'import' },
      },
      env: { WEBHOOK_URL: webhook.url, NOTICE_LANGUAGE: 'en' },
      withMaster: true,
    })
    await world.source.query(`insert into targets (medical_id) values ('${LISTED}')`)
    await applySchedules(world.app, [world.master])
    await world.work()
  })
  after(async () => {
    await changeSchedules(world.app, world.master, 'remove', 'after the tests')
    await world.close()
    await webhook.close()
    site.closeAllConnections()
    site.close()
  })

  /** What the schedule starts when its time has come. */
  async function due(): Promise<RunReport> {
    const client = await world.app.temporal()
    const schedule = client.schedule.getHandle(`import-${world.name}`)
    const actions = async () => (await schedule.describe()).info.recentActions
    const before = (await actions()).length
    await schedule.trigger()
    const id = await waitFor('the import', 30_000, async () => {
      const all = await actions()
      return all.length > before ? all.at(-1)?.action.workflow.workflowId : undefined
    })
    assert.match(id, new RegExp(`^import-${world.name}-\\d{4}-`, 'u'))
    return client.workflow.getHandle<typeof importMaster>(id).result()
  }

  it('fetches what is published, and a sync follows that carries it to the cloud', async () => {
    const report = await due()
    const { kind, outcome, started_by: by, rows } = report
    assert.deepEqual([kind, outcome, by, rows.inserted], ['import', 'completed', null, 2])
    const client = await world.app.temporal()
    const synced = await client.workflow.getHandle<typeof syncMaster>(`sync-${world.name}`).result()
    assert.deepEqual(
      [synced.started_by, synced.rows.inserted, synced.equal],
      [`import ${report.run}`, 1, true],
    )
    assert.deepEqual(await texts(world.cloud, 'select medical_id, name from master_medical_orgs'), [
      [LISTED, '架空第一'],
    ])
  })

  it('loads the same files once: the next time is told that newer ones are late, and no sync follows', async () => {
    const client = await world.app.temporal()
    const sync = client.workflow.getHandle(`sync-${world.name}`)
    const { runId } = await sync.describe()
    const report = await due()
    assert.deepEqual([report.outcome, report.import?.loaded_before], ['nothing_to_do', true])
    assert.equal((await sync.describe()).runId, runId)
    await webhook.has(1)
    assert.match(
      JSON.stringify(webhook.received[0]?.body),
      /the data of 2026-06-01 should be published by now/u,
    )
  })

  it('doctor says of which date the data is, and when newer should have been imported', async () => {
    const look = (today: string) => examineImports(world.app, world.master, true, today)
    const [early] = await look('2024-12-01')
    assert.deepEqual([early?.check.ok, early?.check.seen], [true, 'iryojohonet as of 2024-06-01'])
    const [late] = (await look('2026-11-23')).flatMap(({ findings }) => findings)
    assert.deepEqual(
      [late?.code, late?.remedy.split('\n')[0]],
      ['IMPORT_LATE', `See whether it is published: ${page}`],
    )
    assert.match(
      late?.message ?? '',
      /has the data of 2024-06-01 .*; that of 2026-06-01 should have been imported by now, and 3 before it/u,
    )
  })

  it('doctor says which parts stayed behind where others are up to date', async () => {
    await world.source.query(`
      insert into master_import.scopes select table_name, publication, s.scope, s.as_of::date, import
      from master_import.scopes, (values ('01-2', '2026-06-01'), ('02-2', '2025-12-01')) s (scope, as_of)`)
    const [examined] = await examineImports(world.app, world.master, true, '2026-11-23')
    assert.equal(examined?.check.seen, 'iryojohonet as of 2026-06-01, the oldest part as of 2024-06-01')
    assert.match(
      examined.findings[0]?.message ?? '',
      /^2 of 3 parts of .* stayed behind, the oldest as of 2024-06-01: 02-2 13-2; that of 2026-06-01 should/u,
    )
  })
})
