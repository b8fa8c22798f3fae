import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** As package.json says, which stands beside scripts/, or beside dist/ where the compiled form runs. */
export function version(): string {
  const path = import.meta.url.endsWith('.js') ? '../../package.json' : '../package.json'
  const text = readFileSync(new URL(path, import.meta.url), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}
