import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PAGES, pageText } from '../../scripts/docs/pages.js'

const CHECKOUT = new URL('../../', import.meta.url)

describe('generated files', () => {
  for (const path of Object.keys(PAGES) as (keyof typeof PAGES)[]) {
    it(`are current: ${path} (npm run docs)`, async () => {
      const written = await readFile(fileURLToPath(new URL(path, CHECKOUT)), 'utf8')
      assert.equal(written, await pageText(path), `${path} is not what npm run docs would write`)
    })
  }
})
