import { isUtf8 } from 'node:buffer'
import {
  END_SIZE,
  isReadable,
  LOCAL_SIZE,
  localHeaderSize,
  MAX_COMMENT,
  readDirectory,
  readEnd,
  STORED,
  type ZipMember,
} from '../files/zip-directory.js'
import { bytesOf, readAt, type DiskFile } from './disk-file.js'
import { invalid } from './import-errors.js'
import { MAX_PARTS, MAX_RATIO, MAX_TOGETHER, MAX_UNPACKED, RATIO_FREE } from './limits.js'
import { checked, inflated } from './unpack.js'

/** A part of a zip, by the name it has in it. */
export interface ZipPart {
  readonly name: string
  bytes(): AsyncIterable<Uint8Array>
}

/** The parts of a zip, without folders. What it says of them is held against the limits first. @throws SyncError IMPORT_INVALID */
export async function zipParts(file: DiskFile): Promise<readonly ZipPart[]> {
  const members = await directoryOf(file)
  checkClaims(file, members)
  return members.map((member) => {
    const name = nameOf(member)
    return { name, bytes: () => bytesOfMember(file, member, `${file.name}/${name}`) }
  })
}

async function directoryOf(file: DiskFile): Promise<readonly ZipMember[]> {
  const tailStart = Math.max(0, file.size - END_SIZE - MAX_COMMENT)
  const end = readEnd(await readAt(file, tailStart, file.size - tailStart))
  if (end === undefined) throw invalid(file.name, 'is cut, or no zip: its directory is not there')
  if (end.count === 0xffff || end.offset === HUGE)
    throw invalid(file.name, 'says that it holds 65,535 parts or 4 GB, or more')
  if (end.count > MAX_PARTS) throw invalid(file.name, `holds more than ${MAX_PARTS} parts`)
  if (end.offset + end.size > file.size) throw invalid(file.name, 'is damaged in its directory')
  const members = readDirectory(await readAt(file, end.offset, end.size), 0, end.count)
  if (members === undefined) throw invalid(file.name, 'is damaged in its directory')
  let behind = 0
  for (const { offset, packed, name } of [...members].sort((a, b) => a.offset - b.offset)) {
    if (offset < behind) throw invalid(file.name, 'has parts that lie over one another')
    behind = offset + LOCAL_SIZE + name.length + packed
  }
  if (behind > end.offset) throw invalid(file.name, 'is damaged in its directory')
  return members.filter(({ name }) => name.at(-1) !== SLASH)
}

function checkClaims(file: DiskFile, members: readonly ZipMember[]): void {
  let together = 0
  for (const member of members) {
    const name = `${file.name}/${nameOf(member)}`
    const { size, packed } = member
    if (size > MAX_UNPACKED || packed === HUGE)
      throw invalid(name, `says that it unpacks to more than ${MAX_UNPACKED} bytes`)
    if (size > RATIO_FREE && size > packed * MAX_RATIO)
      throw invalid(name, `says that it unpacks to more than ${MAX_RATIO} times its size`)
    if (!isReadable(member)) throw invalid(name, 'is encrypted, or packed in a way that is not read')
    together += size
  }
  if (together > MAX_TOGETHER)
    throw invalid(file.name, `says that it unpacks to more than ${MAX_TOGETHER} bytes`)
}

async function* bytesOfMember(file: DiskFile, member: ZipMember, name: string): AsyncGenerator<Uint8Array> {
  const header = localHeaderSize(await readAt(file, member.offset, LOCAL_SIZE))
  if (header === undefined) throw invalid(name, 'is damaged: nothing begins where the zip says')
  const start = member.offset + header
  const packed = bytesOf(file, start, start + member.packed)
  yield* member.method === STORED ? checked(packed, name, member) : inflated(packed, name, member)
}

/** In UTF-8 where it can be; Japanese Windows writes CP932. */
function nameOf({ name }: ZipMember): string {
  return new TextDecoder(isUtf8(name) ? 'utf-8' : 'shift_jis').decode(name)
}

/** What a zip of the larger form (zip64) has in place of a number. */
const HUGE = 0xffffffff
const SLASH = 0x2f
