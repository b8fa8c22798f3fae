/**
 * The text of a scalar that begins at `from` and ends with its line, but for a comment.
 * Undefined where it is not as plain as that; the library reads it then.
 */
export function readScalar(line: string, from: number): string | undefined {
  switch (line[from]) {
    case undefined:
    case '#':
      return ''
    case '"':
      return readDouble(line, from)
    case "'":
      return readSingle(line, from)
    default:
      return readPlain(line, from)
  }
}

/** What a plain scalar may not begin with, or begins with only before certain characters. */
const INDICATORS = new Set('-?:,[]{}&*!|>%@`')

function readPlain(line: string, from: number): string | undefined {
  if (INDICATORS.has(line[from] ?? '')) return undefined
  const comment = line.indexOf(' #', from)
  let end = comment < 0 ? line.length : comment
  while (line.charCodeAt(end - 1) === 0x20) end--
  const text = line.slice(from, end)
  return text.includes(': ') || text.endsWith(':') ? undefined : text
}

function readSingle(line: string, from: number): string | undefined {
  SINGLE.lastIndex = from
  const text = SINGLE.exec(line)?.[1]
  return text?.replaceAll("''", "'")
}

const SINGLE = /'((?:[^']|'')*)' *(?: #.*)?$/uy

function readDouble(line: string, from: number): string | undefined {
  DOUBLE.lastIndex = from
  const text = DOUBLE.exec(line)?.[1]
  return text?.includes('\\') === true ? unescape(text) : text
}

const DOUBLE = /"((?:[^"\\]|\\.)*)" *(?: #.*)?$/uy

function unescape(text: string): string | undefined {
  const unknown: string[] = []
  const plain = text.replaceAll(ESCAPE, (_, x?: string, u?: string, long?: string, other?: string) => {
    const hex = x ?? u ?? long
    const code = hex === undefined ? undefined : Number.parseInt(hex, 16)
    if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code)
    const meant = other === undefined ? undefined : MEANT.get(other)
    if (meant === undefined) unknown.push(other ?? '')
    return meant ?? ''
  })
  return unknown.length === 0 ? plain : undefined
}

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gu

const MEANT: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ['"', '"'],
  ['/', '/'],
  [' ', ' '],
  ['0', '\0'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['e', '\u001b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
])
