import assert from 'node:assert/strict'
import { addTargets } from '../../operations/targets/edit.js'
import { askToReplace, settleReplacement } from '../../operations/targets/replace.js'
import { createThreeRoleWorld, type ThreeRoleWorld } from '../support/three-roles.js'
import { texts } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text, phone text, remarks text);
  insert into orgs select 'M' || n, '病院' || n, '011', null from generate_series(1, 9) n`

const MASTER = { columns: { phone: 'keep_edits', remarks: 'insert_only' }, removals: { gone: 'mark' } }

describe('a code that was issued anew, with the printed grants and nothing more', () => {
  let roles: ThreeRoleWorld
  before(async () => {
    roles = await createThreeRoleWorld({ source: SOURCE, master: MASTER })
    await addTargets(roles.editor, roles.world.master, ['M1', 'M2'], '導入済み')
    await roles.world.sync()
    await roles.world.cloud.query(`update orgs set phone = '電話', remarks = '覚え' where id = 'M1'`)
  })
  after(() => roles.close())

  const listed = async () => (await texts(roles.world.source, 'select id from targets order by id')).flat()

  it('is taken off the list by whoever asked for it, where the run may only read there', async () => {
    const { world, editor } = roles
    const { keys, awaited } = await askToReplace(editor, world.master, { from: 'M1', to: 'M3', note: null })
    const report = await world.sync({ only: awaited.ids })
    assert.deepEqual([report.outcome, report.rows.marked], ['completed', 1])
    assert.deepEqual(await listed(), ['M1', 'M2', 'M3'])
    assert.equal((await world.sync()).outcome, 'nothing_to_do')
    const state = await settleReplacement(editor, world.master, keys)
    assert.deepEqual(state, { done: true, carried: ['phone'], left: ['remarks'], lists: [], referring: [] })
    assert.deepEqual(await listed(), ['M2', 'M3'])
    assert.deepEqual(await texts(world.cloud, `select phone, remarks from orgs where id = 'M3'`), [
      ['電話', null],
    ])
  })

  it('stays on the list, and is told to, where nobody who works on it may write there', async () => {
    const { world, editor, prefix } = roles
    const { keys, awaited } = await askToReplace(editor, world.master, { from: 'M2', to: 'M4', note: null })
    await world.sync({ only: awaited.ids })
    await world.source.query(`revoke delete on targets from ${prefix}_editor`)
    const { done, lists } = await settleReplacement(editor, world.master, keys)
    assert.deepEqual([done, lists, await listed()], [true, ['table'], ['M2', 'M3', 'M4']])
  })
})
