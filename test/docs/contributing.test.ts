import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { codeBlocks, inlineCode, pathOf, readPage } from '../support/markdown.js'

interface Package {
  readonly scripts: Readonly<Record<string, string>>
}

describe('CONTRIBUTING.md', () => {
  const page = readPage('CONTRIBUTING.md')
  const typed = [
    ...codeBlocks(page, 'sh').flatMap((block) => block.trimEnd().split('\n')),
    ...inlineCode(page),
  ]

  it('names files and folders that there are', () => {
    const named = typed.flatMap((text) => text.split(' ')).filter((word) => /^[.\w-]+\/[\w./-]*$/u.test(word))
    assert.ok(named.length > 20)
    assert.deepEqual(
      named.filter((path) => !existsSync(pathOf(path))),
      [],
    )
  })

  it('names npm scripts that there are', () => {
    const { scripts } = JSON.parse(readPage('package.json')) as Package
    const named = typed.flatMap((text) => /^npm (?:run )?([\w:]+)/u.exec(text)?.[1] ?? [])
    assert.ok(named.includes('docs'))
    assert.deepEqual(
      named.filter((name) => !Object.hasOwn(scripts, name) && name !== 'ci'),
      [],
    )
  })
})
