import assert from 'node:assert/strict'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { ERRORS } from '../../core/error-catalogue.js'
import { rolesOf } from '../../operations/scripts.js'
import { CHECKOUT } from '../cli/run-cli.js'
import { assertKnown, readProjectFile } from './containers.js'

describe('docs/deploy.md', () => {
  it('speaks of variables, errors, roles and files that there are', async () => {
    const text = await readProjectFile('docs/deploy.md')
    const named = (pattern: RegExp): readonly string[] =>
      [...text.matchAll(pattern)].map(([, name = '']) => name)
    assertKnown(named(/`([A-Z]+(?:_[A-Z]+)+)[`=]/gu))
    for (const code of named(/`\[([A-Z_]+)\]`/gu)) assert.ok(Object.hasOwn(ERRORS, code), code)
    const roles: readonly string[] = Object.values(rolesOf('master_sync'))
    for (const role of named(/`(master_sync_[a-z]+)`/gu)) assert.ok(roles.includes(role), role)
    for (const link of named(/\]\((?!https:)([^)]+)\)/gu)) await access(join(CHECKOUT, 'docs', link))
  })
})
