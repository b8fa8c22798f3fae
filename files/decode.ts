import { isAscii, isUtf8 } from 'node:buffer'
import type { Place } from '../core/target-list.js'

export interface Decoded {
  /** Whole lines, some at a time, each with its end; only the last may have none. */
  readonly lines: AsyncIterable<string>
  /** Once the lines have ended; undefined where all of them are ASCII. */
  readonly encoding: () => Encoding | undefined
}

export type Encoding = 'utf-8' | 'shift_jis'

/** What is read, in the words of who reads it. */
export interface Text {
  readonly maxBytes: number
  /** The longest line, in characters. */
  readonly maxLine: number
  /** Whether a NUL is refused where it stands; otherwise it is a character like others. */
  readonly refuseNul: boolean
  /** The encoding, where it is known. */
  readonly encoding?: Encoding | undefined
  readonly invalid: (place: Place, message: string) => Error
  readonly tooLarge: (message: string) => Error
}

/** How much is looked at, from the first character that is not ASCII, before the encoding is decided. */
const SAMPLE = 1024 * 1024

/**
 * Bytes as text: UTF-8, or what Japanese spreadsheets write, CP932. Neither is ever guessed past a byte that does not
 * belong to it. The Encoding Standard's shift_jis is CP932.
 * @throws what `invalid` makes of a place, or `tooLarge`
 */
export function decode(bytes: AsyncIterable<Uint8Array>, about: Text): Decoded {
  let encoding = about.encoding
  let line = 1
  async function* lines(): AsyncGenerator<string> {
    let first = true
    for await (const whole of samples(wholeLines(bytes, about))) {
      const block = first ? withoutMark(whole, about) : whole
      first = false
      if (block.length < whole.length) encoding = 'utf-8'
      if (encoding === undefined && !isAscii(block)) encoding = encodingOf(block)
      const text = decoded(block, encoding ?? 'utf-8', about, line)
      refuseForeign(text, about, line)
      yield text
      line += countLines(block)
    }
  }
  return { lines: lines(), encoding: () => encoding }
}

/** Blocks that end where a line ends, which no character of either encoding goes across. */
async function* wholeLines(bytes: AsyncIterable<Uint8Array>, about: Text): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = []
  let total = 0
  let waiting = 0
  let line = 1
  for await (const chunk of bytes) {
    total += chunk.length
    if (total > about.maxBytes) throw about.tooLarge(`has more than ${about.maxBytes} bytes`)
    const end = chunk.lastIndexOf(LF) + 1
    if (end > 0) {
      const block = Buffer.concat([...rest, chunk.subarray(0, end)])
      yield block
      line += countLines(block)
      rest = []
      waiting = 0
    }
    if (end < chunk.length) rest.push(chunk.subarray(end))
    waiting += chunk.length - end
    if (waiting > 4 * about.maxLine) {
      throw about.invalid({ line, column: 1 }, `has a line of more than ${about.maxLine} characters`)
    }
  }
  if (waiting > 0) yield Buffer.concat(rest)
}

/** The first block that is not ASCII together with what follows it, so that the encoding is decided on enough of them. */
async function* samples(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let sample: Uint8Array[] | undefined = []
  let size = 0
  for await (const block of blocks) {
    if (sample === undefined || (size === 0 && isAscii(block))) {
      yield block
      continue
    }
    sample.push(block)
    size += block.length
    if (size < SAMPLE) continue
    yield Buffer.concat(sample)
    sample = undefined
  }
  if (sample !== undefined && size > 0) yield Buffer.concat(sample)
}

const LF = 0x0a

function withoutMark(block: Uint8Array, about: Text): Uint8Array {
  const [a, b, c] = block
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw about.invalid({ line: 1, column: 1 }, 'is UTF-16; save it as UTF-8')
  }
  return a === 0xef && b === 0xbb && c === 0xbf ? block.subarray(3) : block
}

/**
 * CP932 where it is not UTF-8, unless it looks like UTF-8 that was damaged: one lost byte must not turn a whole list into
 * other characters, and most texts in UTF-8 can be read as CP932 with a little luck.
 */
function encodingOf(block: Uint8Array): Encoding {
  if (isUtf8(block)) return 'utf-8'
  let damaged = 0
  let whole = 0
  for (const character of new TextDecoder().decode(block)) {
    if (character === REPLACEMENT) damaged++
    else if (character >= '\u0800') whole++
  }
  return whole > 0 && whole >= damaged ? 'utf-8' : 'shift_jis'
}

const REPLACEMENT = '\ufffd'

function decoded(block: Uint8Array, encoding: Encoding, about: Text, line: number): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(block)
  } catch {
    throw undecodable(block, encoding, about, line)
  }
}

function undecodable(block: Uint8Array, encoding: Encoding, about: Text, first: number): Error {
  const strict = new TextDecoder(encoding, { fatal: true, ignoreBOM: true })
  let line = first
  for (let start = 0; start < block.length; line++) {
    const end = block.indexOf(LF, start)
    const bytes = block.subarray(start, end < 0 ? block.length : end)
    try {
      strict.decode(bytes)
    } catch {
      const column = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes).indexOf(REPLACEMENT) + 1
      const what = encoding === 'utf-8' ? 'is not UTF-8 here' : 'is neither UTF-8 nor CP932'
      return about.invalid({ line, column }, `${what}; save it as UTF-8`)
    }
    start = end < 0 ? block.length : end + 1
  }
  return about.invalid({ line, column: 1 }, 'cannot be decoded; save it as UTF-8')
}

/** NUL, which no text of PostgreSQL holds, and the escapes of ISO-2022-JP, whose bytes all are ASCII. */
function refuseForeign(text: string, about: Text, first: number): void {
  const offset = text.search(about.refuseNul ? FOREIGN : ESCAPE)
  if (offset < 0) return
  const before = text.slice(0, offset)
  const place = { line: first + before.split('\n').length - 1, column: offset - before.lastIndexOf('\n') }
  const what = text[offset] === '\0' ? 'is a NUL character' : 'is an escape of ISO-2022-JP'
  throw about.invalid(place, `${what}; save it as UTF-8`)
}

// eslint-disable-next-line no-control-regex -- it is what is looked for
const FOREIGN = /\0|\x1b[$(]/u

// eslint-disable-next-line no-control-regex -- the same
const ESCAPE = /\x1b[$(]/u

function countLines(block: Uint8Array): number {
  let count = 0
  for (let at = block.indexOf(LF); at >= 0; at = block.indexOf(LF, at + 1)) count++
  return count
}
