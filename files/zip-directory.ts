export const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50]
export const [STORED, DEFLATED] = [0, 8]

/** Bytes of the record at the end, and the longest comment behind it. */
export const END_SIZE = 22
export const MAX_COMMENT = 65_535

/** A part of a zip file, as the directory at its end tells. */
export interface ZipMember {
  readonly name: Buffer
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

/** Where the directory stands, by the record at the end of the file; undefined where there is none, or not all of it. */
export function readEnd(
  tail: Buffer,
): { readonly count: number; readonly size: number; readonly offset: number } | undefined {
  const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  if (end < 0 || end + END_SIZE > tail.length) return undefined
  return {
    count: tail.readUInt16LE(end + 10),
    size: tail.readUInt32LE(end + 12),
    offset: tail.readUInt32LE(end + 16),
  }
}

/** The parts that the directory at `start` names; undefined where it is damaged. */
export function readDirectory(bytes: Buffer, start: number, count: number): readonly ZipMember[] | undefined {
  const members: ZipMember[] = []
  let at = start
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) return undefined
    const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
    members.push({
      name: bytes.subarray(at + 46, nameEnd),
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    })
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return members
}

/** How long the header is that stands in front of a part's data; undefined where none begins. */
export function localHeaderSize(header: Buffer): number | undefined {
  if (header.length < LOCAL_SIZE || header.readUInt32LE(0) !== LOCAL) return undefined
  return LOCAL_SIZE + header.readUInt16LE(26) + header.readUInt16LE(28)
}

export const LOCAL_SIZE = 30

/** Whether a part is packed in a way that is read here. */
export function isReadable({ flags, method }: ZipMember): boolean {
  return (flags & 1) === 0 && (method === STORED || method === DEFLATED)
}
