import { MAX_TEXT } from './list.js'

/**
 * One entry of the list, or what stands between: its lines as they are, with their ends.
 * An entry holds what follows it, blank lines and comments, until the next begins.
 */
export interface Cut {
  readonly kind: 'head' | 'entry' | 'end'
  /** Of its first line. */
  readonly line: number
  readonly lines: readonly string[]
}

/** A line that cannot stand where it does. */
export interface Misplaced {
  readonly kind: 'misplaced'
  readonly line: number
  readonly column: number
  readonly message: string
}

/**
 * Cuts the plain form of a list into its entries, line by line:
 *
 *     sync_targets:
 *       - medical_id: 123456
 *         note: "…"
 *
 * All that belongs to an entry is indented more than its dash, whatever it is; so each entry can be understood by itself,
 * and a long list need not be held in memory. Another form of the same list (`sync_targets: [...]`) is not cut.
 */
export class Cutter {
  /** How far the dashes are indented, once the first was seen. */
  dash: number | undefined
  #state: 'head' | 'named' | 'body' | 'end' = 'head'
  #line = 0
  #first = 1
  #held: string[] = []
  #size = 0
  #marked = false

  /** @returns what was completed by the line, or `other` where this is not the plain form, before any entry */
  push(text: string): Cut | Misplaced | 'other' | undefined {
    this.#line++
    const line = withoutEnd(text)
    const indent = indentOf(line)
    if (indent === line.length || line[indent] === '#') return this.#hold(text)
    if (line[indent] === '\t' && TABS.test(line)) return this.#hold(text)
    switch (this.#state) {
      case 'head':
        return this.#head(text, line)
      case 'named':
        if (!isDash(line, indent)) return line.startsWith('...') ? this.#ends(text, line, indent) : 'other'
        this.dash = indent
        this.#state = 'body'
        return this.#cut('head', text)
      case 'body':
        if (indent > (this.dash ?? 0)) return this.#hold(text)
        if (indent === this.dash && isDash(line, indent)) return this.#cut('entry', text)
        return this.#ends(text, line, indent)
      case 'end':
        return misplaced(this.#line, indent, 'stands behind the end of the list')
    }
  }

  /** What is still held when the text ends. */
  end(): Cut | 'other' {
    if (this.#state === 'head') return 'other'
    const kind = this.#state === 'body' ? 'entry' : this.#state === 'named' ? 'head' : 'end'
    return { kind, line: this.#first, lines: this.#held }
  }

  #head(text: string, line: string): Misplaced | 'other' | undefined {
    if (LIST.test(line)) this.#state = 'named'
    else if (!this.#marked && MARK.test(line)) this.#marked = true
    else return 'other'
    return this.#hold(text)
  }

  #ends(text: string, line: string, indent: number): Cut | Misplaced {
    const kind = this.#state === 'body' ? 'entry' : 'head'
    this.#state = 'end'
    if (END.test(line)) return this.#cut(kind, text)
    return misplaced(this.#line, indent, whatEnds(line, indent))
  }

  #hold(text: string): Misplaced | undefined {
    this.#held.push(text)
    this.#size += text.length
    if (this.#size <= MAX_TEXT) return undefined
    return misplaced(
      this.#line,
      0,
      `is part of an entry, or of comments, of more than ${MAX_TEXT} characters`,
    )
  }

  #cut(kind: 'head' | 'entry', next: string): Cut {
    const cut: Cut = { kind, line: this.#first, lines: this.#held }
    this.#held = [next]
    this.#size = next.length
    this.#first = this.#line
    return cut
  }
}

function misplaced(line: number, indent: number, message: string): Misplaced {
  return { kind: 'misplaced', line, column: indent + 1, message }
}

const TABS = /^ *\t[\t ]*$/u
const LIST = /^sync_targets:(?: +#.*| *)$/u
const MARK = /^---(?: +#.*| *)$/u
const END = /^\.\.\.(?: +#.*| *)$/u

function whatEnds(line: string, indent: number): string {
  if (line.startsWith('---')) return 'begins a second document; a list is one'
  if (line.includes('\t')) return 'is indented by a tab, or not as the entries are'
  if (indent === 0 && line.includes(':')) return 'is a key that is not known; a list has sync_targets alone'
  return 'is not indented as the entries are'
}

/** A line without its LF or CR LF. */
export function withoutEnd(text: string): string {
  if (!text.endsWith('\n')) return text
  return text.slice(0, text.endsWith('\r\n') ? -2 : -1)
}

export function indentOf(line: string): number {
  let indent = 0
  while (line.charCodeAt(indent) === 0x20) indent++
  return indent
}

function isDash(line: string, indent: number): boolean {
  return line[indent] === '-' && (line.length === indent + 1 || line[indent + 1] === ' ')
}
