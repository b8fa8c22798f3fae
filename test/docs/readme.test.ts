import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exitCodesLine } from '../../core/exit-meanings.js'
import { parseMasterFile } from '../../core/master-file.js'
import { codeBlocks, commands, localLinks, pathOf, readPage } from '../support/markdown.js'

const ENGLISH = readPage('README.md')
const JAPANESE = readPage('README.ja.md')

/** What the two may say in their own language. */
const withoutComments = (block: string): string => block.replace(/ *#.*$/gmu, '')

function pages(folder: string): readonly string[] {
  return readdirSync(pathOf(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
}

describe('README.md and README.ja.md', () => {
  it('tell the same commands in the same order', () => {
    assert.deepEqual(commands(JAPANESE), commands(ENGLISH))
    assert.ok(commands(ENGLISH).length > 15)
  })

  it('show the same files and statements', () => {
    for (const language of ['yaml', 'sql', 'sh'])
      assert.deepEqual(
        codeBlocks(JAPANESE, language).map(withoutComments),
        codeBlocks(ENGLISH, language).map(withoutComments),
      )
  })

  it('have the same sections, and rows in their tables', () => {
    const shape = (text: string): readonly string[] =>
      text.split('\n').flatMap((line) => /^(?:#+|\||\d\.|-)(?= )/u.exec(line) ?? [])
    assert.deepEqual(shape(JAPANESE), shape(ENGLISH))
  })

  it('name the exit codes that there are', () => {
    assert.ok(ENGLISH.includes(`Exit codes: ${exitCodesLine('en')}.`))
    assert.ok(JAPANESE.includes(`終了コード: ${exitCodesLine('ja')}。`))
  })

  it("show a master's file that is valid", () => {
    const [file = ''] = codeBlocks(ENGLISH, 'yaml')
    assert.equal(parseMasterFile('medical-orgs.yaml', file).master, 'medical_orgs')
  })
})

describe('the pictures of the flow', () => {
  it('are the same but for their words', () => {
    const drawing = (file: string): string =>
      readPage(file)
        .replace(/>[^<]*</gu, '><')
        .replace(' xml:lang="ja"', '')
    assert.equal(drawing('docs/images/flow.ja.svg'), drawing('docs/images/flow.svg'))
  })
})

describe('links between pages', () => {
  for (const page of [...readdirSync(pathOf('.')).filter((name) => name.endsWith('.md')), ...pages('docs')]) {
    it(`lead somewhere: ${page}`, () => {
      const broken = localLinks(readPage(page)).filter(
        (target) => !existsSync(pathOf(join(dirname(page), target))),
      )
      assert.deepEqual(broken, [])
    })
  }
})
