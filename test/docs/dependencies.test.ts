import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { pathOf, readPage } from '../support/markdown.js'

interface Package {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

describe('docs/dependencies.md', () => {
  it('names every package that package.json asks for, where it belongs, and no other', () => {
    const { dependencies, devDependencies } = JSON.parse(readPage('package.json')) as Package
    const [, running = '', building = ''] = readPage('docs/dependencies.md').split(/^## .*$/mu)
    const named = (text: string): readonly string[] =>
      [...text.matchAll(/^\| `([^`]+)`/gmu)].map(([, name = '']) => name).sort()
    assert.deepEqual(named(running), Object.keys(dependencies).sort())
    assert.deepEqual(named(building), Object.keys(devDependencies).sort())
  })
})

describe('docs/decisions/README.md', () => {
  it('lists every decision with its title', () => {
    const listed = readPage('docs/decisions/README.md')
    for (const file of readdirSync(pathOf('docs/decisions')).filter((name) => /^\d/u.test(name))) {
      const [, number = '', title = ''] = /^# (\d+)\. (.*)$/mu.exec(readPage(`docs/decisions/${file}`)) ?? []
      assert.ok(listed.includes(`\n${number}. [${title}](${file})\n`), `${file} is not listed as "${title}"`)
    }
  })
})
