import assert from 'node:assert/strict'
import { ERRORS } from '../../core/error-catalogue.js'
import { parseMasterFile } from '../../core/master-file.js'
import { guardedAs, PLAN_KINDS, PLANNED } from '../../core/plan.js'
import { PLAN_WORDS_JA } from '../../core/plan-words.js'
import { HELD_KINDS, QUESTION_STATES } from '../../core/question.js'
import { codeBlocks, commands, inlineCode, readPage } from '../support/markdown.js'

const PAGES = { en: readPage('docs/protection.md'), ja: readPage('docs/protection.ja.md') }

/** The cells of all rows of all tables. */
function rows(page: string): readonly (readonly string[])[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

for (const [language, page] of Object.entries(PAGES)) {
  describe(`docs/protection, ${language}`, () => {
    it('tells every kind of plan, what it means, and what counts it', () => {
      const wanted = PLAN_KINDS.map((kind) => {
        const counted = guardedAs(kind)
        const meaning = language === 'ja' ? PLAN_WORDS_JA[kind] : PLANNED[kind].meaning
        return [`\`${kind}\``, meaning, counted === undefined ? '' : `\`${counted}\``]
      })
      const names = wanted.map(([name]) => name)
      // `keep` is a policy as well, in a table of more columns.
      const told = rows(page).filter((row) => names.includes(row[0]) && row.length === 3)
      assert.deepEqual(told, wanted)
    })

    it('tells every state of a question, and all that is held', () => {
      const first = rows(page).map(([cell = '']) => cell)
      for (const state of QUESTION_STATES) assert.ok(first.includes(state), state)
      for (const held of HELD_KINDS) assert.ok(page.includes(`\`${held}\``), held)
    })

    it('speaks of errors and commands that there are, and of a valid master', () => {
      const codes = inlineCode(page).flatMap((code) => /^\[([A-Z_]+)\]$/u.exec(code)?.[1] ?? [])
      assert.ok(codes.length > 5)
      for (const code of codes) assert.ok(Object.hasOwn(ERRORS, code), code)
      const reference = readPage('docs/cli.md')
      for (const command of commands(page)) {
        const [, verb = ''] = /^npx master-sync ([a-z-]+(?: (?:list|resolve|resume))?)/u.exec(command) ?? []
        assert.ok(reference.includes(`\n### ${verb}\n`), command)
      }
      const [fields = ''] = codeBlocks(page, 'yaml')
      parseMasterFile('orgs.yaml', `${TABLES}${fields}`)
    })
  })
}

const TABLES = `
master: orgs
source: { table: public.orgs, key: [id] }
targets: { table: public.targets }
cloud: { table: public.orgs }
`

describe('docs/protection in two languages', () => {
  it('has the same sections, rows, files and commands', () => {
    const shape = (page: string): readonly string[] =>
      page.split('\n').flatMap((line) => /^(?:#+|\||-)(?= )/u.exec(line) ?? [])
    assert.deepEqual(shape(PAGES.ja), shape(PAGES.en))
    const typed = (page: string): readonly string[] =>
      commands(page).map((command) => command.replace(/ *#.*$/u, ''))
    assert.deepEqual(typed(PAGES.ja), typed(PAGES.en))
    assert.deepEqual(codeBlocks(PAGES.ja, 'yaml'), codeBlocks(PAGES.en, 'yaml'))
  })
})
