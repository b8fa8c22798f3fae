import assert from 'node:assert/strict'
import { startUndo } from '../../operations/undo.js'
import { closeGate } from '../support/gates.js'
import { idOf, inGatedWorld, type GatedWorld } from '../support/gated-world.js'
import type { SideBySide } from '../support/side-by-side.js'
import { standing } from '../support/undoing.js'

const ROWS = 600
const OPTIONS = { rows: ROWS, master: { guards: { removals: { percent: 100 } } } }

/** Before the commit of a batch of an undo, by the rows that are undone with it: the batches are of 40 rows each. */
const GATE = 1_000
const DELETING = [40, 90] as const
const UPDATING = [170] as const
const INSERTING = [230] as const

/** Loads all rows, then lets a run insert, update and remove some. */
async function loadAndChange(world: GatedWorld): Promise<unknown> {
  const worker = await world.workers.start()
  await world.follow(await world.start())
  const before = await standing(world)
  await world.source.query(`
    update org_rows set name = name || '改' where id <= '${idOf(100)}';
    delete from targets where id between '${idOf(101)}' and '${idOf(160)}';
    insert into org_rows select lpad(n::text, 5, '0'), '新設' || n, '' from generate_series(${ROWS + 1}, ${ROWS + 90}) n;
    insert into targets select lpad(n::text, 5, '0') from generate_series(${ROWS + 1}, ${ROWS + 90}) n`)
  const { rows } = await world.follow(await world.start())
  assert.deepEqual([rows.inserted, rows.updated, rows.removed], [90, 100, 60])
  await worker.kill()
  await world.forgetWrites()
  await world.cloud.query(`
    create function gate_undo() returns trigger language plpgsql as $$
    begin
      perform public.gate((select ${GATE} + count(*)::integer from master_sync.row_history where run = 3));
      return null;
    end $$;
    create trigger gate_undo after insert on master_sync.row_history for each statement execute function gate_undo()`)
  return before
}

/** The writes of an undo: each row once. */
const WRITES = [
  ...Array.from({ length: 90 }, (_, n) => `delete ${idOf(ROWS + 1 + n)}`),
  ...Array.from({ length: 60 }, (_, n) => `insert ${idOf(101 + n)}`),
  ...Array.from({ length: 100 }, (_, n) => `update ${idOf(1 + n)}`),
]

/** Tests of kill -9 of the worker while it takes a run back. */
export const killedUndo: SideBySide = {
  'of the worker, anywhere in an undo, leaves all consistent, and the undo completes': () =>
    inGatedWorld(OPTIONS, async (world) => {
      const before = await loadAndChange(world)
      const started = await startUndo(world.app, world.master, 2)
      const url = world.env['CLOUD_DATABASE_URL'] ?? ''
      const rows = [...DELETING, ...UPDATING, ...INSERTING]
      const gates = await Promise.all([...rows.map((row) => closeGate(url, GATE + row)), world.hold('close')])
      for (const gate of gates) {
        const worker = await world.workers.start()
        await gate.reached()
        await worker.kill()
        await gate.open()
      }
      await world.workers.start()
      const report = await world.follow(started)
      assert.deepEqual([report.kind, report.undoes, report.outcome], ['undo', 2, 'completed'])
      const { inserted, updated, removed, moved } = report.rows
      assert.deepEqual([inserted, updated, removed, moved], [60, 100, 90, 0])
      assert.deepEqual([...(await world.writes())].sort(), WRITES)
      assert.deepEqual(await standing(world), before)
      assert.deepEqual(await world.runs(), [1, 2, 3])
    }),
}
