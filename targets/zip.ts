import { promisify } from 'node:util'
import { crc32, deflateRaw, inflateRaw } from 'node:zlib'
import type { SyncError } from '../core/errors.js'
import {
  CENTRAL,
  DEFLATED,
  END,
  isReadable,
  LOCAL,
  localHeaderSize,
  readDirectory,
  readEnd,
  STORED,
  type ZipMember,
} from '../files/zip-directory.js'
import { invalid } from './entry.js'

/** The largest part of a workbook that is read, unpacked: some million rows. */
const MAX_PART = 200_000_000

const inflate = promisify(inflateRaw)
const deflate = promisify<Buffer, Buffer>(deflateRaw)

/** The parts of a zip file that is held in memory; each is checked against its sum, as damage must not become another id. */
export class Zip {
  readonly #bytes: Buffer
  readonly #uri: string
  readonly #members = new Map<string, ZipMember>()

  /** @throws SyncError LIST_INVALID */
  constructor(bytes: Buffer, uri: string) {
    this.#bytes = bytes
    this.#uri = uri
    if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0xd0cf11e0)
      throw this.#fault('is protected by a password, or of the old form (.xls); save it as .xlsx without one')
    const end = readEnd(bytes)
    if (end === undefined) throw this.#fault('is no workbook, or not all of it')
    const members = readDirectory(bytes, end.offset, end.count)
    if (members === undefined) throw this.#fault('is damaged in its contents')
    for (const member of members) this.#addMember(member)
  }

  /** @throws SyncError LIST_INVALID */
  async text(name: string): Promise<string | undefined> {
    const member = this.#members.get(name.toLowerCase())
    if (member === undefined) return undefined
    if (member.size > MAX_PART) throw this.#fault(`has a part of more than ${MAX_PART} bytes: ${name}`)
    const broken = (cause?: unknown): SyncError => this.#fault(`is damaged in its part ${name}`, cause)
    const { offset, packed, size, method } = member
    const header = localHeaderSize(this.#bytes.subarray(offset))
    if (header === undefined) throw broken()
    const data = this.#bytes.subarray(offset + header, offset + header + packed)
    let plain: Buffer
    try {
      plain = method === STORED ? data : await inflate(data, { maxOutputLength: Math.max(1, size) })
    } catch (cause) {
      throw broken(cause)
    }
    if (plain.length !== size || crc32(plain) !== member.crc) throw broken()
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(plain)
    } catch (cause) {
      throw broken(cause)
    }
  }

  #addMember(member: ZipMember): void {
    const name = member.name.toString('utf8').toLowerCase()
    if (!isReadable(member)) throw this.#fault(`has a part that is encrypted or packed otherwise: ${name}`)
    if (this.#members.has(name)) throw this.#fault(`has a part twice: ${name}`)
    this.#members.set(name, member)
  }

  #fault(message: string, cause?: unknown): SyncError {
    return invalid(this.#uri, { line: 1, column: 1 }, message, cause)
  }
}

/** 1980-01-01: the same entries make the same file. */
const DATE = 0x21

/** A zip file of texts. */
export async function zipped(parts: Readonly<Record<string, string>>): Promise<Buffer> {
  const files: Buffer[] = []
  const contents: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(parts)) {
    const plain = Buffer.from(text)
    const packed = await deflate(plain)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(0x800, 2)
    common.writeUInt16LE(DEFLATED, 4)
    common.writeUInt16LE(DATE, 8)
    common.writeUInt32LE(crc32(plain), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(plain.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const file = Buffer.concat([uint32(LOCAL), common, Buffer.from(name), packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    contents.push(Buffer.concat([uint32(CENTRAL), Buffer.from([20, 0]), common, rest, Buffer.from(name)]))
    files.push(file)
    offset += file.length
  }
  const directory = Buffer.concat(contents)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(END, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, directory, end])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
