import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { fillRegister } from '../../local/register/table.js'
import { fillTargetList } from '../../local/register/target-list.js'
import { setUp } from '../../operations/setup.js'
import { exportTargets } from '../../operations/targets/export.js'
import { waitFor } from '../../operations/wait.js'
import { postgres } from '../support/servers.js'
import { countingProxy, type Wire } from '../../local/wire.js'
import { createWorld, texts, type World } from '../support/world.js'

const TARGETS = 100_000
const MOST_BYTES = 250_000
const MOST_LIST_BYTES = 100_000

const MASTER = {
  source: { table: 'public.master_medical_orgs', key: ['medical_id'], exclude: ['founder_name'] },
  targets: { table: 'public.sync_target_orgs' },
  cloud: { table: 'public.master_medical_orgs' },
}

describe(`a run over ${TARGETS} targets without a change`, () => {
  let world: World
  let wires: readonly Wire[] = []

  before(async () => {
    wires = [await countingProxy(postgres('source').port), await countingProxy(postgres('cloud').port)]
    const [onPrem, inCloud] = wires
    world = await createWorld({
      source: '',
      setUp: false,
      master: MASTER,
      through: {
        source: (url) => onPrem?.url(url) ?? url,
        cloud: (url) => inCloud?.url(url) ?? url,
      },
    })
    await setUp(world.app, world.master, { withMaster: true, withTargets: true })
    const client = new pg.Client(postgres('source').url(world.name))
    await client.connect()
    await fillRegister(client, { rows: TARGETS })
    await fillTargetList(client, { rows: TARGETS })
    await client.query('analyze')
    await client.end()
    const first = await world.sync()
    assert.deepEqual([first.outcome, first.equal, first.rows.inserted], ['completed', true, TARGETS])
  })

  after(async () => {
    await world.close()
    for (const wire of wires) await wire.close()
  })

  /** Where every row version of a table lies, and who wrote it. */
  const fingerprint = (table: string) =>
    texts(
      world.cloud,
      `select count(*), md5(string_agg(ctid::text || xmin || xmax, ',' order by ctid)) from ${table}`,
    )

  const writes = async (): Promise<unknown> => {
    await world.cloud.query('select pg_stat_force_next_flush()')
    return texts(
      world.cloud,
      `select relname, n_tup_ins, n_tup_upd, n_tup_del from pg_stat_user_tables
       where relname in ('master_medical_orgs', 'tracked_rows', 'plan_rows', 'rejects') order by 1`,
    )
  }

  /** A backend tells its counts when it has been idle for some seconds. */
  const firstLoadIsCounted = async (): Promise<true | undefined> => {
    const [loaded] = await texts(
      world.cloud,
      `select min(n_tup_ins) from pg_stat_user_tables where relname in ('master_medical_orgs', 'tracked_rows')`,
    )
    return Number(loaded?.[0]) === TARGETS || undefined
  }

  it('writes nothing in the cloud but its own record', async () => {
    await waitFor('the counts of the first load', 60_000, firstLoadIsCounted)
    const before = [
      await fingerprint('master_medical_orgs'),
      await fingerprint('master_sync.tracked_rows'),
      await writes(),
    ]
    const report = await world.sync()
    assert.deepEqual([report.outcome, report.equal, report.rows.unchanged], ['nothing_to_do', true, TARGETS])
    const after = [
      await fingerprint('master_medical_orgs'),
      await fingerprint('master_sync.tracked_rows'),
      await writes(),
    ]
    assert.deepEqual(after, before)
  })

  it(`moves at most ${MOST_BYTES} bytes on either side, and reports what it moved`, async () => {
    const before = wires.map((wire) => wire.bytes())
    const report = await world.sync()
    const moved = wires.map((wire, index) => wire.bytes() - (before[index] ?? 0))
    for (const bytes of moved) assert.ok(bytes <= MOST_BYTES, `${bytes} bytes moved`)
    const reported = [report.bytes.source, report.bytes.cloud]
    for (const [index, bytes] of reported.entries()) {
      // The report is written before the bytes of its own writing are known.
      const off = Math.abs(bytes - (moved[index] ?? 0))
      assert.ok(off < 60_000, `${bytes} bytes reported, ${moved[index] ?? 0} moved`)
    }
  })

  it('costs hardly more where the list stands in a file as well, once that has been read', async () => {
    const moved = async (): Promise<number> => {
      const before = wires.map((wire) => wire.bytes())
      const report = await world.sync()
      assert.deepEqual(
        [report.outcome, report.lists.map(({ entries }) => entries)],
        ['nothing_to_do', entries],
      )
      return wires.reduce((sum, wire, index) => sum + wire.bytes() - (before[index] ?? 0), 0)
    }
    let entries: readonly number[] = []
    const without = await moved()
    await mkdir(join(world.app.mastersFolder, 'lists'))
    const file = join(world.app.mastersFolder, 'lists', 'all.csv')
    await exportTargets(world.app, world.master, file)
    await world.rewrite({ ...MASTER, targets: { ...MASTER.targets, lists: ['lists/all.csv'] } })
    entries = [TARGETS]
    assert.ok((await moved()) > MOST_LIST_BYTES)
    const cost = (await moved()) - without
    assert.ok(cost < MOST_LIST_BYTES, `${cost} bytes moved for a list that has not changed`)
  })
})
