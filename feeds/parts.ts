import { Buffer } from 'node:buffer'
import { bytesOf, diskFile, readAt, type DiskFile } from './disk-file.js'
import { invalid } from './import-errors.js'
import { gunzipped } from './unpack.js'
import { zipParts } from './zip-parts.js'

/** A file to import; one that was fetched lies elsewhere than its name says. */
export interface FeedFile {
  readonly path: string
  readonly name: string
}

/** One text: a file, plain or in a gzip, or a part of a zip. */
export interface Part {
  readonly name: string
  /** Whether its form tells that all of it is there. */
  readonly sealed: boolean
  bytes(): AsyncIterable<Uint8Array>
}

/** The texts of a file, and the names of what else a zip holds. */
export interface Parts {
  readonly parts: readonly Part[]
  readonly others: readonly string[]
}

/** @throws SyncError IMPORT_UNREADABLE, IMPORT_INVALID */
export async function partsOf({ path, name }: FeedFile): Promise<Parts> {
  const file = await diskFile(path, name)
  const kind = kindOf(await readAt(file, 0, 8))
  const suffix = /\.(gz|zip)$/iu.exec(name)?.[1]?.toLowerCase()
  if (suffix !== undefined && kind !== suffix)
    throw invalid(name, `is no ${suffix}, whatever its name says; fetch it anew`)
  switch (kind) {
    case 'zip':
      return textsOfZip(file)
    case 'gz':
      return { parts: [plain(file, true, () => gunzipped(bytesOf(file), name))], others: [] }
    case 'workbook':
      throw invalid(name, WORKBOOK)
    case undefined:
      return { parts: [plain(file, false, () => bytesOf(file))], others: [] }
  }
}

function plain({ name }: DiskFile, sealed: boolean, bytes: Part['bytes']): Part {
  return { name, sealed, bytes: () => unwrapped(bytes(), name) }
}

async function textsOfZip(file: DiskFile): Promise<Parts> {
  const members = (await zipParts(file)).filter(({ name }) => !LITTER.test(name))
  if (members.some(({ name }) => name === '[Content_Types].xml')) throw invalid(file.name, WORKBOOK)
  const archive = members.find(({ name }) => ARCHIVE.test(name))
  if (archive !== undefined) throw invalid(`${file.name}/${archive.name}`, NESTED)
  const texts = members.filter(({ name }) => TEXT.test(name))
  if (texts.length === 0) throw invalid(file.name, 'holds no CSV')
  return {
    parts: texts.map((text) => {
      const name = `${file.name}/${text.name}`
      return { name, sealed: true, bytes: () => unwrapped(text.bytes(), name) }
    }),
    others: members.filter((member) => !texts.includes(member)).map(({ name }) => `${file.name}/${name}`),
  }
}

const LITTER = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$)/u
const ARCHIVE = /\.(?:zip|gz|tgz|tar|7z|xlsx?)$/iu
const TEXT = /\.(?:csv|tsv)$/iu
const WORKBOOK = 'is a workbook; published files are imported as CSV'
const NESTED = 'is an archive or a workbook within a zip; unpack it, and import what it holds as CSV'

/** What was unpacked must not be packed again: only one layer is taken off. */
async function* unwrapped(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  let start: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of bytes) {
    if (start !== undefined) {
      start = Buffer.concat([start, chunk.subarray(0, 8)])
      if (kindOf(start) !== undefined) throw invalid(name, NESTED)
      if (start.length >= 8) start = undefined
    }
    yield chunk
  }
}

function kindOf(start: Buffer): 'zip' | 'gz' | 'workbook' | undefined {
  if (start.length >= 2 && start.readUInt16BE(0) === 0x1f8b) return 'gz'
  if (start.length < 4) return undefined
  const magic = start.readUInt32BE(0)
  if (magic === 0x504b0304 || magic === 0x504b0506) return 'zip'
  return magic === 0xd0cf11e0 ? 'workbook' : undefined
}
