import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ERRORS } from '../../core/error-catalogue.js'
import { parseMasterFile } from '../../core/master-file.js'
import { openList } from '../../targets/open.js'
import { parseListUri } from '../../targets/uri.js'
import { codeBlocks, commands, inlineCode, readPage } from '../support/markdown.js'

const PAGES = { en: readPage('docs/target-list.md'), ja: readPage('docs/target-list.ja.md') }
const REFERENCE = readPage('docs/cli.md')

/** What the page tells to type, without what is said about it. */
const typed = (page: string): readonly string[] =>
  commands(page).map((command) => command.replace(/ +#(?= ).*$/u, ''))

/** What the reference tells of a command of one word or two; its words. */
function described(command: string): { readonly words: readonly string[]; readonly section: string } {
  const words = command.split(' ')
  const verbs = [words.slice(2, 4).join(' '), words[2] ?? '']
  const verb = verbs.find((name) => REFERENCE.includes(`\n### ${name}\n`))
  assert.ok(verb !== undefined, command)
  const [section = ''] = (REFERENCE.split(`\n### ${verb}\n`)[1] ?? '').split('\n### ')
  return { words, section }
}

for (const [language, page] of Object.entries(PAGES)) {
  describe(`docs/target-list, ${language}`, () => {
    it('tells commands and options that there are', () => {
      const told = typed(page).filter((command) => command.startsWith('npx master-sync '))
      assert.ok(told.length > 20)
      for (const command of told) {
        const { words, section } = described(command)
        for (const option of words.filter((word) => word.startsWith('--')))
          assert.match(section, new RegExp(`\`${option}[ \`]`, 'u'), command)
      }
    })

    it('names lists that there can be, and errors that there are', () => {
      for (const command of typed(page)) {
        const [, uri] = /targets (?:check|apply|export) (\S+)/u.exec(command) ?? []
        if (uri !== undefined) parseListUri(uri)
      }
      const codes = inlineCode(page).flatMap((code) => /^\[([A-Z_]+)\]$/u.exec(code)?.[1] ?? [])
      assert.ok(codes.length > 5)
      for (const code of codes) assert.ok(Object.hasOwn(ERRORS, code), code)
    })

    it('shows a valid master, whose lists there can be', () => {
      const masters = codeBlocks(page, 'yaml').filter((block) => block.startsWith('targets:'))
      const lists = masters.map((fields) => parseMasterFile('orgs.yaml', `${TABLES}${fields}`).targets)
      assert.deepEqual(
        lists.map((targets) => targets.lists.length),
        [4, 1],
      )
      for (const uri of lists.flatMap((targets) => [...targets.lists, ...targets.publish])) parseListUri(uri)
    })

    it('shows lists that are read as they stand', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'target-list-'))
      try {
        await writeFile(
          join(folder, 'list.yaml'),
          codeBlocks(page, 'yaml').find((block) => block.startsWith('sync_targets:')) ?? '',
        )
        await writeFile(join(folder, 'list.csv'), codeBlocks(page, 'csv')[0] ?? '')
        for (const uri of ['list.yaml', 'list.csv'])
          assert.deepEqual(await idsOf(uri, folder), ['0110113719', '0110113727'])
      } finally {
        await rm(folder, { recursive: true })
      }
    })
  })
}

const TABLES = `
master: orgs
source: { table: public.orgs, key: [medical_id] }
cloud: { table: public.orgs }
`

async function idsOf(uri: string, folder: string): Promise<readonly string[]> {
  const { entries } = await openList(uri, { columns: ['medical_id'], folder }).read()
  const ids: string[] = []
  for await (const batch of entries) ids.push(...batch.map(({ key }) => key.join()))
  return ids
}

describe('docs/target-list in two languages', () => {
  it('has the same sections, rows, steps, files and commands', () => {
    const shape = (page: string): readonly string[] =>
      page.split('\n').flatMap((line) => /^(?:#+|\||-|\d\.)(?= )/u.exec(line) ?? [])
    assert.deepEqual(shape(PAGES.ja), shape(PAGES.en))
    assert.deepEqual(typed(PAGES.ja), typed(PAGES.en))
    for (const kind of ['yaml', 'csv', 'sql'])
      assert.deepEqual(codeBlocks(PAGES.ja, kind), codeBlocks(PAGES.en, kind))
  })
})
