import assert from 'node:assert/strict'
import { askToReplace } from '../../operations/targets/replace.js'
import { closeGate } from '../support/gates.js'
import { idOf, inGatedWorld } from '../support/gated-world.js'
import type { SideBySide } from '../support/side-by-side.js'
import { texts } from '../support/world.js'

const [OLD, NEW] = [idOf(7), 'N0001']

/** Where a row takes the place of another: before that commits, before the list commits, before it is noted that it has. */
const GATES = { row: 1_001, list: 1_002, noted: 1_003 } as const

const CLOUD = `
  create trigger gate_row before update on master_sync.replacements
    for each row when (new.run is not null and old.run is null) execute function gate(${GATES.row});
  create trigger gate_noted before update on master_sync.replacements
    for each row when (new.off_list) execute function gate(${GATES.noted})`

const SOURCE = `
  create trigger gate_list before delete on targets for each row execute function gate(${GATES.list})`

/** Tests of kill -9 of the worker while a row takes the place of another. */
export const killedReplace: SideBySide = {
  'of the worker, anywhere in a replacement, leaves all consistent, and it is done once': () =>
    inGatedWorld(
      { rows: 20, master: { columns: { remarks: 'keep_edits' }, removals: { gone: 'mark' } } },
      async (world) => {
        const first = await world.workers.start()
        await world.follow(await world.start())
        await first.kill()
        await world.cloud.query(`${CLOUD}; update orgs set remarks = '覚え' where id = '${OLD}'`)
        await world.source.query(`${SOURCE}; insert into org_rows values ('${NEW}', '新設', '')`)
        await world.forgetWrites()
        await askToReplace(world.app, world.master, { from: OLD, to: NEW, note: null })
        const started = await world.start({ only: [NEW] })
        const urlOf = (side: string) => world.env[`${side}_DATABASE_URL`] ?? ''
        const gates = await Promise.all([
          closeGate(urlOf('CLOUD'), GATES.row),
          closeGate(urlOf('SOURCE'), GATES.list),
          closeGate(urlOf('CLOUD'), GATES.noted),
        ])
        for (const gate of gates) {
          const worker = await world.workers.start()
          await gate.reached()
          await worker.kill()
          await gate.open()
        }
        await world.workers.start()
        const { outcome, rows } = await world.follow(started)
        assert.deepEqual([outcome, rows.inserted, rows.updated, rows.marked], ['completed', 1, 0, 1])
        assert.deepEqual(await world.writes(), [`insert ${NEW}`, `update ${NEW}`, `update ${OLD}`])
        assert.deepEqual(
          await texts(
            world.cloud,
            `select id, remarks, sync_removed_reason from orgs where id in ('${OLD}', '${NEW}') order by id`,
          ),
          [
            [OLD, '覚え', `replaced by ${NEW}`],
            [NEW, '覚え', null],
          ],
        )
        assert.deepEqual(
          await texts(world.source, `select id from targets where id in ('${OLD}', '${NEW}')`),
          [[NEW]],
        )
        assert.deepEqual(await texts(world.cloud, `select off_list, run from master_sync.replacements`), [
          ['t', '2'],
        ])
      },
    ),
}
