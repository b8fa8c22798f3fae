import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseListUri } from './uri.js'

/** Whether it is a file that is not there; of an object or a table that is not asked. */
export function isGone(uri: string, folder: string): boolean {
  const place = parseListUri(uri)
  return place.kind === 'file' && !existsSync(resolve(folder, place.path))
}
