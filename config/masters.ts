import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SyncError } from '../core/errors.js'
import { parseMasterFile } from '../core/master-file.js'
import type { Master } from '../core/master.js'

/**
 * Reads every master file of a folder.
 * @throws SyncError MASTER_FILE_INVALID with the problems of all files together
 */
export function readMasters(folder: string): readonly Master[] {
  const masters: { readonly file: string; readonly master: Master }[] = []
  const problems: string[] = []
  for (const file of listFiles(folder)) {
    try {
      masters.push({ file, master: parseMasterFile(file, readFileSync(file, 'utf8')) })
    } catch (error) {
      if (!(error instanceof SyncError)) throw error
      problems.push(error.message)
    }
  }
  for (const { file, master } of masters) {
    const first = masters.find((other) => other.master.master === master.master)
    if (first !== undefined && first.file !== file)
      problems.push(`${file}:1:1 master: ${master.master} is the name in ${first.file} too`)
  }
  if (problems.length > 0) throw new SyncError('MASTER_FILE_INVALID', problems.join('\n'))
  return masters.map(({ master }) => master)
}

function listFiles(folder: string): readonly string[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (cause) {
    throw new SyncError('OPTION_INVALID', `MASTERS_DIR: the folder ${folder} cannot be read`, { cause })
  }
  return names
    .filter((name) => /\.ya?ml$/u.test(name))
    .sort()
    .map((name) => join(folder, name))
}

/**
 * The master of that name; without a name the only one, or the one marked `default: true`.
 * @throws SyncError MASTER_UNKNOWN
 */
export function chooseMaster(masters: readonly Master[], name: string | undefined): Master {
  const known = masters.map((master) => master.master).join(', ')
  const defaults = masters.length === 1 ? masters : masters.filter((master) => master.default)
  const [found, second] = name === undefined ? defaults : masters.filter((master) => master.master === name)
  if (found !== undefined && second === undefined) return found
  if (masters.length === 0) throw new SyncError('MASTER_UNKNOWN', 'the masters folder holds no master file')
  if (name !== undefined)
    throw new SyncError('MASTER_UNKNOWN', `there is no master ${JSON.stringify(name)}; there are: ${known}`)
  throw new SyncError('MASTER_UNKNOWN', `which master? There are: ${known}`, {
    remedy: 'Name one, or mark one with default: true.',
  })
}
