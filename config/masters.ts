import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SyncError } from '../core/errors.js'
import { parseMasterFile } from '../core/master-file.js'
import type { Master } from '../core/master.js'
import { parseTableName } from '../core/table-name.js'

/**
 * Reads every master file of a folder.
 * @throws SyncError MASTER_FILE_INVALID with the problems of all files together
 */
export function readMasters(folder: string): readonly Master[] {
  const { masters, problems } = readFolder(folder)
  if (problems.length > 0) throw new SyncError('MASTER_FILE_INVALID', problems.join('\n'))
  return masters
}

/** What a folder holds: the masters of the files that can be read, and what is wrong with files, a line each. */
export interface MastersFolder {
  readonly masters: readonly Master[]
  readonly problems: readonly string[]
}

export function readFolder(folder: string): MastersFolder {
  const masters: { readonly file: string; readonly text: string; readonly master: Master }[] = []
  const problems: string[] = []
  for (const file of listFiles(folder)) {
    try {
      const text = readFile(file)
      masters.push({ file, text, master: parseMasterFile(file, text) })
    } catch (error) {
      if (!(error instanceof SyncError)) throw error
      problems.push(error.message)
    }
  }
  for (const { file, text, master } of masters) {
    const first = masters.find((other) => other.master.master === master.master)
    if (first !== undefined && first.file !== file)
      problems.push(`${file}:${lineOf(text)}:1 master: ${master.master} is the name in ${first.file} too`)
  }
  for (const { file, text, master } of masters) {
    const first = masters.find((other) => cloudOf(other.master) === cloudOf(master))
    if (first !== undefined && first.file !== file)
      problems.push(
        `${file}:${lineOf(text)}:1 cloud.table: ${master.cloud.table} is kept by ${first.file} too`,
      )
  }
  return { masters: masters.map(({ master }) => master), problems }
}

/** One table has one master: two would take away each other's rows. */
function cloudOf({ cloud }: Master): string {
  return `${cloud.database} ${JSON.stringify(parseTableName(cloud.table))}`
}

/**
 * The master of that name, whatever is wrong with other files.
 * @throws SyncError MASTER_FILE_INVALID, MASTER_UNKNOWN
 */
export function readMaster(folder: string, name: string): Master {
  const problems: SyncError[] = []
  for (const file of listFiles(folder)) {
    try {
      const master = parseMasterFile(file, readFile(file))
      if (master.master === name) return master
    } catch (error) {
      if (!(error instanceof SyncError)) throw error
      problems.push(error)
    }
  }
  const [first] = problems
  throw first ?? new SyncError('MASTER_UNKNOWN', `there is no master ${JSON.stringify(name)} in ${folder}`)
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new SyncError('MASTER_FILE_INVALID', `${file}:1:1 cannot be read: ${reason}`, { cause })
  }
}

/** Where a file gives the master's name. */
function lineOf(text: string): number {
  return Math.max(1, text.split('\n').findIndex((line) => line.startsWith('master')) + 1)
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
    remedy: 'Name one with --master, or mark one with default: true.',
  })
}
