import assert from 'node:assert/strict'
import { ERRORS } from '../../core/error-catalogue.js'
import { FINDINGS } from '../../core/finding.js'
import { parseMasterFile } from '../../core/master-file.js'
import { codeBlocks, commands, inlineCode, readPage } from '../support/markdown.js'

const REFERENCE = readPage('docs/cli.md')

const TABLES = `
master: orgs
source: { table: public.orgs, key: [product_code] }
targets: { table: public.targets }
cloud: { table: public.orgs }
`

for (const [language, page] of Object.entries({
  en: readPage('docs/import.md'),
  ja: readPage('docs/import.ja.md'),
})) {
  describe(`docs/import, ${language}`, () => {
    it('names every finding, and only errors that there are', () => {
      const codes = inlineCode(page).filter((code) => /^[A-Z]+(?:_[A-Z]+)+$/u.test(code))
      for (const code of codes) assert.ok(Object.hasOwn(ERRORS, code) || Object.hasOwn(FINDINGS, code), code)
      assert.deepEqual(
        Object.keys(FINDINGS).filter((code) => !codes.includes(code)),
        [],
      )
    })

    it('tells options that the command has', () => {
      const [section = ''] = (REFERENCE.split('\n### import\n')[1] ?? '').split('\n### ')
      const options = [...commands(page), ...inlineCode(page)].flatMap(
        (text) => text.match(/--[a-z-]+/gu) ?? [],
      )
      // Of set-up, and of npx.
      const others = ['--with-master', '--with-targets', '--no']
      for (const option of options.filter((name) => !others.includes(name)))
        assert.match(section, new RegExp(`\`${option}[ \`]`, 'u'))
    })

    it('shows fields that a master may have', () => {
      const fields = codeBlocks(page, 'yaml').filter((block) => block.startsWith('import:'))
      assert.equal(fields.length, 2)
      for (const block of fields) parseMasterFile('orgs.yaml', `${TABLES}${block}`)
    })
  })
}
