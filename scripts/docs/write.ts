import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { PAGES, pageText } from './pages.js'

// `npm run docs`: writes every generated file anew.
for (const path of Object.keys(PAGES) as (keyof typeof PAGES)[])
  await writeFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), await pageText(path))
