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
    const carried = ['phone', 'remarks']
    assert.deepEqual(state, { done: true, instead: null, carried, left: [], lists: [], referring: [] })
    assert.deepEqual(await listed(), ['M2', 'M3'])
    assert.deepEqual(await texts(world.cloud, `select phone, remarks from orgs where id = 'M3'`), [
      ['電話', '覚え'],
    ])
  })

  it('gets what it may be given, and the rest is told, where the columns are granted one by one', async () => {
    const { world, editor, prefix } = roles
    const writer = `${prefix}_writer`
    await addTargets(editor, world.master, ['M5'], null)
    await world.sync()
    await world.cloud.query(`
      update orgs set phone = '電話', remarks = '覚え' where id = 'M5';
      alter table orgs add initial text generated always as (left(name, 1)) stored;
      revoke select on orgs from ${writer}; revoke update (remarks) on orgs from ${writer};
      grant select (id, name, phone, remarks, sync_removed_at, sync_removed_reason) on orgs to ${writer}`)
    const { keys, awaited } = await askToReplace(editor, world.master, { from: 'M5', to: 'M6', note: null })
    assert.equal((await world.sync({ only: awaited.ids })).outcome, 'completed')
    const { done, carried, left } = await settleReplacement(editor, world.master, keys)
    assert.deepEqual([done, carried, left], [true, ['phone'], [{ column: 'remarks', why: 'not_allowed' }]])
  })

  it('stays on the list, and is told to, where nobody who works on it may write there', async () => {
    const { world, editor, prefix } = roles
    const { keys, awaited } = await askToReplace(editor, world.master, { from: 'M2', to: 'M4', note: null })
    await world.sync({ only: awaited.ids })
    await world.source.query(`revoke delete on targets from ${prefix}_editor`)
    const { done, lists } = await settleReplacement(editor, world.master, keys)
    assert.deepEqual([done, lists, await listed()], [true, ['table'], ['M2', 'M3', 'M4', 'M6']])
  })
})
