import { readHeaders } from '../core/header-words.js'
import type { ListEntry, Place, Remark } from '../core/target-list.js'
import { entryOf, mendable } from './entry.js'
import { AS_TEXT, NAMED_COLUMNS, QUOTED } from './list-remedies.js'
import type { FormatOptions } from './list.js'

/** Why a cell is no text. */
export interface Fault {
  readonly message: string
  /** Whether it is exact enough for a note. */
  readonly note: boolean
}

/** A row of a table: the texts of its cells, and the column where each begins. */
export interface Row {
  readonly line: number
  readonly texts: readonly string[]
  readonly columns: readonly number[]
  /** Why a cell is no text, by its index. */
  readonly faults?: ReadonlyMap<number, Fault>
}

interface Options {
  /** Whether an apostrophe before a header says that one before a value only keeps spreadsheets from changing it. */
  readonly guarded: boolean
  /** Whether a row of more cells than the first was split where it should not be. */
  readonly strict: boolean
}

interface Layout {
  readonly key: readonly number[]
  readonly note: number | undefined
  readonly guarded: readonly boolean[]
  readonly width: number
}

/** Understands the rows of a table, with a line of headers or without. */
export class TableRows {
  readonly #remarks: Remark[] = []
  /** Columns that hold something and are not read, by index. */
  readonly #unread = new Map<number, string>()
  readonly #about: FormatOptions
  readonly #options: Options
  #layout: Layout | undefined

  constructor(about: FormatOptions, options: Options) {
    this.#about = about
    this.#options = options
  }

  /** Whether any row was seen. */
  get started(): boolean {
    return this.#layout !== undefined
  }

  get remarks(): readonly Remark[] {
    if (this.#unread.size === 0) return this.#remarks
    const told = [...this.#unread.values()].slice(0, 20).join(', ')
    return [
      ...this.#remarks,
      { kind: 'columns', text: `columns not read: ${told} / 読まなかった列: ${told}` },
    ]
  }

  /** @throws SyncError LIST_INVALID */
  entry(row: Row): ListEntry | undefined {
    if (row.texts.every((text) => text.trim() === '') && !row.faults?.size) return undefined
    if (this.#layout !== undefined) return this.#read(row, this.#layout)
    const { layout, headers } = this.#understand(row)
    this.#layout = layout
    return headers ? undefined : this.#read(row, layout)
  }

  #understand(row: Row): { readonly layout: Layout; readonly headers: boolean } {
    const { columns, uri } = this.#about
    const guarded = row.texts.map((text) => this.#options.guarded && text.startsWith(GUARD))
    const words = row.texts.map((text, index) => (guarded[index] === true ? text.slice(1) : text))
    const found = readHeaders(words, columns)
    if (found.kind === 'unclear') throw mendable(uri, placeOf(row, found.index), found.message, NAMED_COLUMNS)
    const width = row.texts.length
    if (found.kind === 'headers') {
      const layout = { ...found, guarded, width }
      this.#noteUnread(words, layout)
      return { layout, headers: true }
    }
    const names = [...columns, 'note'].slice(0, Math.max(width, columns.length)).join(', ')
    this.#remarks.push({
      kind: 'headers',
      text: `no headers: the columns are taken for ${names} / 見出しがないため、列を順に ${names} として読みました`,
    })
    const key = columns.map((_, index) => index)
    return { layout: { key, note: columns.length, guarded: [], width }, headers: false }
  }

  #noteUnread(texts: readonly string[], { key, note }: Layout): void {
    if (texts.length <= key.length) return
    for (const [index, text] of texts.entries()) {
      if (text === '' || index === note || key.includes(index) || this.#unread.has(index)) continue
      this.#unread.set(index, this.#layout === undefined ? text : `#${index + 1}`)
    }
  }

  #read(row: Row, layout: Layout): ListEntry {
    const { uri } = this.#about
    const { key, note, guarded, width } = layout
    const text = (index: number): string => {
      const fault = row.faults?.get(index)
      if (fault !== undefined && !(fault.note && index === note))
        throw mendable(uri, placeOf(row, index), fault.message, AS_TEXT)
      const value = row.texts[index] ?? ''
      return guarded[index] === true && value.startsWith(GUARD) ? value.slice(1) : value
    }
    if (this.#options.strict && row.texts.length > width) {
      const extra = row.texts.findIndex((value, index) => index >= width && value !== '')
      const message = `is one value more than the first line has; quote a text that holds what separates values`
      if (extra >= 0) throw mendable(uri, placeOf(row, extra), message, QUOTED)
    }
    this.#noteUnread(row.texts, layout)
    const values = key.map(text)
    return entryOf(values, note === undefined ? null : text(note), placeOf(row, key[0] ?? 0), this.#about)
  }
}

export const GUARD = "'"

function placeOf(row: Row, index: number): Place {
  return { line: row.line, column: row.columns[index] ?? (row.columns.at(-1) ?? 0) + 1 }
}
