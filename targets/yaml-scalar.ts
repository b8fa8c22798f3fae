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
  let end = line.indexOf("'", from + 1)
  while (end >= 0 && line[end + 1] === "'") end = line.indexOf("'", end + 2)
  if (end < 0 || !endsAfter(line, end)) return undefined
  return line.slice(from + 1, end).replaceAll("''", "'")
}

function readDouble(line: string, from: number): string | undefined {
  let end = line.indexOf('"', from + 1)
  const escape = line.indexOf('\\', from + 1)
  const escaped = escape >= 0 && escape < end
  if (escaped) {
    for (end = escape; end < line.length && line[end] !== '"'; end++) if (line[end] === '\\') end++
  }
  if (end < 0 || end >= line.length || !endsAfter(line, end)) return undefined
  const text = line.slice(from + 1, end)
  return escaped ? unescape(text) : text
}

/** Whether nothing but blanks and a comment follow the closing quote. */
function endsAfter(line: string, quote: number): boolean {
  return quote + 1 === line.length || REST.test(line.slice(quote + 1))
}

const REST = /^ *(?: #.*)?$/u

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
