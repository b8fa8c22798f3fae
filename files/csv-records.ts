import type { Place } from '../core/target-list.js'

const [TAB, LF, CR, QUOTE] = [0x09, 0x0a, 0x0d, 0x22]

/** A record: its texts, and the line and, where they are wanted, the columns where they begin. */
export interface CsvRecord {
  readonly line: number
  readonly texts: readonly string[]
  readonly columns: readonly number[]
}

/** What keeps a record from being read. An `unclosed` quote may be closed by the text that follows. */
export interface CsvProblem {
  readonly kind: 'quote' | 'unclosed' | 'long'
  readonly place: Place
  readonly message: string
}

export interface CsvText {
  readonly text: string
  readonly delimiter: string
  /** The line at which the text begins. */
  readonly line: number
  /** The longest record, in characters. */
  readonly maxRecord: number
  /** Whether it is told in which columns the texts begin, which costs a fifth of the time. */
  readonly columns?: boolean
  readonly fault: (problem: CsvProblem) => Error
}

/** Reads records one after the other, and knows where each value stands, which libraries for CSV do not tell. */
export class CsvRecords {
  readonly #text: string
  readonly #delimiter: number
  readonly #maxRecord: number
  readonly #columns: boolean
  readonly #fault: (problem: CsvProblem) => Error
  #at = 0
  #line: number
  #lineStart = 0
  /** Where the record begins that is read, or was read last. */
  #start = { at: 0, line: 0 }

  constructor({ text, delimiter, line, maxRecord, columns = false, fault }: CsvText) {
    this.#text = text
    this.#delimiter = delimiter.charCodeAt(0)
    this.#line = line
    this.#maxRecord = maxRecord
    this.#columns = columns
    this.#fault = fault
  }

  /** The line behind the records that were read. */
  get line(): number {
    return this.#line
  }

  /** The next record that is no empty line. @throws what `fault` makes of a problem */
  next(): CsvRecord | undefined {
    while (this.#endOfLine());
    if (this.#at >= this.#text.length) return undefined
    const [start, line] = [this.#at, this.#line]
    this.#start = { at: start, line }
    const texts: string[] = []
    const columns: number[] = []
    do {
      if (this.#columns) columns.push(this.#at - this.#lineStart + 1)
      texts.push(this.#text.charCodeAt(this.#at) === QUOTE ? this.#quoted() : this.#unquoted())
    } while (this.#delimited())
    if (this.#at - start > this.#maxRecord) {
      const message = `is a record of more than ${this.#maxRecord} characters`
      throw this.#fault({ kind: 'long', place: { line, column: 1 }, message })
    }
    return { line, texts, columns }
  }

  /** What begins with the record that could not be read, and the line where that begins. */
  rest(): { readonly text: string; readonly line: number } {
    return { text: this.#text.slice(this.#start.at), line: this.#start.line }
  }

  /** Passes over the line on which the record begins that could not be read. */
  skipLine(): void {
    const { at, line } = this.#start
    const end = this.#text.indexOf('\n', at)
    this.#at = end < 0 ? this.#text.length : end + 1
    this.#line = end < 0 ? line : line + 1
    this.#lineStart = this.#at
  }

  /** Behind a value: whether another follows in the record. */
  #delimited(): boolean {
    const code = this.#text.charCodeAt(this.#at)
    if (code === this.#delimiter) {
      this.#at++
      return true
    }
    this.#endOfLine()
    return false
  }

  #endOfLine(): boolean {
    const code = this.#text.charCodeAt(this.#at)
    if (code !== CR && code !== LF) return false
    this.#at += code === CR && this.#text.charCodeAt(this.#at + 1) === LF ? 2 : 1
    this.#newLine(this.#at)
    return true
  }

  #unquoted(): string {
    const start = this.#at
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at)
      if (code > QUOTE && code !== this.#delimiter) continue
      if (code === this.#delimiter || code === LF || code === CR) break
      if (code === QUOTE)
        throw this.#misplaced('quote', 'is a quote within a text that does not begin with one')
    }
    return this.#text.slice(start, this.#at)
  }

  #quoted(): string {
    const start = this.#at + 1
    let end = this.#text.indexOf('"', start)
    let doubled = false
    while (end >= 0 && this.#text.charCodeAt(end + 1) === QUOTE) {
      doubled = true
      end = this.#text.indexOf('"', end + 2)
    }
    if (end < 0) throw this.#misplaced('unclosed', 'is a quote that is not closed')
    const text = this.#text.slice(start, end)
    if (text.includes('\n') || text.includes('\r'))
      for (const { index, 0: lineEnd } of text.matchAll(LINE_END))
        this.#newLine(start + index + lineEnd.length)
    this.#at = end + 1
    const code = this.#text.charCodeAt(this.#at)
    if (this.#at < this.#text.length && code !== this.#delimiter && code !== CR && code !== LF)
      throw this.#misplaced('quote', 'is behind the closing quote of its text')
    return doubled ? text.replaceAll('""', '"') : text
  }

  #newLine(start: number): void {
    this.#line++
    this.#lineStart = start
  }

  #misplaced(kind: CsvProblem['kind'], message: string): Error {
    const place = { line: this.#line, column: this.#at - this.#lineStart + 1 }
    return this.#fault({ kind, place, message })
  }
}

const LINE_END = /\r\n|\r|\n/gu

/** What separates the values: a comma, a tab or a semicolon, whichever the first line has first outside of quotes, a semicolon last. */
export function delimiterOf(text: string): ',' | '\t' | ';' {
  let quoted = false
  let semicolon = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) quoted = !quoted
    else if (quoted) continue
    else if (code === TAB) return '\t'
    else if (text[at] === ',') return ','
    else if (text[at] === ';') semicolon = true
    else if (code === LF || code === CR) break
  }
  return semicolon ? ';' : ','
}
