import assert from 'node:assert/strict'
import { CASES, benchSchema } from '../../bench/result.js'
import { exits, jsonIn, start } from '../cli/run-cli.js'
import { command } from '../support/servers.js'

describe('bench', () => {
  it('measures every contender in every case, and demands that all end equal', async () => {
    const env = Object.fromEntries(['HOME', 'TEMPORAL_CLI'].map((name) => [name, process.env[name] ?? '']))
    const sizes = ['--rows', '3000', '--targets', '1000', '--rounds', '1']
    const args = [command(), 'bench', ...sizes, '--json']
    const ended = await start(process.execPath, args, env).ended
    exits(ended, 0)
    const {
      measured,
      lists,
      imports,
      searches,
      rows,
      targets,
      peak_memory: memory,
    } = jsonIn(ended, benchSchema)
    const contenders = [...new Set(measured.map((one) => one.contender))]
    assert.deepEqual(contenders, [
      'COPY pipe',
      'COPY, upsert',
      'postgres_fdw, guarded upsert',
      'master-sync',
      'master-sync, edits kept',
    ])
    assert.equal(measured.length, contenders.length * CASES.length)
    assert.deepEqual(
      lists.map(({ what }) => what),
      ['COPY of the ids', 'apply csv', 'apply yaml', 'apply xlsx'],
    )
    assert.deepEqual(
      imports.map(({ what }) => what),
      ['COPY of the file', 'first import', 'nothing changed', '5 % changed'],
    )
    assert.ok(searches.every(({ what, found }) => found > 0 !== what.includes('nowhere')))
    assert.deepEqual([rows, targets], [3000, 1000])
    assert.ok(memory === null || memory > 0)
    const quiet = measured.find((one) => one.contender === 'master-sync' && one.case === 'no change')
    assert.ok(quiet !== undefined && quiet.bytes.source > 0 && quiet.dead_tuples < 100)
  })
})
