import assert from 'node:assert/strict'
import { rowStory } from '../../operations/history.js'
import { addTargets } from '../../operations/targets/edit.js'
import { previewUndo } from '../../operations/undo.js'
import { directRun, type DirectRun } from '../support/direct-run.js'
import { left, standing } from '../support/undoing.js'
import type { World } from '../support/world.js'
import { ask, counts, createReplacing, listed, outside, rows } from './replacing.js'

const EDITS = `update orgs set phone = '電話', url = 'https://a' where id = 'a01'`

describe('a replacement that is undone', () => {
  let world: World
  let run: DirectRun
  beforeEach(async () => {
    world = await createReplacing()
    run = directRun(world)
    await run()
  })
  afterEach(() => world.close())

  const undo = (number: number) => run({ undoes: number, by: 'someone' })

  it('leaves both rows as they were: the new one gone where the run had brought it', async () => {
    await world.cloud.query(EDITS)
    const before = await standing(world)
    await ask(world)
    await run()
    const ids = { ids: 1, sample: [{ old: 'a01', new: 'b01' }] }
    const { rows: would, kinds, replaced } = await previewUndo(world.app, world.master, 2)
    assert.deepEqual([would, kinds, replaced], [2, { inserted: 1, marked: 1 }, ids])
    const report = await undo(2)
    assert.deepEqual([counts(report), await left(world, 3)], [{ removed: 1, updated: 1 }, []])
    assert.deepEqual(report.replaced, ids)
    assert.deepEqual(await standing(world), before)
    await undo(3)
    assert.deepEqual(await rows(world, 'a01', 'b01'), [
      'a01|旧|電話|https://a|旧備考|replaced by b01',
      'b01|新|電話|https://a|旧備考',
    ])
    assert.deepEqual(await outside(world), ['a01 replaced'])
  })

  it('leaves both rows as they were: the new one without what was carried', async () => {
    await world.source.query(`insert into targets values ('b01')`)
    await run()
    await world.cloud.query(EDITS)
    await world.source.query(`update orgs set name = name || '改' where id in ('a01', 'b01')`)
    const before = await standing(world)
    await ask(world)
    const report = await run()
    assert.deepEqual(counts(report), { updated: 2, marked: 1 })
    assert.deepEqual(await rows(world, 'b01'), ['b01|新改|電話|https://a|旧備考'])
    await undo(3)
    assert.deepEqual(await standing(world), before)
  })

  it('leaves the new row where people have written in it since, and the cells that they wrote', async () => {
    await world.source.query(`insert into targets values ('b01')`)
    await run()
    await world.cloud.query(EDITS)
    await ask(world)
    await run()
    await world.cloud.query(`update orgs set phone = '別' where id = 'b01'`)
    await undo(3)
    assert.deepEqual(await left(world, 4), [['b01', 'edited', 'phone']])
    assert.deepEqual(await rows(world, 'a01', 'b01'), ['a01|旧|電話|https://a|旧備考', 'b01|新|別||null'])
  })

  it('is not done again: whoever lists the old id after that means it', async () => {
    await ask(world)
    await run()
    await undo(2)
    await addTargets(world.app, world.master, ['a01'], '残す')
    await run({ approve: true })
    assert.deepEqual(await outside(world), [])
    assert.deepEqual(await listed(world), ['a01 残す', 'b01 営業 #1'])
    assert.deepEqual(counts(await run()), {})
  })

  it('is told by the history of both rows', async () => {
    await world.cloud.query(EDITS)
    await ask(world)
    await run()
    const tell = async (id: string) => {
      const { tracked, chapters } = await rowStory(world.app, world.master, id)
      return [
        tracked?.outside,
        chapters.map(({ run: number, kind, cause, columns, ledger }) => [
          number,
          kind,
          cause,
          columns.map(({ column }) => column),
          ledger.map(({ change }) => change),
        ]),
      ]
    }
    assert.deepEqual(await tell('a01'), [
      'replaced',
      [
        [1, 'inserted', null, [], []],
        [2, 'marked', 'replaced', ['sync_removed_at', 'sync_removed_reason'], ['replaced']],
      ],
    ])
    assert.deepEqual(await tell('b01'), [
      null,
      [
        [2, 'inserted', null, [], []],
        [2, 'updated', null, ['phone', 'remarks', 'url'], []],
      ],
    ])
  })
})
