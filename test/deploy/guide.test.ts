import assert from 'node:assert/strict'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { ERRORS } from '../../core/error-catalogue.js'
import { rolesOf } from '../../operations/dba-scripts/planned-master.js'
import { CHECKOUT } from '../cli/run-cli.js'
import { assertKnown, readProjectFile } from './containers.js'

describe('docs/deploy.md', () => {
  /** All that the guide names so; a pattern that finds hardly any would make its check say nothing. */
  async function named(pattern: RegExp, atLeast: number): Promise<readonly string[]> {
    const text = await readProjectFile('docs/deploy.md')
    const names = [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))]
    assert.ok(names.length >= atLeast, `only ${names.length} of ${String(pattern)}`)
    return names
  }

  it('speaks of variables, errors and roles that there are', async () => {
    assertKnown(await named(/`([A-Z]+(?:_[A-Z]+)+)[`=]/gu, 10))
    for (const code of await named(/`\[([A-Z_]+)\]`/gu, 3)) assert.ok(Object.hasOwn(ERRORS, code), code)
    const roles: readonly string[] = Object.values(rolesOf('master_sync'))
    assert.deepEqual(
      [...(await named(/`(master_sync_(?:reader|editor|writer|importer))`/gu, 3))].sort(),
      [...roles].sort(),
    )
  })

  it('links to files that there are', async () => {
    for (const link of await named(/\]\((?!https:)([^)]+)\)/gu, 3)) await access(join(CHECKOUT, 'docs', link))
  })
})
