import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DeterminismViolationError } from '@temporalio/workflow'
import { Worker } from '@temporalio/worker'
import { workflowBundle } from '../support/servers.js'

const FOLDER = fileURLToPath(new URL('histories/', import.meta.url))
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))

/** What Worker.runReplayHistory takes: a history as JSON. */
const read = (file: string): unknown => JSON.parse(readFileSync(FOLDER + file, 'utf8'))

describe('the recorded histories', () => {
  it('are all there', () => {
    const titles = FILES.map((file) => file.replace('.json', '')).sort()
    assert.deepEqual(titles, [
      'answered',
      'approved',
      'cancelled',
      'changes',
      'continued-as-new',
      'first-load',
      'guard-exceeded',
      'held',
      'import',
      'import-approved',
      'import-cancelled',
      'import-fetched',
      'import-held',
      'import-loaded-before',
      'import-older',
      'nothing-to-do',
      'only',
      'plan',
      'replaced',
      'undone',
    ])
  })

  for (const file of FILES) {
    it(`replay with the workflow as it is: ${file}`, async () => {
      await Worker.runReplayHistory({ workflowBundle: workflowBundle() }, read(file))
    })
  }

  it('do not replay with a workflow that takes other steps', async () => {
    const text = readFileSync(`${FOLDER}changes.json`, 'utf8')
    const other: unknown = JSON.parse(text.replaceAll('"cutSegments"', '"cutOtherwise"'))
    await assert.rejects(
      Worker.runReplayHistory({ workflowBundle: workflowBundle() }, other),
      DeterminismViolationError,
    )
  })
})
