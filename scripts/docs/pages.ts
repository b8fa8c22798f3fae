import { format } from 'prettier'
import { masterJsonSchema } from '../../core/master-file.js'
import { createProgram } from '../program.js'
import { cliPage } from './cli.js'
import { configurationPage } from './configuration.js'
import { envExample } from './env-example.js'
import { errorsPage } from './errors.js'
import { masterTablePage } from './master-table.js'

/** Every generated file, by its path in the checkout. */
export const PAGES = {
  '.env.example': () => envExample(),
  'docs/cli.md': async () => cliPage(await createProgram(undefined)),
  'docs/configuration.md': () => configurationPage(),
  'docs/errors.md': () => errorsPage(),
  'docs/master-table.md': () => masterTablePage(),
  /** What editors check a master's file against, from the very schema that reads it. */
  'masters/master.schema.json': () => JSON.stringify(masterJsonSchema()),
} as const satisfies Readonly<Record<string, () => string | Promise<string>>>

/** The text of a generated file as it should be now. */
export async function pageText(path: keyof typeof PAGES): Promise<string> {
  const text = await PAGES[path]()
  return path === '.env.example' ? text : format(text, { filepath: path, printWidth: 110 })
}
